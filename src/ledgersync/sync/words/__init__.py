"""The unit's own words: what comes back often is offered once, accepted, and understood."""
