"""One thing spelled in several ways: found, decided by a person, remembered for the unit."""
