"""The whole workbook patched: sheets, what refers to them, new sheets, and the proof at the end.

One worksheet is `sheet/`; the public functions are those of `workbook.patch`.
"""
