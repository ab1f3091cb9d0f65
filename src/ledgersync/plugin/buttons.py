"""What the buttons do, under Excel and LibreOffice alike: 校验本表, 提交, 更新, 冲突, 关于.

Each takes the open workbook and returns a `Report`; showing it is `pressed`'s business.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import field
from pathlib import Path

import xlwings

from ledgersync import __version__
from ledgersync.dataclass import dataclass
from ledgersync.errors import LedgerSyncError, UsageFault, WorkspaceFault
from ledgersync.files import atomic_write
from ledgersync.messages import message
from ledgersync.model import Finding, Rows
from ledgersync.plugin import marks, schemas
from ledgersync.plugin.functions import today
from ledgersync.plugin.openbook import OpenBook
from ledgersync.plugin.reader import SnapshotReader, opened, snapshot_path
from ledgersync.plugin.refresh import Scope, Taken, Updater, posted_since
from ledgersync.plugin.settings import load_settings, workspace_of
from ledgersync.privacy import mask
from ledgersync.schema import FieldSchema, TableKey
from ledgersync.values import from_json, shown

_SHOWN = 12  # lines of a report; a message box is no list


@dataclass(frozen=True, slots=True)
class Report:
    """What a button did, in Chinese, for a message box; `counts` for whoever called it."""

    title: str
    text: str
    counts: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Button:
    """A button: identifier, caption, tooltip, what it does."""

    id: str
    caption: str
    tip: str
    action: Callable[[xlwings.Book], Report]


def pressed(action: Callable[[xlwings.Book], Report], book: xlwings.Book) -> Report:
    """Run a button and show what it reports; a failure is a report too."""
    try:
        report = action(book)
    except LedgerSyncError as error:
        report = Report("没有做成", error.text())
    except OSError as error:
        report = Report("没有做成", f"文件操作失败：{error.strerror or error}")
    book.app.status_bar = report.text.splitlines()[0]
    book.app.alert(report.text, title=f"台账同步 · {report.title}")
    return report


def check(book: xlwings.Book) -> Report:
    """Mark the faults of the active sheet at their cells."""
    sheet = book.sheets.active
    marks.clear_marks(sheet)
    reader = _reader(book)
    open_book = _open(book, reader)
    if reader:
        open_book.references = _referenced(reader, open_book.data.ledgers())
    found = open_book.findings()
    here = [f for f in found if f.sheet == sheet.name and f.severity != "info"]
    marked = marks.mark(sheet, here)
    errors = sum(f.severity == "error" for f in here)
    others = sum(f.severity != "info" for f in found) - len(here)
    counts = {"errors": errors, "warnings": len(here) - errors, "marked": marked.cells}
    counts["refused"] = len(marked.refused)
    return Report("校验本表", "\n".join(_check_lines(here, errors, others, marked)), counts)


def _check_lines(
    here: list[Finding], errors: int, others: int, marked: marks.Marked
) -> Iterator[str]:
    if not here:
        yield "本表没有发现问题。"
    else:
        done = "" if marked.refused else "（已标红）"
        yield f"本表有 {errors} 处错误{done}、{len(here) - errors} 处提醒。"
    if marked.refused:
        cells = "、".join(marked.refused[:_SHOWN]) + ("……" if len(marked.refused) > _SHOWN else "")
        yield f"工作表有保护，{len(marked.refused)} 格没能标上颜色：{cells}。"
        yield "请按下面逐条改正；要标在格子上，先撤销工作表保护，再按“校验本表”。"
    for finding in sorted(here, key=lambda f: f.severity != "error")[:_SHOWN]:
        yield f"{finding.cell or ''} {finding.message.zh}"
    if len(here) > _SHOWN:
        yield f"……还有 {len(here) - _SHOWN} 处"
    if others:
        yield f"其他工作表还有 {others} 处，请切换过去再校验。"


def submit(book: xlwings.Book) -> Report:
    """Save, and put a copy into the inbox, where the merge finds it."""
    opened_book = _open(book, None)
    path = opened_book.path
    if path is None:
        raise UsageFault(
            message("这个工作簿还没有保存过。"),
            message("请先另存为 .xlsx 文件，再按“提交”。"),
        )
    inbox = _inbox(opened_book, path)
    book.save()
    if path.resolve().parent != inbox.resolve():
        _deliver(path, inbox / path.name)
    errors = sum(f.severity == "error" for f in opened_book.findings())
    lines = [f"已提交到收件箱：{inbox.parent.name}/{inbox.name}/{path.name}"]
    if errors:
        lines.append(f"还有 {errors} 处错误，合并时会退回这些单元格；可先按“校验本表”改正再提交。")
    return Report("提交", "\n".join(lines), {"errors": errors})


def _inbox(book: OpenBook, path: Path) -> Path:
    folder = _workspace(path)
    stamped = book.stamp.staff if book.stamp else None
    issued_to = path.parent.name if path.parent.parent.name in ("issued", "inbox") else ""
    staff = stamped or issued_to or load_settings().staff
    if not staff or Path(staff).name != staff:
        raise UsageFault(
            message("不知道以谁的名义提交。"),
            message("请用发给您的副本，或运行 ledgersync addin install --staff 姓名。"),
        )
    return folder / "inbox" / staff


def _workspace(path: Path | None) -> Path:
    folder = workspace_of(path)
    if folder is None:
        raise WorkspaceFault(
            message("没有找到工作区。"),
            message("请确认共享文件夹已连接，或运行 ledgersync -C 工作区 addin install。"),
        )
    return folder


def _deliver(source: Path, target: Path) -> None:
    """Beside, then in place: a watcher never sees half a file."""
    atomic_write(target, source.read_bytes())


def update(book: xlwings.Book) -> Report:
    """Take colleagues' entries into the open workbook; what was typed here stays."""
    reader = _reader(book)
    if reader is None:
        _workspace(Path(book.fullname))
        raise _no_snapshot()
    open_book = _open(book, reader)
    stamp = open_book.stamp
    if stamp is None or not any(t.id_column for t in open_book.data.tables):
        raise UsageFault(
            message("这不是发放的副本，不能更新。"),
            message("请按“提交”，再用新发的副本。"),
        )
    if not reader.knows(stamp):
        raise UsageFault(
            message("这份副本太旧，接不上现在的台账。"),
            message("请先提交，再用新发的副本。"),
        )
    taken = _take(book, open_book, reader, stamp.revision)
    if not taken.clashes:
        open_book.restamp(reader.revision, reader.digest)
    counts = {"cells": taken.cells, "added": taken.added, "removed": taken.removed}
    return Report("更新", _taken_text(taken), counts | {"clashes": len(taken.clashes)})


def _no_snapshot() -> WorkspaceFault:
    return WorkspaceFault(
        message("还没有可更新的内容。"),
        message("请等台账管理员合并一次后再试。"),
    )


def _take(book: xlwings.Book, open_book: OpenBook, reader: SnapshotReader, since: int) -> Taken:
    whole = Taken()
    staff = open_book.stamp.staff if open_book.stamp else None
    scope = Scope(reader.scope(staff or ""))
    for data in open_book.data.tables:
        posted = posted_since(reader, data.ledger, since).get(data.table)
        if posted and data.id_column:
            one = Updater(book.sheets[data.sheet], data, reader).apply(posted, scope)
            whole.cells += one.cells
            whole.added += one.added
            whole.removed += one.removed
            whole.clashes += one.clashes
    return whole


def _taken_text(taken: Taken) -> str:
    if not (taken.cells or taken.added or taken.removed or taken.clashes):
        return "已经是最新的，没有同事的新内容。"
    lines = [f"更新了 {taken.cells} 个单元格，新增 {taken.added} 行，删除 {taken.removed} 行。"]
    if taken.clashes:
        lines.append(f"有 {len(taken.clashes)} 处您和同事都改过，保留了您的，提交后由管理员裁定：")
        lines += [f"{sheet} 第 {row} 行〔{name}〕" for sheet, row, name in taken.clashes[:_SHOWN]]
    return "\n".join(lines)


def conflicts(book: xlwings.Book) -> Report:
    """The open conflicts that its owner is part of, with the rows where they stand here."""
    reader = _reader(book)
    if reader is None:
        _workspace(Path(book.fullname))
        raise _no_snapshot()
    open_book = _open(book, reader)
    staff = open_book.stamp.staff if open_book.stamp else load_settings().staff
    lines = list(_conflict_lines(open_book, reader, staff or ""))
    if not lines:
        return Report("冲突", "没有等待裁定的冲突。", {"conflicts": 0})
    head = f"有 {len(lines)} 处冲突等待裁定（主台账保持原值，您填的已留存）："
    more = [f"……还有 {len(lines) - _SHOWN} 处"] if len(lines) > _SHOWN else []
    return Report("冲突", "\n".join([head, *lines[:_SHOWN], *more]), {"conflicts": len(lines)})


def _conflict_lines(book: OpenBook, reader: SnapshotReader, staff: str) -> Iterator[str]:
    rows = {rid: t for t in book.data.tables for rid in t.record_ids if rid}
    ledgers = book.data.ledgers()
    for ledger, table, record, name, ours, theirs, ours_by, theirs_by in reader.all(
        "SELECT ledger, tbl, record, field, ours, theirs, ours_by, theirs_by FROM conflict"
        " WHERE ? = '' OR ours_by = ? OR theirs_by = ? ORDER BY id",
        *(staff, staff, staff),
    ):
        if ledger in ledgers:
            schema = reader.catalog.table(ledger, table)
            here = rows.get(record)
            where = f"第 {here.rows[here.record_ids.index(record)]} 行" if here else "（不在本表）"
            if name is None:
                yield f"{schema.sheet} {where}：{ours_by} 与 {theirs_by} 一改一删"
                continue
            field_ = schema.by_id[name]
            kept, typed = _masked(field_, ours), _masked(field_, theirs)
            yield (
                f"{schema.sheet} {where}〔{field_.header}〕"
                f"{ours_by or '主台账'}填“{kept}”，{theirs_by}填“{typed}”"
            )


def _masked(field_: FieldSchema, stored: str | None) -> str:
    value = shown(from_json(field_, json.loads(stored))) if stored else ""
    return mask(field_.privacy, value)


def about(book: xlwings.Book) -> Report:
    """Version, workspace, and which state of the ledger is on the screen."""
    open_book = _open(book, None)
    stamp, folder = open_book.stamp, workspace_of(open_book.path)
    reader = _reader(book)
    lines = [
        f"台账同步 LedgerSync {__version__}",
        f"工作区：{folder or '未连接'}",
        f"台账已合并到：第 {reader.revision} 次修订" if reader else "台账：还没有快照",
    ]
    if stamp:
        lines.append(f"本副本：{stamp.staff or '主台账'}，第 {stamp.revision} 次修订")
    return Report("关于", "\n".join(lines))


def _reader(book: xlwings.Book) -> SnapshotReader | None:
    path = snapshot_path(Path(book.fullname))
    return opened(path) if path else None


def _open(book: xlwings.Book, reader: SnapshotReader | None) -> OpenBook:
    """The workbook with the workspace's ledgers, or with those that come with LedgerSync."""
    return OpenBook(book, reader.catalog if reader else schemas.catalog(), today())


def _referenced(reader: SnapshotReader, ledgers: list[str]) -> dict[TableKey, Rows]:
    """The rows that fields of these ledgers refer to, as the primaries hold them."""
    paths = {
        path
        for name in ledgers
        for table in reader.catalog.ledgers[name].tables
        for f in table.fields
        for path in (f.ref, f.le, f.ge, f.workdays_after.field if f.workdays_after else None)
        if path and "." in path
    }
    return {key: reader.rows(*key) for key in {_table_of(path) for path in paths}}


def _table_of(path: str) -> TableKey:
    ledger, table, _ = path.split(".")
    return ledger, table


BUTTONS = {
    button.id: button
    for button in (
        Button("check", "校验本表", "把本表的问题标在单元格上，并写明原因", check),
        Button("submit", "提交", "保存，并把一份放进收件箱等待合并", submit),
        Button("update", "更新", "把同事已合并的内容取到这张表里，您没提交的改动会保留", update),
        Button("conflicts", "冲突", "列出与您有关、等待裁定的冲突", conflicts),
        Button("about", "关于", "版本、工作区和这份副本的状态", about),
    )
}
