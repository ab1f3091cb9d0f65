"""What people ask of the ledgers: find somebody, list those who fit, what is due this week.

Nothing here changes a record; what a list looks like on paper belongs to `workbook`.
"""
