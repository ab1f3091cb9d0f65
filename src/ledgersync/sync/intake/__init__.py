"""From the inbox to the journal: which files are submissions, their base, their merge, their commit.

What a file format holds belongs to `workbook`, what two rows come to when merged to `merge`.
"""
