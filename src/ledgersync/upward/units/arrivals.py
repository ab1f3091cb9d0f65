"""Files from below in `units/inbox/`: whose each is, and how surely that is known.

A whole workspace says it itself. Of a workbook, the surest first: the stamp, what a person said of
such a file before, 填报单位 above its tables, the code or name in the names of file and folder.
Where two of them name different units, a person has to say.
"""

import re
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import field
from pathlib import Path
from typing import Any, Literal

from ledgersync.dataclass import dataclass
from ledgersync.errors import LedgerSyncError, UnreadableFile
from ledgersync.files import file_hash
from ledgersync.messages import Message, message
from ledgersync.model import WorkbookData
from ledgersync.rollup.units.tree import Node, UnitTree
from ledgersync.sync.intake.inbox import is_submission
from ledgersync.workbook.read import read_workbook
from ledgersync.workspace import Workspace
from ledgersync.workspace.config import CONFIG_NAME
from ledgersync.workspace.place import WORKBOOKS
from ledgersync.workspace.unitcodes import full_code

By = Literal["workspace", "stamp", "confirmed", "office", "name", "said"]
Status = Literal["taken", "proposed", "unchanged", "unknown", "unreadable"]
_TAIL = re.compile(
    r"(?:社区居民委员会|社区居委会|居民委员会|居委会|社区|村民委员会|村委会|村|街道办事处|街道办|街道)$"
)
_MARKS = re.compile(r"[\s_\-—·.、，,()（）\[\]【】]+")
_CODE = re.compile(r"(?<!\d)(\d{12}|\d{9})(?!\d)")


@dataclass(slots=True)
class Arrived:
    """One workbook from below, and what is known of it."""

    path: Path
    file: str  # below units/inbox
    unit: Node | None = None
    by: By | None = None
    ledgers: tuple[str, ...] = ()
    sha256: str = ""
    keys: tuple[str, ...] = ()  # what a later file of the same origin is known by
    archive: int | None = None  # the closed year that it is of
    status: Status = "unknown"
    reason: Message | None = None
    replaced: tuple[str, ...] = ()

    @property
    def is_sure(self) -> bool:
        """Nobody needs to be asked."""
        return self.unit is not None and self.by in ("workspace", "stamp", "confirmed", "said")

    def as_json(self) -> dict[str, Any]:
        return {
            "file": self.file,
            "unit": self.unit.unit.code if self.unit else None,
            "name": self.unit.unit.name if self.unit else None,
            "by": self.by,
            "ledgers": list(self.ledgers),
            "status": self.status,
            "replaced": list(self.replaced),
            "reason": self.reason.zh if self.reason else None,
        }


@dataclass
class Recognition:
    """Says of workbooks whose they are; `confirmed` are units' codes by what was said before."""

    workspace: Workspace
    tree: UnitTree
    today: Any
    confirmed: dict[str, str] = field(default_factory=dict)

    def arrivals(self) -> Iterator[Arrived]:
        """Everything in `units/inbox/`, in the order of names."""
        yield from self._each_in(inbox_of(self.workspace))

    def _folder(self, folder: Path) -> Iterator[Arrived]:
        """A whole workspace by what it says itself; any other folder workbook by workbook."""
        if (folder / CONFIG_NAME).is_file():
            yield from self._whole(folder)
        else:
            yield from self._each_in(folder)

    def _each_in(self, folder: Path) -> Iterator[Arrived]:
        for path in sorted(folder.iterdir()):
            if path.name.startswith((".", "~$")):
                continue
            if path.is_dir():
                yield from self._folder(path)
            elif is_submission(path):
                yield self.workbook(path)

    def _whole(self, folder: Path) -> Iterator[Arrived]:
        unit: Node | None = None
        with suppress(LedgerSyncError):
            unit = self.tree.nodes.get(full_code(Workspace.open(folder).unit.code))
        paths = [(p, None) for p in _workbooks(folder / "primary")]
        for year in sorted((folder / "archive").glob("[0-9]*")):
            paths += [(p, int(year.name)) for p in _workbooks(year)]  # type: ignore[misc]
        for path, year_closed in paths:
            one = self.workbook(path)
            one.archive = year_closed
            if one.status != "unreadable":
                one.unit, one.by = unit, "workspace" if unit else None
                one.status = "proposed" if unit else "unknown"
                if unit is None:
                    one.reason = message("它的 ledgersync.toml 里的单位不在名单里")
            yield one

    def workbook(self, path: Path) -> Arrived:
        """One workbook, read once."""
        one = Arrived(path, self._below(path))
        try:
            data = read_workbook(path, self.workspace.catalog, today=self.today)
        except UnreadableFile as error:
            one.status, one.reason = "unreadable", error.message
            return one
        one.sha256, one.ledgers = data.sha256 or file_hash(path), tuple(data.ledgers())
        one.keys = tuple(self._keys(path, data))
        if not one.ledgers:
            one.reason = message("没有认出是哪本台账")
            return one
        self._recognise(one, data)
        return one

    def _recognise(self, one: Arrived, data: WorkbookData) -> None:
        stamp = data.stamp
        if stamp and stamp.unit:
            one.unit, one.by = self.tree.nodes.get(full_code(stamp.unit)), "stamp"
            if one.unit is None:
                name = stamp.unit_name or stamp.unit
                one.reason = message("它是“{name}”的，不在单位名单里", name=name)
        elif code := next((self.confirmed[k] for k in one.keys if k in self.confirmed), None):
            one.unit, one.by = self.tree.nodes.get(code), "confirmed"
            named = self._named(one.file)
            if one.unit and named and one.unit.code not in {n.code for n in named}:
                one.reason = _contradicting([one.unit, *named])
                one.unit = None
        else:
            self._by_words(one, data)
        one.status = "proposed" if one.unit else "unknown"

    def _by_words(self, one: Arrived, data: WorkbookData) -> None:
        """填报单位, and the names of file and folder; they must not contradict each other."""
        office = self._named(data.office) if data.office else []
        names = self._named(one.file)
        found = {n.code: n for n in (*office, *names)}
        if len(found) == 1:
            [one.unit] = found.values()
            one.by = "office" if office else "name"
        elif found:
            one.reason = _contradicting(list(found.values()))
        else:
            one.reason = message("没有印记，填报单位和文件名里也没有名单里的单位")

    def _named(self, text: str) -> list[Node]:
        """The units that a text names: by code, else by the longest name in it."""
        plain = _squeezed(text)
        codes = {full_code(c) for c in _CODE.findall(unicodedata.normalize("NFKC", text))}
        if found := [self.tree.nodes[c] for c in codes if c in self.tree.nodes]:
            return found
        below = [n for n in self.tree if n.code != self.tree.root]
        for bare in (False, True):
            hits = [n for n in below if (w := _word(n, bare=bare)) and w in plain]
            longest = [
                n
                for n in hits
                if not any(_word(n, bare=bare) in _word(m, bare=bare) for m in hits if m is not n)
            ]
            communities = [n for n in longest if n.unit.level == "community"]
            if longest:
                return communities or longest
        return []

    def _keys(self, path: Path, data: WorkbookData) -> Iterator[str]:
        """What tells that a later file is of the same origin."""
        if data.stamp and not data.stamp.unit and data.stamp.workspace:
            yield f"workspace:{data.stamp.workspace}"
        if data.office:
            yield f"office:{_squeezed(data.office)}"
        yield f"file:{re.sub(r'[0-9]+', '', _squeezed(self._below(path)))}"

    def _below(self, path: Path) -> str:
        try:
            return path.relative_to(inbox_of(self.workspace)).as_posix()
        except ValueError:
            return path.name


def _contradicting(units: list[Node]) -> Message:
    names = [n.unit.name for n in units]
    return message("填报单位、文件名指向几个单位：{units}", units=names)


def inbox_of(workspace: Workspace) -> Path:
    return workspace.root / "units" / "inbox"


def _workbooks(folder: Path) -> list[Path]:
    files = sorted(folder.iterdir()) if folder.is_dir() else []
    return [p for p in files if p.suffix.lower() in WORKBOOKS and not p.name.startswith("~$")]


def _squeezed(text: str) -> str:
    return _MARKS.sub("", unicodedata.normalize("NFKC", text))


def _word(node: Node, *, bare: bool) -> str:
    """A unit's name, or what is left of it without 社区, 村, 街道; nothing where too little is."""
    name = _squeezed(node.unit.name)
    short = _TAIL.sub("", name) if bare else name
    return short if len(short) > 1 else ""
