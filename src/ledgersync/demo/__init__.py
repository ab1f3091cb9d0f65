"""Synthetic communities: people who do not exist, in ledgers that look like real ones."""
