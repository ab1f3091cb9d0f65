"""Workbooks: read, patch, build and stamp; the only place that knows a file format."""
