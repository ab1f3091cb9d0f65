"""Writing a revision: the one way in which the state of any table changes.

Numbers, keys and open conflicts follow here, whoever writes. Why something is written is not known.
"""
