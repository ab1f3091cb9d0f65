"""What is wrong in `ledgersync.toml`, in words: where it stands, and what may stand there."""

from pydantic import ValidationError

from ledgersync.errors import Message
from ledgersync.schema.faults import reason_words

_LISTS = {"units": "unit"}  # what a key of ours is called in the file


def fault_words(error: ValidationError) -> Message:
    """The first thing that is wrong: its place in the file, what is there, what should be."""
    first = error.errors()[0]
    place, reason = _place(first["loc"]), reason_words(first)
    return Message(f"{place.zh}{reason.zh}", f"{place.en} {reason.en}")


def _place(path: tuple[int | str, ...]) -> Message:
    """`[[staff]] 第 2 个的 name`, `[rules] 的 reserved_rows`."""
    if not path:
        return Message("内容", "it")
    top, *rest = path
    name = _LISTS.get(str(top), str(top))
    if rest and isinstance(rest[0], int):
        number = rest[0] + 1
        zh, en = f"[[{name}]] 第 {number} 个", f"[[{name}]] number {number}"
        rest = rest[1:]
    else:
        zh = en = f"[{name}]" if rest else name
    within = ".".join(str(k) for k in rest)
    return Message(f"{zh}的 {within} " if within else f"{zh} ", f"{en}, {within}" if within else en)
