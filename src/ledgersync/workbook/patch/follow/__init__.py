"""What follows when rows move: formulas, ranges, tables, names, drawings, print areas."""
