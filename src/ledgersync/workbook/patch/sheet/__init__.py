"""One worksheet part: planned, landed, and written out again.

Reading its bytes is `scan/`; what lies outside the sheet is `whole/`.
"""
