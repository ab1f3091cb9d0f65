"""What stands in a package: figures, who was missing, checks, keyed hashes, rows on request."""
