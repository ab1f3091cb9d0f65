"""Bytes of any spreadsheet or text format as plain grids of raw cells."""
