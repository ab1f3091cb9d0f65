"""Which folder holds which unit: every unit once, whatever else lies beside it.

A folder below `units/` is the unit that its `ledgersync.toml` names, else the one whose code or
name it bears. Of several folders for one unit the one that bears its code counts; where that does
not decide and they differ, none does, and the unit is missing.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from pathlib import Path

from ledgersync.dataclass import dataclass
from ledgersync.errors import LedgerSyncError
from ledgersync.files import file_hash
from ledgersync.messages import Message, message
from ledgersync.rollup.facts import MissingUnit, Remark
from ledgersync.workspace import Workspace
from ledgersync.workspace.config import CONFIG_NAME, Unit
from ledgersync.workspace.place import IDENTITY, WORKBOOKS
from ledgersync.workspace.unitcodes import full_code, is_code

_NO_UNITS = ("inbox",)


@dataclass(frozen=True, slots=True)
class Claim:
    """A folder and the unit it says it is (padded code, empty for none that it could be)."""

    code: str
    folder: Path
    workspace: Workspace | None = None
    depth: int = 0

    @property
    def bears_the_code(self) -> bool:
        """The workspace that is rolled up is its unit, whatever its folder is called."""
        return self.depth == 0 or code_of(self.folder.name) == self.code

    @property
    def identity(self) -> str | None:
        """The id of the workspace that the folder is, where it is one."""
        path = self.folder / ".ledgersync" / IDENTITY
        return path.read_text(encoding="utf-8").strip() if path.is_file() else None

    def contents(self) -> dict[str, str]:
        primary = self.folder / "primary"
        files = sorted(primary.iterdir()) if primary.is_dir() else []
        return {f.name: file_hash(f) for f in files if f.is_file()}

    def holds_workbooks(self) -> bool:
        loose = (f for f in self.folder.iterdir() if f.suffix.lower() in WORKBOOKS)
        return (self.folder / "primary").is_dir() or any(loose)


@dataclass
class UnitFolders:
    """The folders that count, by padded code, and what is to be said of the others."""

    root: Path
    claims: dict[str, Claim] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)
    missing: list[MissingUnit] = field(default_factory=list)
    passed_over: list[Path] = field(default_factory=list)

    def settle(self, claims: Sequence[Claim], units: Mapping[str, Unit]) -> None:
        """Decides for every unit, from the top down."""
        named = _by_name(units.values())
        groups: dict[str, list[Claim]] = {}
        for claim in claims:
            code = claim.code or named.get(_squeezed(claim.folder.name), "")
            groups.setdefault(code, []).append(
                Claim(code, claim.folder, claim.workspace, claim.depth)
            )
        strangers = groups.pop("", [])
        for group in sorted(groups.values(), key=lambda g: min(c.depth for c in g)):
            self._decide([c for c in group if not self._is_passed_over(c.folder)], units)
        for claim in strangers:
            if not self._is_passed_over(claim.folder) and claim.holds_workbooks():
                self.remarks.append(Remark("unknown_folder", _unknown(self._path(claim)), None))

    def _decide(self, group: Sequence[Claim], units: Mapping[str, Unit]) -> None:
        if not group:
            return
        bearing = [c for c in group if c.bears_the_code]
        kept = [group[0]] if group[0].depth == 0 else bearing if len(bearing) == 1 else group
        if len(kept) > 1 and all(c.contents() == kept[0].contents() for c in kept[1:]):
            kept = kept[:1]
        others = [c for c in group if c not in kept[:1]]
        self.passed_over += [c.folder for c in (others if len(kept) == 1 else group)]
        name = _name(group[0].code, units)
        if len(kept) > 1:
            self._say_ambiguous(group, name)
            return
        self.claims[kept[0].code] = kept[0]
        for other in others:
            text = _twice(self._path(other), self._path(kept[0]), name)
            self.remarks.append(Remark("duplicate_folder", text, _code(kept[0].code, units)))
        self._say_misnamed(kept[0], name, units)

    def _say_ambiguous(self, group: Sequence[Claim], name: str) -> None:
        text = message(
            "{paths} 都是{name}的文件夹，内容不同，不知以哪一个为准，都没有计入。请只留下一个",
            paths=[self._path(c) for c in group],
            name=name,
        )
        self.missing.append(MissingUnit(group[0].code, text, kind="ambiguous"))

    def _say_misnamed(self, claim: Claim, name: str, units: Mapping[str, Unit]) -> None:
        """A whole workspace in a folder that bears another unit's code."""
        other = code_of(claim.folder.name)
        if claim.depth and other and other != claim.code:
            path, named = self._path(claim), _name(other, units)
            text = message(
                "{path} 里是{name}的工作区，按{name}计入，不是{named}的",
                path=path,
                name=name,
                named=named,
            )
            self.remarks.append(Remark("misnamed_folder", text, _code(claim.code, units)))

    def _is_passed_over(self, folder: Path) -> bool:
        return any(folder.is_relative_to(path) for path in self.passed_over)

    def _path(self, claim: Claim) -> str:
        return claim.folder.relative_to(self.root).as_posix() if claim.depth else "."


def find_claims(workspace: Workspace, depth: int = 0) -> Iterator[Claim]:
    """The workspace itself, then every folder below `units/`, those of streets' units included."""
    yield Claim(full_code(workspace.unit.code), workspace.root, workspace, depth)
    below = workspace.root / "units"
    for folder in sorted(below.iterdir()) if below.is_dir() else []:
        if not folder.is_dir() or folder.name.startswith(".") or folder.name in _NO_UNITS:
            continue
        if (folder / CONFIG_NAME).exists():
            yield from _configured(folder, depth + 1)
        else:
            yield Claim(code_of(folder.name), folder, None, depth + 1)


def _configured(folder: Path, depth: int) -> Iterator[Claim]:
    try:
        yield from find_claims(Workspace.open(folder), depth)
    except LedgerSyncError:  # what is wrong with it is said when its rows are wanted
        yield Claim(code_of(folder.name), folder, None, depth)


def code_of(name: str) -> str:
    """The padded code that a folder is called by; empty where its name is no code."""
    text = unicodedata.normalize("NFKC", name).strip()
    return full_code(text) if is_code(text) else ""


def _by_name(units: Iterable[Unit]) -> dict[str, str]:
    """Codes by name; a name that two units bear says nothing."""
    found: dict[str, set[str]] = {}
    for unit in units:
        found.setdefault(_squeezed(unit.name), set()).add(full_code(unit.code))
    return {name: min(codes) for name, codes in found.items() if len(codes) == 1}


def _squeezed(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split())


def _code(code: str, units: Mapping[str, Unit]) -> str:
    """A padded code as it is configured."""
    return units[code].code if code in units else code


def _name(code: str, units: Mapping[str, Unit]) -> str:
    return f"{units[code].name}（{units[code].code}）" if code in units else code


def _twice(path: str, counted: str, name: str) -> Message:
    return message(
        "{path} 也是{name}的文件夹；只计了 {counted}，这一份没有计入。请移走或删除",
        path=path,
        name=name,
        counted=counted,
    )


def _unknown(path: str) -> Message:
    return message(
        "{path} 不是哪个单位的文件夹（名字不是单位代码，也不是单位名称），没有计入。"
        "请改成单位代码，或移走",
        path=path,
    )
