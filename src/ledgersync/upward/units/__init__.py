"""The units below: their list from a workbook, and the files that come from them."""
