"""What the program says to people: Chinese in the code, English in a gettext catalogue.

The value that a sentence is, and the look-up of its translation. No sentence stands here: each
stands where it is said.
"""

from ledgersync.messages.message import Message, counted, listed, literal, message

__all__ = ["Message", "counted", "listed", "literal", "message"]
