"""A unit's keys: its own, whom it believes, and the key for matching across units."""
