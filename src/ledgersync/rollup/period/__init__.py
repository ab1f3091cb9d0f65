"""Periods: months from a first to a last, and how people write them."""
