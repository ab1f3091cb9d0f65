"""The year's turn: what ended rests in an archive that is still part of the ledger."""
