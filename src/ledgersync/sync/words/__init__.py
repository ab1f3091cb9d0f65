"""The unit's own words: what comes back often is offered once, accepted, and understood.

Words that every unit understands are in a ledger's TOML.
"""
