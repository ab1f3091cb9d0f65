"""Columns that people added, and how what was stored once reads today.

Bringing the journal itself up to date is `migration/`.
"""
