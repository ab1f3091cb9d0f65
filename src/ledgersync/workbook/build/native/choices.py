"""Choices, several choices and yes/no: the same words that `ledgersync.values.choices` knows."""

from collections.abc import Iterable

from ledgersync.schema import FieldSchema
from ledgersync.values.choices import BOOL_WORDS, MARKS_BEFORE, MARKS_BEHIND, STOPS, undressed
from ledgersync.values.text import squeeze
from ledgersync.workbook.build.expr import END, among, replaced, squeezed, text
from ledgersync.workbook.build.native.field import NativeField

_SEPARATORS = ("、", "，", ",", "；", ";", "/", "／", " ", "　", "\u00a0")
_PER_NAME = 25  # Excel nests 64 functions at most
_QUOTES = ("'", '"', "“", "”")
_APART = "¦"
WRONG_CHOICE = "不在可选值内，请从下拉列表中选"
WRONG_BOOL = "应填“是”或“否”"


def words_of(field: FieldSchema) -> list[str]:
    """Every word that is understood, as it is compared: half-width, upper case, no blanks."""
    return [word for group in groups_of(field) for word in group]


def groups_of(field: FieldSchema) -> list[list[str]]:
    """The words of each choice, those that mean one thing together."""
    known: set[str] = set(_spelled(field.choices))
    groups = []
    for value, synonyms in field.choices.items():
        own = [word for word, meant in field.words.items() if meant == value]
        held = [word for word, meant in field.withheld.items() if meant.read_as == value]
        more = [w for w in _spelled((*synonyms, *held, *own)) if w not in known]
        groups.append([*_spelled((value,)), *more])
        known.update(more)
    others = [word for word in _spelled(field.withheld) if word not in known]
    return [*groups, others] if others else groups


def _spelled(words: Iterable[str]) -> list[str]:
    """As they are compared; Ⅰ is I once it is folded, which formulas leave as it is."""
    forms = [form for word in words for form in (squeeze(word), "".join(word.split()))]
    forms += [bare for form in forms if (bare := undressed(form))]
    return list(dict.fromkeys(form.upper() for form in forms))


def _known(field: FieldSchema) -> str:
    """The words as one text: `"|入户|走访|¦|电话|"`."""
    return text("|" + f"|{_APART}|".join("|".join(group) for group in groups_of(field)) + "|")


def group_of(word: str, known: str) -> str:
    """Which choice a word means, counted from the last; an error where none."""
    rest = f'MID({known},FIND("|"&{word}&"|",{known}),9999)'
    return f'LEN({rest})-LEN(SUBSTITUTE({rest},"{_APART}",""))'


def mark_text(cell: str) -> str:
    """As a word is compared, without quotes and marks around it; a bar is in no word."""
    return _undressed(_bare(cell), MARKS_BEFORE, MARKS_BEHIND)


def truth_text(cell: str) -> str:
    """The same for yes and no, where a tick is a word of its own."""
    return _undressed(_bare(cell), (), STOPS)


def _bare(cell: str) -> str:
    return replaced(f'SUBSTITUTE({squeezed(cell)},"|","?")', _QUOTES)


def _undressed(word: str, before: Iterable[str], behind: Iterable[str]) -> str:
    """Without one mark before and one behind it.

    With a sign at both ends, so that each mark is taken away where it stands, and only there.
    """
    ended = replaced(f'"{END}"&{word}&"{END}"', (END + mark for mark in before))
    return replaced(ended, (*(mark + END for mark in _half_width(behind)), END))


def _half_width(marks: Iterable[str]) -> Iterable[str]:
    """What `ASC` leaves of them, which some programs make half-width and others do not."""
    return (mark for mark in marks if mark not in "．；，！")


def choice_fault(native: NativeField) -> str:
    known = native.define("w", _known(native.schema))
    return f'IF({among(f"UPPER({native.clean})", known)},"",{native.says(WRONG_CHOICE)})'


def bool_fault(native: NativeField) -> str:
    own = [w for w, v in native.schema.words.items() if v in ("是", "否")]
    words = [*sorted(BOOL_WORDS), *(squeeze(word).upper() for word in own)]
    known = native.define("w", text("|" + "|".join(words) + "|"))
    return f'IF({among(f"UPPER({native.clean})", known)},"",{native.says(WRONG_BOOL)})'


def _each_undressed(words: str) -> str:
    """The same marks around each of the words between bars."""
    before = replaced(words, (f"|{mark}" for mark in MARKS_BEFORE), "|")
    return replaced(before, (f"{mark}|" for mark in _half_width(MARKS_BEHIND)), "|")


def choices_fault(native: NativeField) -> str:
    """Each word between separators is taken away where it is known; nothing may be left.

    Some words are looked for at a time, since LibreOffice takes no deeper nesting: what is left of
    each of `n` times is all the text `n - 1` times.
    """
    words = words_of(native.schema)
    known = native.define("w", text("|" + "|".join(words) + "|"))
    # A line feed separates too, and CLEAN would glue the words around it together.
    no_bars = replaced(native.cell, ("|", "｜"), "?")
    bare = replaced(f'SUBSTITUTE({no_bars},CHAR(10),"||")', _QUOTES)
    separated = replaced(bare, _SEPARATORS, "||")
    parts = native.define("s", _each_undressed(f'"|"&UPPER(ASC({separated}))&"|"'))
    left = []
    for n, start in enumerate(range(0, len(words), _PER_NAME)):
        chunk = [f"|{word}|" for word in words[start : start + _PER_NAME]]
        left.append(native.define(f"r{n}", f"LEN({replaced(parts, (*chunk, '|'))})"))
    whole = among(f"UPPER({native.clean})", known)
    typed = native.define("m", f'LEN(SUBSTITUTE({parts},"|",""))')
    nothing_left = f"{'+'.join(left)}={len(left) - 1}*{typed}"
    each = f'IF(AND({nothing_left},{typed}>0),"",{native.says(WRONG_CHOICE)})'
    return f'IF({whole},"",{each})'
