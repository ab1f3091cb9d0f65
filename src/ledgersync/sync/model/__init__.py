"""What passes through a merge: submissions, their base, merged tables.

Pure shapes, put together from what was read. What they are compared with is chosen in `intake/`.
"""
