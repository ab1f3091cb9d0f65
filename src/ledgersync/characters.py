"""Characters that nobody sees: for regular expressions of what is dropped or counts as a blank.

Format characters and fillers come along when text is copied from pages, chats and PDFs; two keys
that differ by one of them look the same to everybody.
"""

# Direction marks and isolates, zero-width and joining characters, soft hyphens, variation
# selectors, Hangul fillers, tags, annotations, object replacement, control characters.
INVISIBLE = (
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5"
    "\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0"
    "\ufff0-\ufffc\U000e0000-\U000e0fff"
)
# Between signs of emoji they join what is seen as one.
JOINING = "\u200d\ufe0e\ufe0f"
# What `\s` finds.
BLANK = "\t-\r\x1c-\x20\x85\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"


def each_of(ranges: str) -> str:
    """The characters of ranges as above, up to U+FFFF."""
    found: list[str] = []
    for sign in ranges:
        if found and found[-1] == "-":
            found.pop()
            first = ord(found.pop())
            found += map(chr, range(first, min(ord(sign), 0xFFFF) + 1))
        else:
            found.append(sign)
    return "".join(one for one in found if one <= "\uffff")
