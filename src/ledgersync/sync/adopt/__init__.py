"""The way in: an office's own workbooks shown as what they would become, and taken over."""
