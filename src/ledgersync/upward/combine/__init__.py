"""A roll-up over packages, folders and both."""
