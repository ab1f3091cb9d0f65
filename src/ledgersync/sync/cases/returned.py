"""退回: the sender's own workbook with the faulty cells marked, and the list of reasons.

What was left out of it, or taken with a doubt, is marked and listed beside what went back.

What lies in `returned/<staff>/` follows from the journal alone, so that a run that was cut short
is made good by the next one: the archived original of the submission is marked, not the file that
may have changed since.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory

from ledgersync.errors import PatchRefused
from ledgersync.files import (
    atomic_write,
    file_hash,
    put_in_place,
    sync_file,
    take_over_rights,
    temporary_beside,
)
from ledgersync.journal import NoticeCase, ReturnedCase, SubmissionRecord
from ledgersync.merge import without_rest
from ledgersync.messages import Message, literal
from ledgersync.model import Finding
from ledgersync.sync.copies.handed_back import HandedBack, everybody, given_to, keep
from ledgersync.sync.copies.rescue import rescue
from ledgersync.sync.session import Session
from ledgersync.workbook.patch import SheetEdit, patch_sheets

REASONS = "退回原因.txt"
_PATCHED = (".xlsx", ".xlsm")
_UNFINISHED = "-"  # of which cases a workbook tells that may not be in its folder yet
Case = ReturnedCase | NoticeCase


def write_returned(session: Session) -> list[Path]:
    """Brings every person's folder to what is open now; returns the workbooks written.

    A folder that cannot be written at present (a file is open there) is left for the next run.
    """
    wanted: dict[str, dict[int, list[Case]]] = defaultdict(lambda: defaultdict(list))
    cases: list[Case] = [*session.journal.returned.open(), *session.journal.notices.open()]
    for case in cases:
        if case.submission is not None:
            wanted[case.staff][case.submission].append(case)
    written: list[Path] = []
    for staff in {*wanted, *everybody(session)}:
        with suppress(OSError):
            written += _person(session, staff, wanted.get(staff, {}))
    return written


def _person(session: Session, staff: str, cases: dict[int, list[Case]]) -> list[Path]:
    """Somebody's folder; what they mended right there goes to the inbox before it is replaced."""
    known = given_to(session, staff)
    files = _names(session, cases)
    now = {name: _signature(found) for name, (_, found) in files.items()}
    if now == {name: given.cases for name, given in known.items()}:
        return []
    folder, written = session.workspace.returned(staff), []
    kept = {name: given for name, given in known.items() if given.cases == now.get(name)}
    with ExitStack() as aside:
        before = {}
        for path in [folder / name for name in (known | now).keys() - kept.keys()]:
            if path.exists():
                rescue(session, staff, path, "退回件改过", _ours(known.get(path.name)))
                before[path] = path.rename(aside.enter_context(temporary_beside(path)))
        _write_reasons(session, staff, [case for found in cases.values() for case in found])
        for path in [folder / name for name in now.keys() - kept.keys()]:
            kept[path.name] = HandedBack(now[path.name], "")
            with _marked(session, *files[path.name]) as marked:
                if marked is not None:
                    old = before.get(path)
                    kept[path.name] = _hand_back(session, staff, path, marked, old, kept)
                    written.append(path)
    keep(session, staff, kept)
    return written


def _ours(given: HandedBack | None) -> str | None:
    return given.sha256 if given else None


def _hand_back(
    session: Session, staff: str, target: Path, marked: Path, old: Path | None,
    kept: Mapping[str, HandedBack],
) -> HandedBack:  # fmt: skip
    """Puts a marked workbook into a folder where none of its name lies, with the old one's rights.

    Its hash is known before it lies there: cut short in between, the next run takes it for ours.
    """
    given = kept[target.name]._replace(sha256=file_hash(marked))
    target.parent.mkdir(parents=True, exist_ok=True)
    with temporary_beside(target) as beside:
        copyfile(marked, beside)
        if old is not None:
            take_over_rights(old, beside)
        sync_file(beside)
        keep(session, staff, {**kept, target.name: given._replace(cases=_UNFINISHED)})
        put_in_place(beside, target)
    return given


def _names(
    session: Session, cases: dict[int, list[Case]]
) -> dict[str, tuple[SubmissionRecord, list[Case]]]:
    """The workbooks to hand back, by file name; .csv and .xls are answered with an .xlsx."""
    files: dict[str, tuple[SubmissionRecord, list[Case]]] = {}
    for number, found in cases.items():
        submission = session.journal.submissions.get(number)
        if submission is None:
            continue
        path = Path(submission.file)
        suffix = path.suffix if path.suffix.casefold() in _PATCHED else ".xlsx"
        name = f"{path.stem}{suffix}"
        if name in files:
            name = f"{path.stem}-{number}{suffix}"
        files[name] = (submission, found)
    return files


def _signature(cases: Iterable[Case]) -> str:
    kinds = {ReturnedCase: "", NoticeCase: "n"}
    return ",".join(f"{kinds[type(c)]}{c.id}@{c.submission}" for c in cases)


@contextmanager
def _marked(
    session: Session, submission: SubmissionRecord, cases: list[Case]
) -> Iterator[Path | None]:
    """The sender's workbook with marks, for a while; None where the original is gone."""
    if not session.originals.is_intact(submission.sha256):
        yield None
        return
    with TemporaryDirectory(prefix="ledgersync-") as folder:
        original = Path(folder) / Path(submission.file).name
        original.write_bytes(session.originals.load(submission.sha256))
        suffix = original.suffix if original.suffix.casefold() in _PATCHED else ".xlsx"
        target = Path(folder) / "marked" / f"marked{suffix}"
        target.parent.mkdir()
        try:
            if original.suffix.casefold() not in _PATCHED:
                raise PatchRefused("package.format", literal("", ""))
            patch_sheets(original, target, _marks(cases))
        except PatchRefused:
            from ledgersync.workbook.annotate import annotate  # rarely needed, slow to load

            annotate(original, [_finding(submission, case) for case in cases], target)
        yield target


def _marks(cases: list[Case]) -> dict[str, SheetEdit]:
    marks: dict[str, dict[tuple[int, int], str]] = defaultdict(dict)
    for case in cases:
        if case.sheet and case.sheet_row:
            place = case.sheet_row, case.sheet_column or 1
            before, reason = marks[case.sheet].get(place), _reason(case).zh
            marks[case.sheet][place] = f"{before}\n{reason}" if before else reason
    return {name: SheetEdit(marks=m) for name, m in marks.items()}


def _finding(submission: SubmissionRecord, case: Case) -> Finding:
    return Finding(
        submission.file,
        case.sheet,
        case.sheet_row,
        case.sheet_column or 1,
        case.ledger,
        case.table,
        case.field,
        case.rule,
        case.severity if isinstance(case, NoticeCase) else "error",
        _reason(case),
    )


def _reason(case: Case) -> Message:
    """What stands at the cell: short, the list of reasons says the rest."""
    return without_rest(literal(case.zh, case.en))


def _write_reasons(session: Session, staff: str, cases: list[Case]) -> None:
    path = session.workspace.returned(staff) / REASONS
    if not cases:
        path.unlink(missing_ok=True)
        return
    back = [case for case in cases if isinstance(case, ReturnedCase)]
    told = [case for case in cases if isinstance(case, NoticeCase)]
    parts: list[list[str]] = []
    if back:
        parts.append([_headline(staff, len(back)), "", *(_line(session, c) for c in back)])
    if told:
        parts.append([_told_headline(staff, told), "", *(_line(session, c) for c in told)])
    text = "\n\n".join("\n".join(part) for part in parts)
    atomic_write(path, (text + "\n").encode("utf-8-sig"))


def _headline(staff: str, count: int) -> str:
    return f"{staff}：以下 {count} 处待更正。改好后存到收件箱即可，其余内容已合并。"


def _told_headline(staff: str, told: list[NoticeCase]) -> str:
    left = sum(case.severity == "error" for case in told)
    counted = [f"{left} 处没有收进来"] if left else []
    counted += [f"{len(told) - left} 处收了但存疑"] if left < len(told) else []
    return (
        f"{staff}：以下 {'、'.join(counted)}，请核对。改好后存到收件箱即可；"
        "没有问题的，告诉统计员一声。"
    )


def _line(session: Session, case: Case) -> str:
    ledger = session.catalog.ledgers.get(case.ledger)
    workbook = ledger.workbook if ledger else case.ledger
    where = f"工作表“{case.sheet}”" if case.sheet else "（位置不明）"
    where += f"第 {case.sheet_row} 行" if case.sheet and case.sheet_row else ""
    return f"· {workbook} {where}：{case.zh}"
