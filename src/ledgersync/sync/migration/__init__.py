"""A ledger's file changes under the data: what that does to it, and how it comes into force."""
