"""The bytes of a sheet read: cells, rows, references, and what is to be changed in them.

Nothing is written here.
"""
