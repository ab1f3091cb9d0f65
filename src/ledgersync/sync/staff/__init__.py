"""Who works here, and how work passes from one to another."""
