"""Who works here, and which records are theirs.

How work passes from one to another is `transfer/`.
"""
