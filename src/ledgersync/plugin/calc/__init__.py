"""LibreOffice: the functions and buttons as one extension (`.oxt`) that needs nothing else."""
