"""Patches a workbook: plans all sheets, writes beside the target, reads back, replaces.

The order is the guarantee: every refusal comes before the target is touched, and the target
changes in one step or not at all.
"""

import struct
import zlib
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path

from lxml import etree

from ledgersync.files import file_hash, put_in_place, sync_file, temporary_beside
from ledgersync.workbook.patch.follow.filters import widen_filter
from ledgersync.workbook.patch.follow.ranges import follow_ranges, grow_dimension
from ledgersync.workbook.patch.package.parts import Package
from ledgersync.workbook.patch.package.stylesheet import open_styles, save_styles
from ledgersync.workbook.patch.package.zipcopy import ZipSource, ZipTarget
from ledgersync.workbook.patch.refusals import refuse
from ledgersync.workbook.patch.scan.edits import CellValue, PatchReport, SheetEdit, SheetReport
from ledgersync.workbook.patch.scan.xml_scan import require_well_formed
from ledgersync.workbook.patch.sheet.emit import SheetWriter
from ledgersync.workbook.patch.sheet.hiding import hide_columns
from ledgersync.workbook.patch.sheet.marks import attach_notes
from ledgersync.workbook.patch.sheet.moving import Piece
from ledgersync.workbook.patch.sheet.plan import SheetPlan, plan_sheet
from ledgersync.workbook.patch.whole.other_parts import follow_package
from ledgersync.workbook.patch.whole.verify import verify_members, verify_parts, verify_sheet
from ledgersync.workbook.patch.whole.workbook_part import (
    follow_calc_chain,
    follow_workbook,
    is_1904,
)

FOREIGN_FAULTS = (ValueError, LookupError, struct.error, zlib.error, etree.XMLSyntaxError)
"""What reading a file that breaks the rules of its format can raise; the cause stays attached."""


def patch_workbook(
    source: Path | str,
    target: Path | str,
    sheet: str,
    cells: Mapping[tuple[int, int], CellValue] | None = None,
    append: Sequence[Sequence[CellValue]] = (),
    remove_rows: Sequence[int] = (),
) -> PatchReport:
    """Writes changes to one sheet of `source` as `target`; see `patch_sheets`."""
    edit = SheetEdit(cells=cells or {}, append=append, remove_rows=remove_rows)
    return patch_sheets(source, target, {sheet: edit})


def patch_sheets(
    source: Path | str,
    target: Path | str,
    edits: Mapping[str, SheetEdit],
    *,
    parts: Mapping[str, bytes] | None = None,
    expect_sha256: str | None = None,
) -> PatchReport:
    """Writes changes to several sheets of `source` as `target`, which is replaced if it exists.

    Rows and columns count from 1 and mean the sheet as it is in `source`; removed rows close up.
    `parts` replaces (or adds) whole members of the package. `expect_sha256` is the hash that an
    existing target must still have.

    Raises `PatchRefused` with a stable reason before the target is touched; `OSError` when the
    disk fails. In both cases the target is as it was.
    """
    source, target = Path(source), Path(target).resolve()
    with closing(ZipSource(source)) as package_file, temporary_beside(target) as finished:
        try:
            patch = _Patch(Package(package_file), edits, parts or {})
            patch.write(finished)
            sync_file(finished)
            patch.verify(finished)
        except FOREIGN_FAULTS as error:
            raise refuse("package.malformed", source.name) from error
        report = patch.report(file_hash(finished))
        package_file.close()
        put_in_place(finished, target, expect_sha256)
    return report


class _Patch:
    """One run: plans on creation, then writes and verifies."""

    def __init__(
        self, package: Package, edits: Mapping[str, SheetEdit], parts: Mapping[str, bytes]
    ) -> None:
        self._package = package
        self._styles = open_styles(package)
        date1904 = is_1904(package.read(package.workbook))
        self._plans = [plan_sheet(package, name, edit, date1904) for name, edit in edits.items()]
        self._names = dict(zip((plan.sheet.name for plan in self._plans), edits, strict=True))
        follow_package(package, self._plans)
        self._writers = {plan.sheet.member: self._writer(plan) for plan in self._plans}
        self._rendered = {name: w.render_rows() for name, w in self._writers.items()}
        follow_workbook(package, self._plans)
        follow_calc_chain(package, self._plans)
        save_styles(package, self._styles)
        for member, data in parts.items():
            package.put(member, data)
        self._check()

    def _writer(self, plan: SheetPlan) -> SheetWriter:
        writer = SheetWriter(plan, self._styles)
        text, growth = plan.text, plan.landing.growth
        follows = plan.rows.moves or growth.active or plan.landing.reach is not None
        head = text.head
        if plan.rows.moves:
            head = follow_ranges(head, plan.sheet.name, plan.shift, growth)
        head = grow_dimension(head, plan.used(), plan.rows)
        writer.head = hide_columns(head, plan.edit.hide)
        tail = text.tail
        if follows:
            tail = follow_ranges(tail, plan.sheet.name, plan.shift, growth)
        if plan.edit.new_columns:
            tail = widen_filter(tail, plan.edit.new_columns)
        writer.tail = attach_notes(self._package, plan, tail)
        return writer

    def _check(self) -> None:
        """The changed parts and each sheet's frame are well-formed; its rows are read back."""
        for parts in (self._package.changed, self._package.added):
            for member, data in parts.items():
                if member.lower().endswith((".xml", ".rels")):
                    require_well_formed(data, member)
        for member, writer in self._writers.items():
            require_well_formed(writer.head + writer.tail, member)

    def write(self, path: Path) -> None:
        """Writes the package: members in their order, changed ones replaced, new ones last."""
        package = self._package
        with path.open("xb") as file:
            target = ZipTarget(file)
            for member in sorted(package.source.members, key=lambda item: item.start):
                if member.name in package.dropped:
                    continue
                pieces = self._pieces(member.name)
                if pieces is None:
                    target.copy(package.source, member)
                else:
                    target.write(pieces, member.name, member)
            for name, data in package.added.items():
                target.write([data], name)
            target.finish(package.source.comment)

    def _pieces(self, name: str) -> Iterable[Piece] | None:
        if name in self._writers:
            return self._writers[name].pieces(self._rendered[name])
        changed = self._package.changed.get(name)
        return None if changed is None else [changed]

    def verify(self, path: Path) -> None:
        """Reads the finished file back and compares; frees the source texts first."""
        expected = [
            (plan.sheet, self._writers[plan.sheet.member].spans, plan.writes)
            for plan in self._plans
        ]
        self._reports = self._sheet_reports()
        self._plans.clear()
        self._writers.clear()
        with closing(ZipSource(path)) as written:
            verify_members(self._package.source, written, self._untouched())
            verify_parts(written, {**self._package.changed, **self._package.added})
            for sheet, spans, writes in expected:
                verify_sheet(written, sheet, spans, writes)

    def _untouched(self) -> list[str]:
        touched = {*self._package.changed, *self._package.dropped, *self._rendered}
        return [name for name in self._package.source.by_name if name not in touched]

    def _sheet_reports(self) -> dict[str, SheetReport]:
        return {
            self._names[plan.sheet.name]: SheetReport(
                plan.appended_rows,
                plan.landing.column,
                plan.rows,
                frozenset(plan.cleared),
            )
            for plan in self._plans
        }

    def report(self, sha256: str) -> PatchReport:
        """What was done."""
        package = self._package
        return PatchReport(
            sheets=self._reports,
            changed_members=tuple(sorted({*package.changed, *self._rendered})),
            added_members=tuple(package.added),
            dropped_members=tuple(sorted(package.dropped)),
            untouched_members=len(self._untouched()),
            sha256=sha256,
        )
