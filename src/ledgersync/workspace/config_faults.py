"""What is wrong in `ledgersync.toml`, in words: where it stands, and what may stand there."""

from ledgersync.declared import DeclarationFault
from ledgersync.messages import Message, literal, message
from ledgersync.schema.faults import reason_words

_LISTS = {"units": "unit"}  # what a key of ours is called in the file


def fault_words(fault: DeclarationFault) -> Message:
    """The first thing that is wrong: its place in the file, what is there, what should be."""
    place, reason = _place(fault.keys), reason_words(fault)
    return message("{place}{reason}", place=place, reason=reason)


def _place(path: tuple[int | str, ...]) -> Message:
    """`[[staff]] 第 2 个的 name`, `[rules] 的 reserved_rows`."""
    if not path:
        return message("内容")
    top, *rest = path
    name = _LISTS.get(str(top), str(top))
    if rest and isinstance(rest[0], int):
        number, *rest = rest
        place = message("[[{name}]] 第 {number} 个", name=name, number=int(number) + 1)
    else:
        place = literal(*[f"[{name}]" if rest else name] * 2)
    if not rest:
        return message("{place} ", place=place)
    within = ".".join(str(k) for k in rest)
    return message("{place}的 {within} ", place=place, within=within)
