"""Amounts and counts: `100元`, `1,570.44`, `￥500`, `3人`, `五百` → numbers, never a guess."""

import math
import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from ledgersync.patterns import pattern_of
from ledgersync.values.text import QUOTES, squeeze, trim

_UNITS = pattern_of(
    r"(?:元整|元|块钱|块|人次|户次|个小时|小时|个钟头|钟头|口人|个人|人|户|口|名|位|个|次|场|件|轮|岁|项|h|H|hrs?)$"
)
_PLAIN = pattern_of(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|[+-]?\.\d+", re.ASCII)
# `5百元`, `0.05万元`; without 元 the digits may be missing (`3.5万` what?)
SCALES = {"十": Decimal(10), "百": Decimal(100), "千": Decimal(1000), "万": Decimal(10_000)}
SCALES |= {"十万": Decimal(100_000), "百万": Decimal(10**6), "千万": Decimal(10**7)}
SCALES |= {"亿": Decimal(10**8)}
_SCALES = "|".join(sorted(SCALES, key=len, reverse=True))
_SCALED = pattern_of(rf"([+-]?(?:\d{{1,3}}(?:,\d{{3}})+|\d+)(?:\.\d+)?)({_SCALES})元整?", re.ASCII)
_CHINESE = pattern_of(r"[零〇一二两三四五六七八九十百千万亿点壹贰叁肆伍陆柒捌玖拾佰仟]+")
_A_FEW = pattern_of(r"[一二两三四五六七八九]{2}")  # `三五个` is some three to five, never 35
_BY_MONTH = pattern_of(r"^(?:每月|月)|(?<=元)(?:[/／每]月|[/／]每月)$")
_GAP = pattern_of(r"[\d.,，．]\s+[\d.,，．]")  # `100 200` may be two numbers
CENT = Decimal("0.01")


def without_month(raw: object) -> object:
    """`560元/月`, `每月560元` → `560元`: for amounts of a month."""
    if not isinstance(raw, str) or "月" not in raw:
        return raw
    text = squeeze(raw)
    return _BY_MONTH.sub("", text) if _BY_MONTH.search(text) else raw


def to_number(raw: object) -> Decimal | None:
    """The number a cell means, None when it means none for certain (`约100`, `待定`)."""
    if isinstance(raw, bool):
        return None
    if isinstance(raw, (int, float, Decimal)):
        number = Decimal(repr(raw)) if isinstance(raw, float) else Decimal(raw)
        return number if number.is_finite() else None
    return _from_text(raw) if isinstance(raw, str) else None


def _from_text(raw: str) -> Decimal | None:
    if _GAP.search(raw):
        return None
    text = squeeze(trim(raw).strip(QUOTES)).strip(QUOTES)
    bare = text.lstrip("¥￥第").removeprefix("人民币").removeprefix("RMB").removesuffix("RMB")
    if scaled := _SCALED.fullmatch(bare):
        return Decimal(scaled[1].replace(",", "")) * SCALES[scaled[2]]
    bare = _UNITS.sub("", bare)
    if bare == "首":  # 首轮, 首次
        return Decimal(1)
    if _PLAIN.fullmatch(bare):
        try:
            return Decimal(bare.replace(",", ""))
        except InvalidOperation:  # pragma: no cover - the pattern admits numbers only
            return None
    if _CHINESE.fullmatch(bare):
        return _from_chinese(bare)
    return None


def _from_chinese(text: str) -> Decimal | None:
    if _A_FEW.search(text.partition("点")[0]):
        return None
    import cn2an  # half a second that only these cells need

    try:
        return Decimal(str(cn2an.cn2an(text, "normal")))
    except (ValueError, KeyError, TypeError):
        return None


def to_integer(raw: object) -> int | None:
    """A whole number, None for anything else."""
    number = to_number(raw)
    if number is None or number != number.to_integral_value():
        return None
    return int(number)


def to_decimal(raw: object) -> int | float | None:
    """A number, an int where it is whole."""
    number = to_number(raw)
    if number is None:
        return None
    return int(number) if number == number.to_integral_value() else float(number)


def to_money(raw: object) -> tuple[Decimal, bool] | None:
    """Yuan with two places, and whether rounding changed what was typed."""
    number = to_number(raw)
    if number is None or abs(number) >= Decimal(10) ** 15:
        return None
    rounded = +number.quantize(CENT, ROUND_HALF_UP)  # nobody owes -0.00
    return rounded, abs(rounded - number) > Decimal("0.000001")


class Bounds:
    """The least and greatest number of a field, compared exactly: 0.10 元 is not below 0.1."""

    def __init__(self, low: float | None, high: float | None) -> None:
        self._low = -math.inf if low is None else low
        self._high = math.inf if high is None else high
        self._exact_low, self._exact_high = Decimal(repr(self._low)), Decimal(repr(self._high))

    def hold(self, number: float | Decimal) -> bool:
        """The number lies within; a float is compared as a float, a Decimal as a Decimal."""
        if isinstance(number, Decimal):
            return self._exact_low <= number <= self._exact_high
        return self._low <= number <= self._high
