"""What was reported: every report with its figures, files and numbers, never overwritten.

One file per report in `.ledgersync/reports`, numbered; each names the digest of the one before.
"""

import gzip
import hashlib
import json
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ledgersync.dataclass import dataclass
from ledgersync.errors import UsageFault
from ledgersync.files import atomic_write, file_hash
from ledgersync.messages import message
from ledgersync.report.content import Placed
from ledgersync.rollup.document import plain
from ledgersync.rollup.figures import RollUp
from ledgersync.sync.history.troubles import Trouble
from ledgersync.workspace import Workspace

_VERSION = re.compile(r"-(?:第\d+版|新)$")
Key = tuple[str, str]  # unit, indicator


@dataclass(frozen=True)
class Record:
    """One report as it was made."""

    data: Mapping[str, Any]

    @property
    def figures(self) -> dict[Key, Any]:
        """Values by unit and indicator; money as text."""
        return {(unit, name): value for unit, name, value in self.data["figures"]}

    @property
    def names(self) -> Mapping[str, Sequence[str]]:
        """The paragraphs of each document as it was written."""
        found: Mapping[str, Sequence[str]] = self.data["names"]
        return found

    @property
    def made(self) -> str:
        return str(self.data["made"])

    def number(self, name: str, anchor: str, sha: str | None = None) -> dict[str, Any] | None:
        """A number of a file, known by what it holds or else by its name."""
        files = self.data["files"]
        own = {f["name"] for f in files if (f["sha256"] == sha if sha else f["name"] == name)}
        numbers = self.data["numbers"]
        return next((n for n in numbers if n["anchor"] == anchor and n["file"] in own), None)


@dataclass(frozen=True)
class Records:
    """The reports of a workspace."""

    folder: Path

    @classmethod
    def of(cls, workspace: Workspace) -> "Records":
        return cls(workspace.state / "reports")

    def __iter__(self) -> Iterator[Record]:
        """The newest first; a file that cannot be read is passed over."""
        for path in sorted(self._paths(), reverse=True):
            entries = _read(path.read_bytes())
            if entries is not None:
                yield Record(entries)

    def _paths(self) -> list[Path]:
        return list(self.folder.glob("*.json.gz")) if self.folder.is_dir() else []

    def last(self, unit: str, period: str, kind: str | None = None) -> Record | None:
        """The newest report of a unit's period; of a kind, if that is asked."""
        return next(
            (
                record
                for record in self
                if (record.data["unit"], record.data["period"]) == (unit, period)
                and kind in (None, record.data["kind"])
            ),
            None,
        )

    def add(self, data: dict[str, Any]) -> None:
        paths = sorted(self._paths())
        number = 1 + (int(paths[-1].name.split(".")[0]) if paths else 0)
        before = hashlib.sha256(paths[-1].read_bytes()).hexdigest() if paths else None
        text = json.dumps({**data, "number": number, "previous": before}, ensure_ascii=False)
        path = self.folder / f"{number:06d}.json.gz"
        atomic_write(path, gzip.compress(text.encode(), mtime=0), private=True)

    def troubles(self) -> Iterator[Trouble]:
        """What is wrong with the chain: a report that cannot be read, is gone, or was changed."""
        before: str | None = None
        for expected, path in enumerate(sorted(self._paths()), 1):
            content, place = path.read_bytes(), f".ledgersync/reports/{path.name}"
            entries = _read(content)
            if entries is None:
                text = message("报出记录 {path} 读不出来，可能损坏。", path=place)
                yield Trouble("report.unreadable", path.name, text)
            elif entries.get("number") != expected:
                text = message("{path} 之前缺一份报出记录。", path=place)
                yield Trouble("report.missing", path.name, text)
                return
            elif entries.get("previous") != before:
                text = message("{path} 之前的报出记录被改动过。", path=place)
                yield Trouble("report.changed", path.name, text)
            before = hashlib.sha256(content).hexdigest()

    def find(self, asked: str) -> dict[str, Any]:
        """The number at `FILE#ANCHOR`; raises UsageFault where nobody reported it."""
        file, _, anchor = asked.rpartition("#")
        path = Path(file)
        sha = file_hash(path) if path.is_file() else None
        plain_name = f"{_VERSION.sub('', path.stem)}{path.suffix}"
        for known in (sha, None) if sha else (None,):
            for record in self:
                found = record.number(plain_name, anchor, known)
                if found is not None:
                    return found
        raise UsageFault(
            message("没有报出过这个数字：{asked}。", asked=asked),
            message(
                "写成 文件#位置；位置是书签名、表!C5 那样的单元格，见 report --json 的 anchor。"
            ),
        )


def _read(content: bytes) -> dict[str, Any] | None:
    """None for what is damaged."""
    try:
        found = json.loads(gzip.decompress(content))
    except (OSError, ValueError, EOFError, zlib.error):
        return None
    return found if isinstance(found, dict) else None


def record_of(
    found: RollUp,
    kind: str,
    made: str,
    written: Sequence[tuple[str, Path]],
    placed: Sequence[Placed],
    names: Mapping[str, Sequence[str]],
) -> dict[str, Any]:
    """What is kept of a report."""
    files = [
        {"format": name, "name": path.name, "path": str(path), "sha256": file_hash(path)}
        for name, path in written
    ]
    return {
        "format": "ledgersync.reported/1",
        "unit": found.tree.nodes[found.tree.root].unit.code,
        "period": found.period.text,
        "kind": kind,
        "made": made,
        "files": files,
        "figures": [[f.unit, f.indicator, plain(f.value)] for f in found if not f.suppressed],
        "numbers": [p.as_json(p.file.name) for p in placed],
        "names": {name: list(each) for name, each in names.items()},
    }


@dataclass(frozen=True, slots=True)
class Moved:
    """A figure that is not what the last version reported."""

    indicator: str
    unit: str
    was: Any
    now: Any


def moved(found: RollUp, before: Record | None) -> list[Moved]:
    """What changed since, of the unit at the top."""
    if before is None:
        return []
    top = found.tree.nodes[found.tree.root].unit.code
    then = before.figures
    return [
        Moved(f.indicator, f.unit, then[f.unit, f.indicator], plain(f.value))
        for f in found
        if f.unit == top
        and (f.unit, f.indicator) in then
        and then[f.unit, f.indicator] != plain(f.value)
    ]
