"""The primaries on disk: what people changed by hand, what is missing in them, writing it.

How a workbook is changed without touching the rest is `workbook/patch/`.
"""
