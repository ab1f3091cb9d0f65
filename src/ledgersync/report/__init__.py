"""What a roll-up looks like on paper: summary workbooks, work summaries, pages."""
