"""Messy workbooks with the reading that is expected of them.

`render` writes a workbook in one of many layouts and says what `ledgersync read` must see in it;
`compare` holds a reading against an expectation; `score` prints how good a reader is.
"""
