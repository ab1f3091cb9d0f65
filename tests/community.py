"""A community's workspace in a test: small text tables become workbooks, people edit real copies.

Copies are edited with openpyxl, exactly as somebody outside the project would; what a primary
shows is read back with openpyxl too. Records are written as text tables:

    编号 | 姓名 | 电话
    A1   | 王芳 | 13800000001
"""

import io
import os
import re
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import Any

from openpyxl import Workbook, load_workbook

from ledgersync.facts.key import meaning_of, part_key
from ledgersync.facts.part import Part, part_of
from ledgersync.facts.shelf import PartShelf
from ledgersync.files import file_hash
from ledgersync.schema import LedgerSchema
from ledgersync.schema.mappings import MAPPINGS_NAME, load_mappings
from ledgersync.sync.copies.issue import issue_copies
from ledgersync.sync.create import create_workspace
from ledgersync.sync.history.verify import Verdict, verify
from ledgersync.sync.opening import open_session
from ledgersync.sync.results import MergeReport, SubmissionResult
from ledgersync.sync.run import merge_files
from ledgersync.sync.session import Session
from ledgersync.workbook.stamp_text import KEY_SHEET
from ledgersync.workspace import Workspace
from ledgersync.workspace.config import new_unit
from tests.sheet import ID, Sheet, shown_text
from tests.tables import cells_of

ROSTER = """
format = "ledgersync.ledger/1"
id = "roster"
name = "名册"
workbook = "名册"

[[tables]]
id = "people"
sheet = "人员"
key = ["no"]
fallback_key = ["phone"]
fields = [
  { id = "no", header = "编号", type = "code" },
  { id = "name", header = "姓名", type = "name", required = true },
  { id = "phone", header = "电话", aliases = ["联系电话", "手机"], type = "phone" },
  { id = "status", header = "状态", type = "choice", choices = { "在册" = ["正常"], "注销" = [] } },
  { id = "since", header = "登记日期", type = "date", not_future = true },
  { id = "size", header = "人口", type = "integer", min = 1, max = 30 },
  { id = "covered", header = "享受人数", type = "integer", min = 1, le = "size" },
  { id = "grid", header = "网格", type = "text" },
  { id = "note", header = "备注", type = "text" },
]

[[tables]]
id = "matters"
sheet = "事项"
key = ["matter_no"]
number_prefix = "SX"
fields = [
  { id = "matter_no", header = "事项编号", type = "code", generated = true },
  { id = "person_no", header = "人员编号", type = "code", ref = "roster.people.no" },
  { id = "what", header = "事项内容", type = "text", required = true },
  { id = "day", header = "办理日期", type = "date", required = true },
  { id = "result", header = "办理结果", type = "text" },
]

[[tables]]
id = "steps"
sheet = "经过"
key = ["step_no"]
number_prefix = "BZ"
fields = [
  { id = "step_no", header = "经过编号", type = "code", generated = true },
  { id = "matter_no", header = "所属事项编号", type = "code", ref = "roster.matters.matter_no" },
  { id = "told", header = "经过说明", type = "text", required = true },
  { id = "day", header = "经过日期", type = "date", required = true },
]
"""
PEOPLE = """
编号 | 姓名 | 电话        | 状态 | 登记日期   | 人口 | 享受人数 | 网格    | 备注
A1   | 王芳 | 13800000001 | 在册 | 2022-01-01 | 3    | 2        | 第1网格 | 一
A2   | 李强 | 13800000002 | 在册 | 2022-01-02 | 3    | 2        | 第1网格 | 二
A3   | 赵敏 | 13800000003 | 在册 | 2022-01-03 | 3    | 2        | 第1网格 | 三
A4   | 钱进 | 13800000004 | 在册 | 2022-01-04 | 3    | 2        | 第2网格 | 四
A5   | 孙丽 | 13800000005 | 在册 | 2022-01-05 | 3    | 2        | 第2网格 | 五
A6   | 周涛 | 13800000006 | 在册 | 2022-01-06 | 3    | 2        | 第2网格 | 六
"""
TODAY = "2022-06-30"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


@cache
def _made() -> TemporaryDirectory[str]:
    """Where a process keeps what its tests copy, until it ends."""
    return TemporaryDirectory(prefix="ledgersync-tests-", ignore_cleanup_errors=True)


@cache
def _template() -> Path:
    """A workspace with the test's ledger, made once per process."""
    root = Path(mkdtemp(dir=_made().name)) / "幸福社区"
    (root / "ledgers").mkdir(parents=True)
    (root / "ledgers" / "roster.toml").write_text(ROSTER, encoding="utf-8")
    create_workspace(root, new_unit("幸福社区", "360702001001", "community"))
    with open_session(Workspace.open(root), "test") as session:
        merge_files(session, (), None)  # the empty primaries are known
    return root


@cache
def _begun(config: str, today: str | None, tables: tuple[tuple[str, str], ...]) -> Path:
    """Such a workspace with its first records, made once per process and day."""
    folder = Path(mkdtemp(dir=_made().name))
    return Community(folder, config).begin(**dict(tables)).root


def begun(folder: Path, config: str = "", **tables: str) -> "Community":
    """A copy of a community that has begun: what `Community(folder, config).begin(…)` makes."""
    made = _begun(config, os.environ.get("LEDGERSYNC_TODAY"), tuple(sorted(tables.items())))
    town = Community.__new__(Community)
    town.root, town.saves = folder / made.name, 0
    shutil.copytree(made, town.root)
    return town


class Community:
    """One workspace; every operation opens and closes it, as the commands do."""

    def __init__(self, folder: Path, config: str = "") -> None:
        self.root = folder / "幸福社区"
        shutil.copytree(_template(), self.root)
        toml = self.root / "ledgersync.toml"
        toml.write_text(toml.read_text("utf-8") + "\n[rules]\nreserved_rows = 6\n" + config)
        self.saves = 0

    def at(self, folder: Path) -> "Community":
        """The same community in a copy of its folder."""
        other = Community.__new__(Community)
        other.root, other.saves = folder / self.root.name, self.saves
        return other

    @property
    def workspace(self) -> Workspace:
        return Workspace.open(self.root)

    @contextmanager
    def session(self) -> Iterator[Session]:
        with open_session(self.workspace, "test") as session:
            yield session

    def begin(self, **tables: str) -> "Community":
        """First records, handed in as a workbook that nobody issued."""
        sheets = {"人员": tables.get("people", PEOPLE)}
        sheets |= {"事项": tables["matters"]} if "matters" in tables else {}
        write_book(self.root / "inbox" / "建账" / "名册.xlsx", sheets)
        report = self.merge()
        assert [s.status for s in report.submissions] == ["merged"]
        return self

    def issue(self, staff: str) -> "Book":
        with self.session() as session:
            path = issue_copies(session, staff, [session.catalog.ledger("roster")])[0]
        return Book(self, staff, path)

    def merge(self, *files: Path, staff: str | None = None) -> MergeReport:
        with self.session() as session:
            return merge_files(session, files, staff)

    def hand_in(self, book: "Book", name: str | None = None) -> SubmissionResult:
        """Saves a copy into its person's inbox, and merges; what became of that file."""
        path = book.send(name)
        report = self.merge()
        file = path.relative_to(self.root).as_posix()
        return next(s for s in report.submissions if s.file == file)

    @property
    def primary(self) -> Path:
        return self.root / "primary" / "名册.xlsx"

    def open_primary(self) -> "Book":
        return Book(self, "", self.primary, has_keys=True)

    def shown(self, headers: str, sheet: str = "人员") -> list[list[str]]:
        """The columns named, row by row, as the primary on disk shows them."""
        return Book(self, "", self.primary)[sheet].texts(headers.split())

    def cell(self, key: str, header: str, sheet: str = "人员") -> str:
        found = Book(self, "", self.primary)[sheet]
        return shown_text(found.ws.cell(found.line(key), found.columns[header]).value)

    def verify(self) -> Verdict:
        with self.session() as session:
            return verify(session, deep=True)

    def assert_consistent(self) -> None:
        """Replay, state, primary and originals agree, and nobody edited by hand."""
        verdict = self.verify()
        assert [t.message.zh for t in verdict.troubles] == [], [
            t.message.zh for t in verdict.troubles
        ]
        assert verdict.hand_edits == []
        with self.session() as session:
            for ledger in session.catalog:
                if any(session.state(ledger).values()):
                    _left_right(session, ledger)

    def conflicts(self) -> list[tuple[str, str | None, str, str | None]]:
        """(kind, field, ours, theirs) of the open conflicts, as stored."""
        with self.session() as session:
            return self.conflicts_of(session)

    @staticmethod
    def conflicts_of(session: Session) -> list[tuple[str, str | None, str, str | None]]:
        cases = session.journal.conflicts.open()
        return [(c.kind, c.field, c.ours or "", c.theirs) for c in cases]


class Book:
    """A copy (or a primary) in somebody's hands."""

    def __init__(
        self, community: Community, staff: str, path: Path, *, has_keys: bool = False
    ) -> None:
        self.community, self.staff, self.path = community, staff, path
        self.file = load_workbook(path if has_keys else _without_keys(path))
        for ws in self.file.worksheets:
            # openpyxl does not move a table's range with its rows; the table goes instead
            for name in list(ws.tables):
                del ws.tables[name]

    def __getitem__(self, sheet: str) -> Sheet:
        return Sheet(self.file[sheet])

    @property
    def people(self) -> Sheet:
        return self["人员"]

    @property
    def matters(self) -> Sheet:
        return self["事项"]

    def unstamp(self) -> "Book":
        """A colleague rebuilt the workbook: no stamp left, ids stay."""
        for name in list(self.file.custom_doc_props.names):
            del self.file.custom_doc_props[name]
        if "_ledgersync" in self.file.sheetnames:
            del self.file["_ledgersync"]
        return self

    def without_ids(self) -> "Book":
        for ws in self.file.worksheets:
            if any(c.value == ID for row in ws.iter_rows(max_row=12) for c in row):
                Sheet(ws).drop(ID)
        return self

    def send(self, name: str | None = None) -> Path:
        """Saves into the person's inbox."""
        path = self.community.root / "inbox" / self.staff / (name or "名册.xlsx")
        return self.save(path)

    def save(self, path: Path | None = None) -> Path:
        """Saves where it was opened, or elsewhere; no two saves give the same bytes."""
        path = path or self.path
        path.parent.mkdir(parents=True, exist_ok=True)
        self.community.saves += 1
        self.file.properties.version = str(self.community.saves)
        whole = io.BytesIO()
        self.file.save(whole)
        path.write_bytes(whole.getvalue())  # at once: on a busy machine a slow save is half a file
        return path


def _without_keys(path: Path) -> io.BytesIO:
    """A workbook whose hidden sheet of keys is empty: no reader looks there, and it is large."""
    light = io.BytesIO()
    with zipfile.ZipFile(path) as whole, zipfile.ZipFile(light, "w") as package:
        names = re.findall(r'<sheet name="([^"]+)"', whole.read("xl/workbook.xml").decode())
        keys = f"xl/worksheets/sheet{names.index(KEY_SHEET) + 1}.xml" if KEY_SHEET in names else ""
        for name in whole.namelist():
            empty = f"""<worksheet xmlns="{MAIN}"><sheetData/></worksheet>"""
            package.writestr(name, empty if name == keys else whole.read(name))
    light.seek(0)
    return light


def write_book(path: Path, sheets: Mapping[str, str]) -> Path:
    """A workbook from text tables, one sheet each, as somebody types it without a template."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, text in sheets.items():
        ws = book.create_sheet(name)
        for line in cells_of(text):
            ws.append([cell or None for cell in line])
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path


def write_csv(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [",".join(line) for line in cells_of(text)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8-sig")
    return path


def counted(result: SubmissionResult) -> dict[str, int]:
    """What is counted, without the zeros."""
    return {name: n for name, n in result.changes.items() if n}


def _as_of(part: Part, day: date) -> dict[str, list[dict[str, Any]]]:
    """A part's rows; a fault that ended before the day is none, whenever the part was made."""
    found = {name: table.to_pylist() for name, table in part.tables.items()}
    for row in (row for rows in found.values() for row in rows):
        until = row.get("_faulty_until")
        row["_faulty_until"] = until if until and until >= day else None
    return found


def _left_right(session: Session, ledger: LedgerSchema) -> None:
    """The part that a merge left of a primary as it is now is the one that reading it makes."""
    workspace = session.workspace
    path, declared = workspace.primary(ledger), workspace.catalog.ledgers[ledger.id]
    known = session.journal.writes.primary(ledger.id)
    if not path.exists() or known is None or known.sha256 != file_hash(path):
        return
    mappings = {**workspace.catalog.mappings, **load_mappings(workspace.root / MAPPINGS_NAME)}
    key = part_key(known.sha256, ledger.id, meaning_of(workspace.catalog), mappings)
    left = PartShelf(workspace.parts).get(f"primary/{path.name}", key, session.today)
    if left is None:  # adopted, and nothing merged yet
        return
    read = part_of(declared, session.readings.read(path), session.today)
    assert _as_of(left, session.today) == _as_of(read, session.today)
    assert replace(left, tables={}, revision=None) == replace(read, tables={})
