"""Excel on Windows: functions and buttons through xlwings, and the add-in that carries them."""
