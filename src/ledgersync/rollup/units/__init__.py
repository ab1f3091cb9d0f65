"""Units: which there are, whose rows count under whom, in which folders they lie."""
