"""What everything here works with: a workspace, its keys, its journal, its units."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property

from ledgersync.dataclass import dataclass
from ledgersync.errors import WorkspaceFault
from ledgersync.journal import Journal, KeptPackage, Originals
from ledgersync.messages import message
from ledgersync.rollup.dataset.pseudonyms import Pseudonyms, matching_key
from ledgersync.rollup.sources.collect import units_of
from ledgersync.rollup.units.tree import FOR_EVER, LONG_AGO, Node, Stay, UnitTree
from ledgersync.sync.opening import open_session
from ledgersync.sync.session import Session
from ledgersync.upward.keys.matching import granted_key
from ledgersync.upward.keys.own import OwnKeys, keys_gone, own_keys
from ledgersync.upward.keys.public import PublicKeys
from ledgersync.upward.keys.trust import TrustBook
from ledgersync.upward.package.archive import Archive, read_archive
from ledgersync.workspace import Unit, Workspace, clock
from ledgersync.workspace.place import IDENTITY, keep_private
from ledgersync.workspace.unitcodes import (
    code_above,
    enclosing_code,
    enclosing_codes,
    full_code,
    level_of,
)


@dataclass(frozen=True)
class Office:
    """A unit as sender and receiver; open within `office_session`."""

    session: Session

    @property
    def workspace(self) -> Workspace:
        return self.session.workspace

    @property
    def journal(self) -> Journal:
        return self.session.journal

    @property
    def code(self) -> str:
        return full_code(self.workspace.unit.code)

    @cached_property
    def keys(self) -> OwnKeys | None:
        """None where it never had any; raises WorkspaceFault where they are gone, for a package
        must not go out open because somebody else is logged in."""
        found = own_keys(self.workspace.keys, self.workspace.unit)
        made = None if found else self.keys_made
        if made:
            raise keys_gone(self.workspace.keys, made)
        return found

    @property
    def keys_made(self) -> str | None:
        """The day on which this unit last made keys."""
        made = self.journal.log.noted("keys.init", "keys.replace")
        return made and made[:10]

    @cached_property
    def trusted(self) -> TrustBook:
        return TrustBook(self.workspace.keys)

    def has_believed(self, code: str) -> bool:
        """Whether a unit is believed, or was: nothing open comes from it or goes to it any more,
        even if its key is lost here."""
        noted = self.journal.log.noted_units("keys.trust")
        believed = {full_code(unit) for unit in noted if unit}
        return self.trusted.of(code) is not None or full_code(code) in believed

    def recipient(self, code: str) -> PublicKeys | None:
        """Whom a package is encrypted for; None where it never was. Raises WorkspaceFault where
        that unit was believed once and is not known here any more."""
        if self.keys is None:
            return None
        known = self.trusted.of(code)
        if known is None and self.has_believed(code):
            raise WorkspaceFault(
                message("相信过 {unit} 的公钥，现在这台电脑上没有了。", unit=self.shown(code)),
                message(
                    "请用它的公钥或授权文件再运行 ledgersync keys trust（先在电话里核对指纹）；"
                    "否则包会不加密。"
                ),
            )
        return known

    @property
    def matching(self) -> Pseudonyms | None:
        """The key to match people with: an office always has one, a community a granted one."""
        if self.workspace.unit.level == "community":
            return granted_key(self.workspace.keys)
        return matching_key(self.workspace.keys, self.workspace.state / "keys")

    @cached_property
    def tree(self) -> UnitTree:
        """The units that are listed, and those that are believed and below by their codes."""
        listed = units_of(self.workspace, clock.today())
        nodes, level = dict(listed.nodes), self.workspace.unit.level
        for known in sorted(self.trusted, key=lambda k: k.code):
            is_below = known.code != self.code and enclosing_code(known.code, level) == self.code
            if is_below and known.code not in nodes:
                below = level_of(known.code)
                around = enclosing_codes(known.code, below)
                parent = next((c for c in around if c in nodes), listed.root)
                unit = Unit(code=known.unit, name=known.name, level=below, parent=parent)
                stay = Stay(LONG_AGO, FOR_EVER, parent)
                nodes[known.code] = Node(unit, parent, (stay,))
        return replace(listed, nodes=nodes) if len(nodes) > len(listed.nodes) else listed

    @cached_property
    def archives(self) -> Originals:
        """Every package that came or went, as it was signed; the owner's only."""
        folder = self.workspace.packages
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return Originals(folder)

    def archive(self, package: KeptPackage) -> Archive:
        """A package that came or went, as it was signed; raises WorkspaceFault where it is not
        what it was."""
        if not self.archives.is_intact(package.sha256):
            raise WorkspaceFault(
                message("上报包 {file} 的存档不见了或已损坏。", file=package.file),
                message(
                    "请再收一次：ledgersync receive {file:sh}；收不了的，从备份恢复 {folder}。",
                    file=self.workspace.root / package.file,
                    folder=self.archives.folder,
                ),
            )
        return read_archive(self.archives.load(package.sha256))

    @property
    def parent(self) -> str:
        """The padded code of the office above: as configured, else as the code itself says."""
        unit = self.workspace.unit
        return full_code(unit.parent) if unit.parent else code_above(unit.code, unit.level)

    def is_below(self, code: str) -> bool:
        """Whether a unit (padded code) reports to this one, as the configuration or codes say."""
        if code == self.code:
            return False
        level = self.workspace.unit.level
        return code in self.tree.nodes or enclosing_code(code, level) == self.code

    def node(self, code: str) -> Node | None:
        return self.tree.nodes.get(full_code(code))

    def name(self, code: str, claimed: str | None = None) -> str:
        """A unit's name where it is known, else what it calls itself, else its code."""
        node = self.node(code)
        if node:
            return node.unit.name
        known = self.trusted.of(code)
        return known.name if known else claimed or code

    def shown(self, code: str) -> str:
        """A padded code as it is configured."""
        node = self.node(code)
        if node:
            return node.unit.code
        known = self.trusted.of(code)
        return known.unit if known else code


@contextmanager
def office_session(workspace: Workspace, what: str, *, write: bool = True) -> Iterator[Office]:
    """An office at work, under the workspace's lock.

    A street or district that was set up by its configuration alone gets its journal now.
    """
    if write and workspace.unit.level != "community":
        _begin(workspace)
    with open_session(workspace, what, write=write) as session:
        yield Office(session)


def _begin(workspace: Workspace) -> None:
    if workspace.journal_file.exists() or (workspace.home / IDENTITY).exists():
        return
    workspace.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    with Journal.create(workspace.journal_file, workspace.catalog) as journal:
        keep_private(workspace.journal_file)
        with journal.transaction():
            journal.log.seal(journal.log.begin("init", "ledgersync", clock.now()))
