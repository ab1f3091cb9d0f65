"""What the cells of a list tell: days, sums, ticks."""
