"""What waits for a person: conflicts, returned cells, held removals, notices; what settles them.

How they are found is `merge/`, how they are stored `journal/`; their workbooks are in `workbook/`.
"""
