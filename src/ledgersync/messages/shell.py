"""What is typed into a shell as one word: a folder with a space, a person's name with an '."""

import os
import re
import shlex


def quoted(text: str) -> str:
    """A word as the shell of this system takes it."""
    if os.name == "nt":
        return f'"{text}"' if re.search(r"[\s&()^%!;']", text) else text
    plain = re.fullmatch(r"[\w./\-+@%:,=]+", text)
    return text if plain else shlex.quote(text)


class Word(str):
    """A value that a gap such as `{file:sh}` shows as one word of a command."""

    __slots__ = ()

    def __format__(self, spec: str) -> str:
        return quoted(str(self)) if spec == "sh" else super().__format__(spec)


class Placeholder(str):
    """What stands for a word in `{file:sh}` (“NAME”, “the one who takes over”): shown as it is."""

    __slots__ = ()

    def __format__(self, spec: str) -> str:
        return str(self) if spec == "sh" else super().__format__(spec)
