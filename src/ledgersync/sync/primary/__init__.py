"""The primaries on disk: what people changed by hand, what is missing in them, writing it."""
