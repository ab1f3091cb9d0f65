"""Line charts as SVG geometry: where the lines, points and labels of a chart stand."""

import math
from collections.abc import Iterator, Sequence

from ledgersync.dataclass import dataclass
from ledgersync.report.content import Chart, Piece, Shown

WIDTH, HEIGHT = 640, 230
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 74, 14, 26
_APART = 15  # units between labels
_TICKS = 4

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Series:
    """A line with gaps where nothing is known; the label stands at its last point."""

    name: str
    path: str
    points: tuple[Point, ...]
    last: Shown | None
    label: Point


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart; ticks are (position, text)."""

    series: tuple[Series, ...]
    across: tuple[tuple[float, str], ...]
    down: tuple[tuple[float, str], ...]
    left: int = _LEFT
    right: int = WIDTH - _RIGHT
    bottom: int = HEIGHT - _BOTTOM


def drawing_of(chart: Chart) -> Drawing:
    """Of a chart whose table has a line per row and a column per month."""
    heads = chart.table.heads[1:]
    names, rows = [row[0] for row in chart.table.rows], [row[1:] for row in chart.table.rows]
    top = max((v for row in rows for p in row if (v := _number(p)) is not None), default=0.0)
    steps = _steps(top, whole=chart.measure != "%")
    count = len(heads)
    xs = [_x(i, count) for i in range(count)]
    series = [_series(str(n), r, xs, steps[-1]) for n, r in zip(names, rows, strict=True)]
    every = 1 if count < 8 else 2
    across = list(zip(xs, heads, strict=True))
    across = across[(count - 1) % every :: every]
    down = [(_y(step, steps[-1]), _tick(step, steps[-1], chart.measure)) for step in steps]
    return Drawing(tuple(_spread(series)), tuple(across), tuple(down))


def _number(piece: Piece) -> float | None:
    known = isinstance(piece, Shown) and piece.value is not None
    return float(piece.value) if known else None  # type: ignore[union-attr,arg-type]


def _x(at: int, count: int) -> float:
    room = WIDTH - _LEFT - _RIGHT - 16
    return round(_LEFT + 8 + room * (at / (count - 1) if count > 1 else 0.5), 1)


def _y(value: float, top: float) -> float:
    room = HEIGHT - _TOP - _BOTTOM
    return round(_TOP + room * (1 - value / top), 1)


def _steps(top: float, *, whole: bool) -> list[float]:
    """Round steps from zero to at least `top`."""
    if top <= 0:
        return [0.0, 1.0]
    raw = top / _TICKS
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * m for m in (1, 2, 2.5, 5, 10) if power * m >= raw * (1 - 1e-9))
    if whole:
        step = max(1.0, math.ceil(step))
    return [step * i for i in range(math.ceil(top / step - 1e-9) + 1)]


def _tick(value: float, top: float, measure: str) -> str:
    if measure == "%":
        return f"{value * 100:g}%"
    return f"{value / 10000:g}万" if value and top >= 100000 else f"{value:,.10g}"


def _series(name: str, row: Sequence[Piece], xs: Sequence[float], top: float) -> Series:
    values = [_number(piece) for piece in row]
    points = [None if v is None else (x, _y(v, top)) for x, v in zip(xs, values, strict=True)]
    known = [(point, piece) for point, piece in zip(points, row, strict=True) if point]
    (x, y), last = known[-1]
    return Series(
        name,
        path_of(points),
        tuple(point for point, _ in known),
        last if isinstance(last, Shown) else None,
        (x + 8, y + 4),
    )


def path_of(points: Sequence[Point | None]) -> str:
    """`M8 10L20 30M…`, a new stroke after every gap."""
    parts: list[str] = []
    pen = "M"
    for point in points:
        if point is None:
            pen = "M"
            continue
        parts.append(f"{pen}{point[0]:g} {point[1]:g}")
        pen = "L"
    return "".join(parts)


def _spread(series: Sequence[Series]) -> Iterator[Series]:
    """Labels that would lie upon each other are moved apart."""
    order = sorted(range(len(series)), key=lambda i: series[i].label[1])
    places: dict[int, float] = {}
    last = -math.inf
    for i in order:
        last = max(series[i].label[1], last + _APART)
        places[i] = last
    over = max(0.0, last - (HEIGHT - _BOTTOM + 6))
    for i, s in enumerate(series):
        label = (s.label[0], round(places[i] - over, 1))
        yield Series(s.name, s.path, s.points, s.last, label)


def sparkline(row: Sequence[Piece], width: int = 120, height: int = 28) -> str:
    """The path of a row, from its lowest to its highest value; empty where it says nothing."""
    values = [_number(piece) for piece in row]
    known = [v for v in values if v is not None]
    if len(known) < 2:
        return ""
    low, high = min(known), max(known)
    span = (high - low) or 1.0
    inner, step = height - 6, (width - 6) / max(1, len(values) - 1)

    def place(at: int, value: float) -> Point:
        part = 0.5 if high == low else (value - low) / span
        return round(3 + at * step, 1), round(3 + inner * (1 - part), 1)

    return path_of([None if v is None else place(i, v) for i, v in enumerate(values)])
