"""What a layout looks like: one `Plan` per letter, and the random choices within it.

`a`, `c`, `e`, `g` are the layouts of the field set; the others are those it leaves out:
`b` two- and three-row merged headers · `d` shifted table · `f` blank rows in the data · `o` columns
in another order · `v` several villages' sheets · `t` sub-totals · `h` hidden and filtered rows ·
`m` vertically merged keys · `s` two tables below each other · `p` two tables side by side ·
`u` a text header over the words of a choice field · `z` all of it together.
"""

from dataclasses import dataclass, replace
from random import Random

VILLAGES = ("幸福社区", "和平社区", "光明社区", "东风村", "李家湾村")


@dataclass(frozen=True, slots=True)
class Plan:
    """How one workbook is laid out; `mess` and `faults` are shares of cells."""

    letter: str
    mess: float = 0.5
    faults: float = 0.03
    title: bool = False
    caption: bool = False
    serial: bool = False
    total: str = ""  # "", above, below
    notes: bool = False
    subtotals: bool = False
    blanks: bool = False
    aliases: bool = False
    numbered: bool = False
    wrapped: bool = False
    hint: bool = False
    header_depth: int = 1
    loose_header: bool = False  # texts beside merged parents stand in one row, unmerged
    shifted: bool = False
    shuffled: bool = False
    villages: int = 1
    hidden: bool = False
    merged_keys: bool = False
    together: str = ""  # "", below, beside: two tables on one sheet
    status_in_text: bool = False
    extra_columns: bool = False
    repeated_column: bool = False
    other_sheets: tuple[str, ...] = ("Sheet9",)
    date1904: bool = False
    wrong_dimension: bool = False
    blown_up: bool = False


LAYOUTS: dict[str, Plan] = {
    "a": Plan("a", title=True, caption=True, serial=True, total="below", notes=True),
    "b": Plan("b", title=True, header_depth=2, aliases=True),
    "c": Plan("c", numbered=True, hint=True, aliases=True),
    "d": Plan("d", shifted=True, title=True, serial=True),
    "e": Plan("e", title=True, serial=True, total="above", wrapped=True, aliases=True),
    "f": Plan("f", title=True, serial=True, blanks=True, notes=True),
    "g": Plan("g", mess=0.0, faults=0.0),
    "h": Plan("h", title=True, hidden=True, serial=True),
    "m": Plan("m", title=True, serial=True, merged_keys=True),
    "o": Plan("o", shuffled=True, aliases=True, extra_columns=True, repeated_column=True),
    "p": Plan("p", together="beside", faults=0.0),
    "s": Plan("s", together="below", faults=0.0),
    "t": Plan("t", title=True, serial=True, subtotals=True, total="below"),
    "u": Plan("u", title=True, status_in_text=True, faults=0.01),
    "v": Plan("v", title=True, caption=True, villages=3, other_sheets=("Sheet2", "Sheet3")),
    "z": Plan("z"),
}


def plan_for(letter: str, rng: Random) -> Plan:
    """The plan of a letter; `b` is three rows deep now and then, `z` mixes everything."""
    plan = LAYOUTS[letter]
    if letter == "b":
        return replace(plan, header_depth=rng.choice((2, 2, 3)), loose_header=rng.random() < 0.3)
    return _everything(rng) if letter == "z" else plan


def _everything(rng: Random) -> Plan:
    """All messes in one file, each of them likely."""

    def often(share: float = 0.6) -> bool:
        return rng.random() < share

    return Plan(
        "z",
        title=often(0.8),
        caption=often(),
        serial=often(0.7),
        total=rng.choice(("", "below", "above")),
        notes=often(),
        subtotals=often(),
        blanks=often(),
        aliases=often(0.8),
        numbered=often(0.3),
        wrapped=often(0.4),
        hint=often(0.4),
        header_depth=rng.choice((1, 1, 2, 2, 3)),
        loose_header=often(0.3),
        shifted=often(0.4),
        shuffled=often(0.5),
        villages=rng.choice((1, 2, 3)),
        hidden=often(0.4),
        merged_keys=often(0.4),
        extra_columns=often(0.4),
        repeated_column=often(0.2),
        other_sheets=rng.choice((("Sheet2", "Sheet3"), ("Sheet3",), ("填表说明", "字典"))),
        date1904=often(0.15),
        wrong_dimension=often(0.15),
        blown_up=often(0.1),
    )
