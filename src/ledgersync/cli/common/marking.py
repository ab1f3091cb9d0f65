"""Where `check --annotate` puts its copies, and what it says about them.

A copy must never lie where the next merge takes it for a submission: of a file inside a workspace
(or in a download folder that one watches) it goes into the workspace's `reports`, of any other
file beside it. A folder that is named is used, unless it belongs to the inbox.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ledgersync.cli.common.app import CONFIG_NAME, App
from ledgersync.errors import UsageFault
from ledgersync.messages import message

if TYPE_CHECKING:
    from ledgersync.sync.check import CheckReport
    from ledgersync.workbook.annotate import Way
    from ledgersync.workspace import Workspace

HERE = "."
_PEOPLES_FOLDERS = ("inbox", "issued", "returned")


def is_workbook(path: Path) -> bool:
    """A file, or what would be one: no folder is named like a workbook."""
    from ledgersync.sync.intake.inbox import SUFFIXES

    return path.is_file() or (not path.is_dir() and path.suffix.casefold() in SUFFIXES)


def write_copies(app: App, report: CheckReport, folder: str) -> list[tuple[Path, Way]]:
    """The annotated copy of every file, and how each was made."""
    from ledgersync.workbook.annotate import annotate
    from ledgersync.workspace.place import keep_private

    written: list[tuple[Path, Way]] = []
    for file in report.files:
        home = _home(app, file.path)
        target = _target(home, file.path, folder)
        if target in {path for path, _ in written}:
            target = target.with_stem(f"{target.stem}-{len(written) + 1}")
        written.append((target, annotate(file.path, file.findings, target)))
        if home is not None and home.is_private(target):
            keep_private(target)
    return written


def outcome_words(app: App, target: Path, way: Way) -> str:
    """Where a copy is, and what it lacks."""
    text = message("标注副本：{target}", target=target)
    if way == "rewritten":
        text = message(
            "{copy}（这本不能原样加标注，副本是重写的，图片、控件等可能缺；以原工作簿为准）",
            copy=text,
        )
    elif way == "contents":
        text = message("{copy}（只有单元格内容，没有原来的格式）", copy=text)
    return app.text(text)


def _target(home: Workspace | None, path: Path, folder: str) -> Path:
    from ledgersync.workbook.annotate import annotated_name

    name = annotated_name(path)
    if folder != HERE:
        _refuse_inbox(Path(folder))
        return Path(folder) / name
    if home is None:
        return path.parent / name
    parts = Path(home.relative(path)).parts
    owner = f"{parts[1]}-" if len(parts) > 2 and parts[0] in _PEOPLES_FOLDERS else ""
    return home.root / "reports" / f"{owner}{name}"


def _home(app: App, path: Path) -> Workspace | None:
    """The workspace that a file lies in, or whose download folder it lies in."""
    from ledgersync.watch.pending_work import inbox_folders
    from ledgersync.workspace import Workspace

    root = _root_above(path)
    if root is not None:
        return Workspace.open(root)
    here = app.workspace_or_none()
    folders = inbox_folders(here) if here else []
    return here if any(path.resolve().is_relative_to(f.resolve()) for f in folders) else None


def _root_above(path: Path) -> Path | None:
    above = path.resolve().parents
    return next((folder for folder in above if (folder / CONFIG_NAME).is_file()), None)


def _refuse_inbox(folder: Path) -> None:
    root = _root_above(folder / "x")
    if root is None or not folder.resolve().is_relative_to(root / "inbox"):
        return
    raise UsageFault(
        message("标注副本不能放进收件箱 {folder}：下次合并会把它当作交来的表。", folder=folder),
        message("请换一个文件夹；不写文件夹时存到工作区的 reports。"),
    )
