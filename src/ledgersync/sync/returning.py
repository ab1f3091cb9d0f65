"""退回: the sender's own workbook with the faulty cells marked, and the list of reasons."""

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from ledgersync.errors import PatchRefused
from ledgersync.journal import ReturnedCase
from ledgersync.sync.results import SubmissionResult
from ledgersync.sync.session import Session
from ledgersync.workbook.patch import SheetEdit, patch_sheets

REASONS = "退回原因.txt"


def write_returned(session: Session, submissions: Iterable[SubmissionResult]) -> list[Path]:
    """A marked workbook for every file with something to correct, and each person's reasons.

    A person's folder always shows what is open now; nothing open, no folder contents.
    """
    written = []
    people = {s.staff for s in submissions if s.ledger}
    by_file: dict[tuple[str, str], list[ReturnedCase]] = defaultdict(list)
    for submission in submissions:
        if submission.returned:
            by_file[submission.staff, submission.file] += submission.returned
    for (staff, file), cases in by_file.items():
        marked = _mark(session, staff, session.workspace.root / file, cases)
        written += [marked] if marked else []
    for staff in people:
        _write_reasons(session, staff)
    return written


def _mark(session: Session, staff: str, source: Path, cases: list[ReturnedCase]) -> Path | None:
    """The sender's workbook with marks; None where its format cannot be patched."""
    folder = session.workspace.returned(staff)
    folder.mkdir(parents=True, exist_ok=True)
    if source.suffix.casefold() not in (".xlsx", ".xlsm") or not source.exists():
        return None
    marks: dict[str, dict[tuple[int, int], str]] = defaultdict(dict)
    for case in cases:
        if case.sheet and case.sheet_row:
            marks[case.sheet][case.sheet_row, case.sheet_column or 1] = case.zh
    target = folder / source.name
    try:
        patch_sheets(source, target, {name: SheetEdit(marks=m) for name, m in marks.items()})
    except PatchRefused:
        return None
    return target


def _write_reasons(session: Session, staff: str) -> None:
    open_cases = session.journal.returned.open(staff)
    path = session.workspace.returned(staff) / REASONS
    if not open_cases:
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [_headline(staff, len(open_cases)), ""]
    lines += [_line(session, case) for case in open_cases]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8-sig")


def _headline(staff: str, count: int) -> str:
    return f"{staff}：以下 {count} 处待更正。改好后存到收件箱即可，其余内容已合并。"


def _line(session: Session, case: ReturnedCase) -> str:
    ledger = session.catalog.ledgers.get(case.ledger)
    workbook = ledger.workbook if ledger else case.ledger
    where = f"工作表“{case.sheet}”第 {case.sheet_row} 行" if case.sheet else "（位置不明）"
    return f"· {workbook} {where}：{case.zh}"
