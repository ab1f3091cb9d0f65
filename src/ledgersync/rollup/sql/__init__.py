"""The SQL that ledger files bring: data from outside, parsed and checked before anything runs."""
