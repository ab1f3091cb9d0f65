"""The year's turn: what ended rests in an archive that is still part of the ledger.

Which marks the journal keeps is `journal/years.py`.
"""
