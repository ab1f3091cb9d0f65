"""What is said beside a figure: what it lacks, what cannot be compared, what jumps or is hidden."""
