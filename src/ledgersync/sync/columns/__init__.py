"""Columns that people added: carried as they are, promoted once a field of that name exists."""
