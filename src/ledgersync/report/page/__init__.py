"""The page: one file to open in a browser, drawn from the same content as all other files."""
