"""Several things numbered in one cell: `1.路灯不亮；2.楼道堆物`."""

import re
from collections.abc import Sequence

_MARK = re.compile(
    r"(?:^|(?<=[\s；;。，,、\n])|(?<=[\u4e00-\u9fff])(?<![楼栋幢号室层组第]))"
    r"[(（]?(\d{1,2})[)）]?[.．、:：)）](?!\d)|([①-⑳])"
)
_NONE = frozenset(
    {
        "",
        *("无", "没有", "暂无", "无问题", "没有问题", "无诉求", "暂无诉求"),
        *("未反映问题", "无反映", "均无", "未反映", "暂未反映", "无意见", "正常"),
        *("一切正常", "无异常", "/", "-", "—", "——", "没有反映问题"),
        *("无需求"),
    }
)
_ENDS = " \t\n；;，,、"


def parts_of(text: str) -> list[str]:
    """The things of a cell, one where it has no numbers from 1 upwards."""
    marks = [(m.start(), m.end(), _number(m)) for m in _MARK.finditer(text)]
    if [n for _, _, n in marks] != list(range(1, len(marks) + 1)) or len(marks) < 2:
        return [text]
    starts = [end for _, end, _ in marks]
    ends = [*(start for start, _, _ in marks[1:]), len(text)]
    if text[: marks[0][0]].strip(_ENDS):
        return [text]
    return [text[a:b].strip(_ENDS) for a, b in zip(starts, ends, strict=True)]


def _number(mark: re.Match[str]) -> int:
    return int(mark[1]) if mark[1] else ord(mark[2]) - ord("①") + 1


def is_none(text: str) -> bool:
    """A word that says that nothing was raised."""
    return text.strip().rstrip("。.！!") in _NONE


def beside(parts: Sequence[str], text: str) -> list[str]:
    """What stands for each of the parts in another cell: its own number's, else all of it."""
    found = parts_of(text)
    return found if len(found) == len(parts) else [text] * len(parts)
