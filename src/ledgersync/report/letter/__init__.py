"""The work summary: what it says (`compose`), and what of it is a person's."""
