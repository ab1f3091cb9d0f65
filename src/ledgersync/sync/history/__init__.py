"""What happened, taken back and verified: the log, undo, verify."""
