"""Facts: a ledger's rows as columns, kept so that what was read once is not read again.

A part holds the tables of one workbook (docs/decisions/0016-a-part.md). It is never the truth:
what is missing, damaged, or made from something else is not used, and made again.
"""
