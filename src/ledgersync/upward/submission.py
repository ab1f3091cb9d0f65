"""`submit`: the figures of a period as a package for the office above, version by version."""

import getpass
from collections.abc import Iterator, Sequence
from pathlib import Path

from ledgersync import __version__
from ledgersync.dataclass import dataclass
from ledgersync.errors import UsageFault
from ledgersync.files import atomic_write
from ledgersync.journal import KeptPackage
from ledgersync.messages import message
from ledgersync.rollup.definitions import load_definitions
from ledgersync.rollup.figures import RollUp
from ledgersync.rollup.period.months import Period
from ledgersync.rollup.sources.collect import Collected
from ledgersync.upward.combine.running import CombinedRun
from ledgersync.upward.content.figures import packed
from ledgersync.upward.content.keyed import counts_across, part_name, written
from ledgersync.upward.content.quality import checks_part, completeness_part
from ledgersync.upward.content.rows import RowsAsked, rows_part
from ledgersync.upward.keys.public import PublicKeys
from ledgersync.upward.matches.cases import unit_hashes
from ledgersync.upward.matches.hashes import PART
from ledgersync.upward.matches.hashes import written as written_matches
from ledgersync.upward.names import package_name
from ledgersync.upward.office import Office
from ledgersync.upward.package.archive import part_of, write_archive
from ledgersync.upward.package.envelope import wrapped
from ledgersync.upward.package.manifest import Manifest
from ledgersync.workspace.place import keep_private
from ledgersync.workspace.unitcodes import full_code, is_code


@dataclass(frozen=True, slots=True)
class Submitted:
    """A package that was made; `found` are the figures in it."""

    path: Path
    manifest: Manifest
    signed: bool
    encrypted: bool
    found: RollUp
    paper: RollUp  # what of them the workbook beside it shows
    to: str


@dataclass(frozen=True)
class Submission:
    """One package to be made of figures that were rolled up."""

    office: Office
    run: CombinedRun
    collected: Collected
    recipient: str  # padded code
    rows: Sequence[RowsAsked] = ()
    unmask: str | None = None

    @property
    def period(self) -> Period:
        return self.run.request.period

    def make(self) -> Submitted:
        """Writes the package; in the journal first, so that no version is made twice."""
        office, keys = self.office, self.office.keys
        known = office.recipient(self.recipient)
        found = self.run.exact()
        shown = found if known else self.run.figures("public")  # gives no small counts away
        parts = dict(self._parts(shown, sealed=known is not None))
        manifest = self._manifest(parts, sealed=known is not None)
        archive = write_archive(manifest, parts)
        package = wrapped(archive, keys, known)
        name = package_name(office.workspace.unit.name, self.period.text, manifest.version)
        path = office.workspace.reports(self.period.text) / name
        self._keep(manifest, archive, known, path)
        atomic_write(path, package)
        keep_private(path)
        return Submitted(
            path,
            manifest,
            keys is not None,
            known is not None,
            found,
            self.run.figures(),
            office.shown(self.recipient),
        )

    def _parts(self, found: RollUp, *, sealed: bool) -> Iterator[tuple[str, bytes]]:
        """Name and content; hashes, which tell how many there are, only where nobody else reads."""
        workspace, request = self.office.workspace, self.run.request
        yield "figures.json", packed(found)
        yield "completeness.json", completeness_part(found)
        closed = self.run.closed
        then = closed.closed.parts.get("checks.json") if closed else None
        yield "checks.json", then or checks_part(workspace, request.today)
        if sealed and (key := self.office.matching) is not None:
            for defined in filter(counts_across, load_definitions(workspace.catalog)):
                if (sets := self.run.key_sets(defined, key)) is not None:
                    yield part_name(defined), written(sets)
            yield PART, written_matches(unit_hashes(self.office, self.collected, key))
        for asked in self.rows:
            facts = self.collected.facts
            yield asked.part, rows_part(asked, workspace.catalog, facts, self.period)

    def _manifest(self, parts: dict[str, bytes], *, sealed: bool) -> Manifest:
        office = self.office
        unit, last = office.workspace.unit, self._last()
        key = office.matching if sealed else None
        return Manifest(
            unit=unit.code,
            name=unit.name,
            recipient=self.recipient,
            period=self.period.text,
            closing_day=self.period.closing_day,
            version=last.version + 1 if last else 1,
            previous=last.sha256 if last else None,
            made=office.session.now().isoformat(),
            program=__version__,
            schemas={ledger.id: str(ledger.version) for ledger in office.workspace.catalog},
            matching=key.key_id if key else None,
            parts={name: part_of(content) for name, content in parts.items()},
        )

    def _last(self) -> KeptPackage | None:
        return self.office.journal.packages.last("out", self.office.code, self.period.text)

    def _keep(
        self, manifest: Manifest, archive: bytes, known: PublicKeys | None, path: Path
    ) -> None:
        office = self.office
        sha256 = office.archives.keep(archive)
        kept = KeptPackage(
            office.code,
            manifest.period,
            manifest.version,
            sha256,
            manifest.previous,
            office.workspace.relative(path),
            office.keys.public.sign if office.keys else None,
            known is not None,
            manifest.made,
            office.session.now().isoformat(),
        )
        with office.journal.transaction():
            office.journal.packages.add("out", kept)
            for asked in self.rows:
                office.journal.log.event(
                    office.session.now(),
                    getpass.getuser(),
                    "unmask" if self.unmask else "submit.rows",
                    command="submit",
                    rows=asked.text,
                    reason=self.unmask or "",
                    sha256=sha256,
                )


def recipient_of(office: Office, text: str | None) -> str:
    """The padded code of whom the package is for: `--to`, else the office above."""
    if text is None:
        return office.parent
    asked = text.strip()
    known = next((keys.code for keys in office.trusted if asked == keys.name), None)
    if known:
        return known
    if is_code(asked):
        return full_code(asked)
    raise UsageFault(
        message("--to 的“{text}”不是单位代码，也不是相信的单位的名称。", text=text),
        message("请写上级的单位代码，如 360702001。"),
    )
