"""The work summary as a Word document: official layout, bookmarks, an office's own template."""
