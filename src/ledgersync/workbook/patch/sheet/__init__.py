"""One worksheet part: its rows and cells as bytes, and what is written into them."""
