"""Sheets of the summary workbook that every level has: pivot, course, and what is behind it."""
