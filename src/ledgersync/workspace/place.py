"""The folders of a workspace, and who may open them."""

import hashlib
import os
import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path

from ledgersync.dataclass import dataclass
from ledgersync.errors import UsageFault, WorkspaceFault
from ledgersync.filenames import readable_path
from ledgersync.files import atomic_write
from ledgersync.messages import message
from ledgersync.schema import Accepted, Catalog, LedgerSchema, in_force, load_catalog
from ledgersync.schema.lists import with_lists
from ledgersync.schema.mappings import MAPPINGS_NAME, load_mappings, load_words
from ledgersync.schema.words import with_words
from ledgersync.workspace.config import CONFIG_NAME, Config, Unit, read_config, toml_text

IDENTITY = "workspace"  # the file in a workspace's `.ledgersync` that names its journal
WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".et", ".csv", ".ods", ".xlsb")  # what primaries may be
PRIVATE_FOLDERS = ("primary", "reports", ".ledgersync", "archive")
SHARED_FOLDERS = ("inbox", "issued", "conflicts", "returned")
_WRITTEN = ("primary", "reports", "archive", *SHARED_FOLDERS)
_RESERVED = re.compile(r"^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f]')


@dataclass(frozen=True)
class Workspace:
    """One unit's workspace; `root` is absolute."""

    root: Path

    @classmethod
    def open(cls, folder: Path) -> "Workspace":
        """The workspace in `folder`; raises WorkspaceFault when there is none."""
        workspace = cls(Path(folder).resolve())
        _ = workspace.config
        return workspace

    @cached_property
    def config(self) -> Config:
        return read_config(self.root / CONFIG_NAME)

    @cached_property
    def catalog(self) -> Catalog:
        """The ledgers as they rule: what was accepted, where a file has changed what is kept."""
        accepted: Mapping[str, Accepted] = {}
        if self.journal_file.is_file():
            from ledgersync.journal.schemas import accepted_ledgers  # not without a workspace

            accepted = accepted_ledgers(self.journal_file)
        return self._in_force(accepted)

    def _in_force(self, accepted: Mapping[str, Accepted]) -> Catalog:
        learned = load_mappings(self.root / MAPPINGS_NAME)
        folder = self.ledger_folder
        declared = load_catalog([folder] if folder.is_dir() else [], learned)
        ruling = in_force(declared, accepted)
        listed = with_lists(ruling, self.config.lists(), _names_of(self.unit))
        return with_words(listed, load_words(self.root / MAPPINGS_NAME))

    def follow(self, accepted: Mapping[str, Accepted]) -> None:
        """Other ledgers rule from now on."""
        self.__dict__["catalog"] = self._in_force(accepted)

    @property
    def ledger_folder(self) -> Path:
        """Where the unit's own ledger files lie."""
        return self.root / self.config.paths.ledgers

    @property
    def unit(self) -> Unit:
        return self.config.unit

    @property
    def state(self) -> Path:
        """Where journal, originals and lock live."""
        elsewhere = self.config.paths.state
        return Path(elsewhere).expanduser() if elsewhere else self.root / ".ledgersync"

    @property
    def home(self) -> Path:
        """Where the lock and the workspace's identity stay, wherever the state is."""
        return self.root / ".ledgersync"

    @property
    def keys(self) -> Path:
        """Where the unit's keys are: never in the workspace folder, which people copy."""
        if self.config.paths.state:
            return self.state / "keys"
        mark = self.home / IDENTITY
        known = mark.read_text(encoding="utf-8").strip() if mark.exists() else ""
        name = known or hashlib.sha256(str(self.root).encode()).hexdigest()[:32]
        import platformdirs  # not for every look

        return platformdirs.user_state_path("ledgersync") / "keys" / name

    @property
    def journal_file(self) -> Path:
        return self.state / "journal.db"

    @property
    def snapshot_file(self) -> Path:
        return self.state / "snapshot.db"

    @property
    def parts(self) -> Path:
        """What was read from workbooks, as columns (`facts.shelf`)."""
        return self.state / "parts"

    @property
    def written_reports(self) -> Path:
        """Which summary workbooks were drawn from what, so that they need not be drawn again."""
        return self.state / "written-reports.json"

    @property
    def originals(self) -> Path:
        return self.state / "originals"

    @property
    def packages(self) -> Path:
        """Every package of figures that came or went, as it was signed."""
        return self.state / "packages"

    @property
    def closed(self) -> Path:
        """What the facts of closed periods were, by hash."""
        return self.state / "closed"

    @property
    def word_file(self) -> Path:
        return self.root / "conflicts" / "用词清单.xlsx"

    @property
    def inbox(self) -> Path:
        return self.root / "inbox"

    @property
    def conflict_file(self) -> Path:
        return self.root / "conflicts" / "冲突清单.xlsx"

    def primary(self, ledger: LedgerSchema) -> Path:
        """The primary workbook of a ledger: `.xlsx`, or the `.xlsm` that was adopted."""
        plain = self.root / "primary" / ledger.file_name
        macros = plain.with_suffix(".xlsm")
        return macros if macros.exists() and not plain.exists() else plain

    def issued(self, staff: str, ledger: LedgerSchema) -> Path:
        return self.root / "issued" / person_folder(staff) / ledger.file_name

    def returned(self, staff: str) -> Path:
        return self.root / "returned" / person_folder(staff)

    def reports(self, period: str) -> Path:
        return self.root / "reports" / period

    def written_folders(self) -> Iterator[Path]:
        """Every folder that the program writes files into, as far as it exists."""
        yield from {self.root, self.home, self.state}
        for folder in (*(self.root / name for name in _WRITTEN), self.originals, self.parts):
            if folder.is_dir():
                yield folder
                yield from (Path(e.path) for e in os.scandir(folder) if e.is_dir())

    def relative(self, path: Path) -> str:
        """A path as messages show it: below the workspace, with forward slashes, readable."""
        try:
            return readable_path(Path(path).resolve().relative_to(self.root))
        except ValueError:
            return readable_path(Path(path)) if os.name == "posix" else str(path)

    def locate(self, file: str) -> Path:
        """The path of which `relative` made this; where it is gone, what it would be."""
        path = self.root / file
        if path.exists() or not path.parent.parent.is_dir():
            return path
        same = (p for p in path.parent.parent.glob("*/*") if self.relative(p) == file)
        return next(same, path)

    def is_private(self, path: Path) -> bool:
        return self.relative(path).split("/")[0] in PRIVATE_FOLDERS


def primaries_of(root: Path, ledger: LedgerSchema) -> list[Path]:
    """A ledger's primaries in a unit's folder, the one that counts first."""
    paths = (root / "primary" / f"{ledger.workbook}{suffix}" for suffix in WORKBOOKS)
    return [path for path in paths if path.is_file()]


def archive_paths(root: Path, ledger: LedgerSchema) -> list[Path]:
    """The workbooks of a ledger's closed years, the oldest first; `root` is a unit's folder."""
    folder = root / "archive"
    years = sorted(y for y in folder.iterdir() if y.name.isdigit()) if folder.is_dir() else []
    return [path for year in years if (path := year / ledger.file_name).is_file()]


def _names_of(unit: Unit) -> tuple[str, ...]:
    """A unit's name as people put it before a grid: 幸福社区第1网格, 幸福1网格."""
    short = re.sub(r"(?:社区|村|居委会|村委会|街道|镇|乡)$", "", unit.name)
    return tuple(dict.fromkeys(name for name in (unit.name, short) if len(name) > 1))


def person_folder(name: str) -> str:
    """A person's folder name; raises UsageFault for what no file system takes."""
    text = name.strip()
    if not text or _FORBIDDEN.search(text) or _RESERVED.match(text) or text.strip(".") != text:
        raise UsageFault(
            message("“{name}”不能用作人员文件夹名。", name=name),
            message("请换一个不含特殊字符的姓名。"),
        )
    return text


def create_folders(root: Path) -> None:
    """All folders of a new workspace; the private ones are the owner's only."""
    for name in (*PRIVATE_FOLDERS[:-1], *SHARED_FOLDERS):  # an archive comes with its first year
        folder = root / name
        folder.mkdir(parents=True, exist_ok=True)
        if name in PRIVATE_FOLDERS:
            folder.chmod(0o700)


def keep_private(path: Path) -> None:
    """0600 for a file in a private folder; on Windows the folder's ACL is inherited."""
    if os.name == "posix":
        path.chmod(0o600)


def write_config(root: Path, unit: Unit) -> None:
    """A first `ledgersync.toml`; raises WorkspaceFault when there is one already."""
    path = root / CONFIG_NAME
    if path.exists():
        raise WorkspaceFault(
            message("{root} 已经是一个工作区。", root=root),
            message("请换一个空文件夹。"),
        )
    header = "[unit]" if unit.level == "community" else "[[unit]]"
    lines = [f"# LedgerSync 工作区：{unit.name}", "", header]
    lines += [f"{key} = {toml_text(value)}" for key, value in _given(unit)]
    atomic_write(path, "\n".join(lines) + "\n" + _EXAMPLES[unit.level != "community"])


def _given(unit: Unit) -> list[tuple[str, object]]:
    return [(k, v) for k, v in unit.as_data().items() if v not in (None, ())]


_EXAMPLES = (
    """# households = 2179          # 常住户数，用于走访覆盖率
# residents = 4350           # 常住人口

# 人员：scope 限定发给该人的台账范围；不写即全部
# [[staff]]
# name = "王芳"
# scope = { grid = ["第1网格"] }

# [privacy]
# profile = "exact"          # exact 精确数；public 隐藏小于5的关爱类计数

# [rules]
# period_end_day = 25        # 统计截止日，不写即月末
""",
    """
# 下级单位，每个单位一段：
# [[unit]]
# code = "360702001001"
# name = "幸福社区"
# level = "community"
# parent = "360702001"
# households = 2179
""",
)
