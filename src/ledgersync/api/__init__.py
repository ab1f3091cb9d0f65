"""The Python API: what `ledgersync.read`, `open`, `check` and `to_workbook` are made of.

The face is `ledgersync` itself, which loads this when something is asked for.
"""
