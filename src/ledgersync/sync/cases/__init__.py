"""What waits for a person: conflicts, returned cells, held removals, and what settles them."""
