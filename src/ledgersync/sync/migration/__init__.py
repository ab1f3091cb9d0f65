"""What the ledgers, headers and lists of today make of what the journal holds.

Journals of earlier versions of the program are `journal/database/migrations.py`.
"""
