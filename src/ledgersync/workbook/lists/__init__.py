"""Workbooks of lists: those that people decide in and hand back, and those that are printed."""
