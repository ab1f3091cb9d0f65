"""LedgerSync: community ledgers kept in Excel, checked, merged and rolled up."""

__version__ = "0.1.0"
