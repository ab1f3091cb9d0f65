"""What stands in two units at once, found by keyed hashes, told to both without an id."""
