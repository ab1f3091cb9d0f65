"""From the inbox to the journal: submissions, their base, merge and commit.

What a file format holds belongs to `workbook/`, what two rows come to when merged to `merge/`.
"""
