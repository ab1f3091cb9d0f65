"""Kinds of report: which period each has, and what its file is called."""

from ledgersync.errors import UsageFault
from ledgersync.messages import Message, literal, message
from ledgersync.rollup.period.months import Period

KINDS = ("月报", "季报", "半年", "年", "专题")
_MONTHS = {"月报": 1, "季报": 3, "半年": 6, "年": 12}
_LATEST = {"月报": "上月", "季报": "上季度", "半年": "上个半年", "年": "去年"}
_ENGLISH = dict(zip(("month", "quarter", "half", "year", "topic"), KINDS, strict=True))
_FILES = {"月报": "工作月报", "季报": "季度简报"}


def known(text: str) -> str:
    """A kind by its name, or the English word for it; raises UsageFault for another one."""
    kind = _ENGLISH.get(text.strip().lower(), text.strip())
    if kind not in KINDS:
        kinds = [literal(zh, en) for en, zh in _ENGLISH.items()]
        raise UsageFault(
            message("没有报告种类 {kind}。", kind=text), message("可用：{kinds}。", kinds=kinds)
        )
    return kind


def latest(kind: str) -> str:
    """How the last period of a kind is asked for; raises UsageFault for one without a length."""
    if kind not in _LATEST:
        raise UsageFault(
            message("{kind}要写明统计期。", kind=kind),
            message("加上 --period，如 --period 2022H1。"),
        )
    return _LATEST[kind]


def kind_of(period: Period, asked: str | None) -> str:
    """The kind that is asked for, else the one of the period's length (of others, as 半年)."""
    if asked is None:
        return "年" if period.length == 12 else "半年"
    months = _MONTHS.get(asked)
    if months is not None and months != period.length:
        raise UsageFault(
            message("{kind}的统计期不是{period}。", kind=asked, period=period.name),
            message("{how}，或换一种 --kind。", how=_example(asked, period)),
        )
    return asked


def _example(kind: str, period: Period) -> Message:
    ends = {"月报": f"{period.year}-06", "季报": f"{period.year}Q2"}
    example = ends.get(kind, f"{period.year}H1" if kind == "半年" else f"{period.year}")
    return message("写成 --period {example} 那样", example=example)


def file_stem(kind: str, unit: str, period: Period, ledger: str = "") -> str:
    """`工作总结-幸福社区-2022H1`."""
    what = f"专题简报-{ledger}" if kind == "专题" else _FILES.get(kind, "工作总结")
    return f"{what}-{unit}-{period.text}"
