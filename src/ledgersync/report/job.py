"""One report: what every format draws from, and where its files go."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field
from functools import cached_property
from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from ledgersync.dataclass import dataclass
from ledgersync.errors import LedgerSyncError, os_reason
from ledgersync.files import atomic_write, open_elsewhere
from ledgersync.messages import Message, message
from ledgersync.report.annex.places import Rows
from ledgersync.report.annex.trends import months_until, parts_of
from ledgersync.report.annex.whole import annex_of
from ledgersync.report.board import Board
from ledgersync.report.content import Annex, Placed, Shown
from ledgersync.report.kinds import file_stem
from ledgersync.report.letter.compose import Composer, Order, compose
from ledgersync.report.page.writer import HtmlPage
from ledgersync.report.reading import Reading
from ledgersync.report.record import Record, moved
from ledgersync.report.summaries import build_summaries
from ledgersync.report.word.kept import Kept
from ledgersync.report.word.writer import Letter
from ledgersync.rollup.figures import RollUp
from ledgersync.rollup.period.months import Period
from ledgersync.schema import Catalog
from ledgersync.workspace.place import keep_private

OLD = "旧版"
_PROPERTIES = "docProps/core.xml"
_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.S)
_NAMED = 8  # figures that are named as changed


@dataclass(frozen=True)
class Drawn:
    """A finished file, before it is put in place."""

    format: str
    name: str
    data: bytes
    figures: Mapping[str, Shown]


@dataclass
class Job:
    """What is asked for; `ledgers` are those of a 专题, one document each.

    `past` gives the same unit's figures of other periods, for courses and trends; `rows` those
    behind a figure, of which those of `guarded` ledgers are not told.
    """

    found: RollUp
    catalog: Catalog
    order: Order
    folder: Path
    template: Path | None = None
    ledgers: Sequence[str] = ()
    whose: str = ""
    reading: Reading = field(init=False)
    past: Callable[[Period], RollUp] | None = None
    rows: Rows | None = None
    guarded: frozenset[str] = frozenset()
    written: Mapping[str, Sequence[str]] = field(default_factory=dict)
    names: dict[str, tuple[str, ...]] = field(default_factory=dict)
    kept: dict[str, Kept] = field(default_factory=dict)

    before: Record | None = None

    def __post_init__(self) -> None:
        self.reading = Reading(self.found)

    def remember(self, before: Record | None) -> None:
        """What was reported for this period last."""
        self.before = before
        self.written = before.names if before else {}

    def _readings(self, periods: Sequence[Period]) -> list[Reading]:
        past = self.past
        return [] if past is None else [Reading(past(period)) for period in periods]

    @cached_property
    def course(self) -> list[Reading]:
        """The quarters of a year."""
        if self.order.kind != "年":
            return []
        return self._readings(parts_of(self.reading.period, self.order.made))

    @cached_property
    def months(self) -> list[Reading]:
        """The last twelve months up to the end of the period."""
        return self._readings(months_until(self.reading.period, self.order.made))

    @cached_property
    def annex(self) -> Annex:
        """What stands behind the figures: completeness, quality, meanings, the course of a year."""
        leads = Composer(self.reading, self.catalog, self.order).leads()
        return annex_of(self.reading, self.catalog, self.months, leads, self.rows, self.guarded)

    @cached_property
    def pages(self) -> list[Drawn]:
        """The page of the unit, with all units below it."""
        leads = Composer(self.reading, self.catalog, self.order).leads()
        board = Board(self.reading, self.catalog, self.annex, leads, self.order.made)
        unit = self.reading.top.unit.name
        name = f"看板-{unit}-{self.reading.period.text}.html"
        page = HtmlPage(board, name)
        return [Drawn("html", name, page.data(), page.figures)]

    @cached_property
    def workbooks(self) -> list[Drawn]:
        """The summary workbooks."""
        built = build_summaries(
            self.found, self.order.made, self.catalog, self.order.level, self.whose, self.annex
        )
        return [Drawn("xlsx", b.name, b.data, b.figures) for b in built]

    @cached_property
    def letters(self) -> list[Drawn]:
        """The work summary, or one brief per ledger; a person's text of the last one is kept."""
        return [self._letter(ledger) for ledger in self.ledgers or (None,)]

    def _letter(self, ledger: str | None) -> Drawn:
        order = Order(self.order.kind, self.order.made, ledger, self.order.level)
        name = self.letter_name(ledger)
        path = self.folder / name
        before = path.read_bytes() if path.is_file() else None
        content = compose(self.reading, self.catalog, order, self.course)
        written = self.written.get(name)
        notes = tuple((note,) for note in self._since())
        letter = Letter(content, self.reading, self.template, before, written, notes).write()
        self.names[name], self.kept[name] = letter.names, letter.kept
        return Drawn("docx", name, letter.data, letter.figures)

    def _since(self) -> Iterator[str]:
        """Which figures are others than in the version before."""
        found = moved(self.found, self.before)
        if self.before is not None and found:
            names = [self.found.line(each.indicator).name for each in found]
            figures = "、".join(names[:_NAMED]) + ("等" if len(names) > _NAMED else "")
            yield f"与{self.before.made}的上一版相比，有变动的数：{figures}。"

    def letter_name(self, ledger: str | None) -> str:
        called = self.catalog.ledgers[ledger].name if ledger else ""
        unit = self.reading.top.unit.name
        return f"{file_stem(self.order.kind, unit, self.reading.period, called)}.docx"


Writer = Callable[[Job], Sequence[Drawn]]


@dataclass
class Files:
    """Puts files in place; what cannot be written is said, and the others are."""

    folder: Path
    written: list[tuple[str, Path]] = field(default_factory=list)
    placed: list[Placed] = field(default_factory=list)
    faults: list[Message] = field(default_factory=list)
    versions: list[Path] = field(default_factory=list)

    def put(self, drawn: Drawn) -> None:
        try:
            path = self._put(drawn)
        except OSError as error:
            why = os_reason(error)
            self.faults.append(message("{name} 没有写出：{why}", name=drawn.name, why=why))
        except LedgerSyncError as error:
            self.faults.append(error.message)
        else:
            self.written.append((drawn.format, path))
            self.placed += [Placed(s, path, anchor) for anchor, s in drawn.figures.items()]

    def _put(self, drawn: Drawn) -> Path:
        """The last one moves to 旧版; while a program has it open, ours stands beside it."""
        path = self.folder / drawn.name
        if path.is_file():
            who = open_elsewhere(path)
            if who is not None:
                beside = path.with_name(f"{path.stem}-新{path.suffix}")
                self.faults.append(
                    message(
                        "{name} 正被打开，新的写成了 {other}；关闭后再运行一次。",
                        name=path.name,
                        other=beside.name,
                    )
                )
                path = beside
            elif alike(path.read_bytes(), drawn.data):
                return path
            else:
                self.versions.append(_set_aside(path))
        atomic_write(path, drawn.data)
        keep_private(path)
        return path


def alike(before: bytes, after: bytes) -> bool:
    """Whether two files say the same; when they were made, and in which order fonts stand in a
    PDF, is no content."""
    if before[:5] == after[:5] == b"%PDF-":
        return sorted(_STREAM.findall(before)) == sorted(_STREAM.findall(after))
    try:
        return before == after or _parts(before) == _parts(after)
    except BadZipFile:
        return False


def _parts(package: bytes) -> dict[str, int]:
    with ZipFile(BytesIO(package)) as opened:
        return {i.filename: i.CRC for i in opened.infolist() if i.filename != _PROPERTIES}


def _set_aside(path: Path) -> Path:
    folder = path.parent / OLD
    folder.mkdir(exist_ok=True)
    number = 1 + max(_numbers(folder, path), default=0)
    target = folder / f"{path.stem}-第{number}版{path.suffix}"
    target.write_bytes(path.read_bytes())
    keep_private(target)
    return target


def _numbers(folder: Path, path: Path) -> Iterator[int]:
    for other in folder.glob(f"*{path.suffix}"):
        name = other.stem.removeprefix(f"{path.stem}-第")
        if name != other.stem and name.endswith("版") and name[:-1].isdigit():
            yield int(name[:-1])
