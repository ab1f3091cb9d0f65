"""An office's own workbook understood: what a sheet is, which field a column holds, where rows go.

Nothing is changed here. Sheets are laid over the tables of one ledger by header *and* content;
shapes that no template has (households over member rows, months as columns, several lists beside
each other) are taken apart into records; whatever is not certain becomes a question.
"""
