"""What happened, taken back and verified: the log, undo, verify.

How the chain is made is `journal/`; the plan of an undo is `merge/undo.py`.
"""
