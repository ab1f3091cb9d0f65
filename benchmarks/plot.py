"""Cost against size as a plot: lines of measured points on two logarithmic axes, as SVG.

python benchmarks/plot.py FILE.svg [WHAT] < LINES

The lines are those that bench_facts.py and bench_sizes.py print; WHAT is counted along the axis.
"""

import math
import re
import sys
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

_LINE = re.compile(r"^\s*([\d,]+) ([\w ]+?)\s+[\d.]+ s  CPU\s+([\d.]+) s")
_COLOURS = ("#c0392b", "#2471a3", "#7d6608", "#1e8449", "#6c3483", "#566573")
_WIDTH, _HEIGHT, _EDGE = 640, 400, 60
Points = dict[str, list[tuple[float, float]]]


def read(text: str) -> Points:
    """Sizes and CPU seconds by what was measured."""
    found: Points = {}
    for match in filter(None, map(_LINE.match, text.splitlines())):
        rows, engine, cpu = match.groups()
        found.setdefault(engine, []).append((float(rows.replace(",", "")), float(cpu)))
    return found


def svg(points: Points, what: str = "rows") -> str:
    """The whole picture, with `what` is counted along the axis."""
    xs = [math.log10(x) for line in points.values() for x, _ in line]
    ys = [math.log10(y) for line in points.values() for _, y in line]
    box = (math.floor(min(xs)), math.ceil(max(xs)), math.floor(min(ys)), math.ceil(max(ys)))
    parts = list(_grid(box, what))
    for (name, line), colour in zip(points.items(), cycle(_COLOURS), strict=False):
        parts += _drawn(name, line, box, colour)
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
    style = 'font-family="sans-serif" font-size="12">'
    return "\n".join([head + style, *parts, "</svg>", ""])


def _at(x: float, y: float, box: tuple[int, int, int, int]) -> tuple[float, float]:
    left, right, low, high = box
    wide, tall = _WIDTH - 2 * _EDGE, _HEIGHT - 2 * _EDGE
    across = _EDGE + wide * (x - left) / (right - left)
    return across, _HEIGHT - _EDGE - tall * (y - low) / (high - low)


def _grid(box: tuple[int, int, int, int], what: str) -> Iterator[str]:
    left, right, low, high = box
    for x in range(left, right + 1):
        (a, b), (c, d) = _at(x, low, box), _at(x, high, box)
        yield f'<path d="M{a:.0f} {b:.0f}L{c:.0f} {d:.0f}" stroke="#ddd"/>'
        yield f'<text x="{a:.0f}" y="{b + 18:.0f}" text-anchor="middle">{10**x:,}</text>'
    for y in range(low, high + 1):
        (a, b), (c, d) = _at(left, y, box), _at(right, y, box)
        yield f'<path d="M{a:.0f} {b:.0f}L{c:.0f} {d:.0f}" stroke="#ddd"/>'
        yield f'<text x="{a - 6:.0f}" y="{b + 4:.0f}" text-anchor="end">{10.0**y:g} s</text>'
    yield f'<text x="{_WIDTH / 2:.0f}" y="{_HEIGHT - 16}" text-anchor="middle">{what}</text>'
    yield f'<text x="{_EDGE}" y="30">CPU seconds</text>'


def _drawn(
    name: str, line: list[tuple[float, float]], box: tuple[int, int, int, int], colour: str
) -> Iterator[str]:
    places = [_at(math.log10(x), math.log10(y), box) for x, y in sorted(line)]
    path = "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
    yield f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2"/>'
    yield from (f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in places)
    x, y = places[-1]
    yield f'<text x="{x + 6:.1f}" y="{y + 4:.1f}" fill="{colour}">{name}</text>'


if __name__ == "__main__":
    picture = svg(read(sys.stdin.read()), *sys.argv[2:3])
    Path(sys.argv[1]).write_text(picture, encoding="utf-8")
