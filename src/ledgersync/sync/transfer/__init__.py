"""Work passes from one person to another: people leave, grids move, names change.

Who works here is `staff/`.
"""
