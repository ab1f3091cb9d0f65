"""Figures of a period, from the rows of communities up to street and district.

`running.run` counts; `trace` shows the rows behind a number. Indicators are
declared in the ledgers' TOML files (docs/indicators.md). The database is loaded on first use.
"""
