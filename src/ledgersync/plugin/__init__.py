"""What staff use inside the spreadsheet: functions, buttons, and the add-ins that carry them."""
