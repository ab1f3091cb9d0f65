"""`watch`: an observer and a look-around in front of the merge."""
