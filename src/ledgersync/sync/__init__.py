"""The use cases: create, issue, merge, decide, undo, verify. Each works on an open `Session`."""
