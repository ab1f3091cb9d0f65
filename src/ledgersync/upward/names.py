"""What files of packages are called; a name is for people, and nothing is decided by it alone."""

import re
from pathlib import Path

from ledgersync.upward.package import SUFFIX

_ODD = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]')
_PERIOD = r"\d{4}(?:-\d\d(?:\.\.\d{4}-\d\d)?|[HQ]\d)?"
_PACKAGE = re.compile(rf"上报-(?P<unit>.+)-(?P<period>{_PERIOD})-第(?P<version>\d+)版")


def package_name(unit: str, period: str, version: int) -> str:
    """上报-幸福社区-2022-06-第1版.lsp"""
    return f"上报-{safe(unit)}-{period}-第{version}版{SUFFIX}"


def packages_in(folder: Path) -> list[Path]:
    """The packages of a folder, whatever the case of their suffix; none of a folder that cannot be
    looked into. Hidden files are no packages (macOS puts ._上报….lsp on sticks)."""
    try:
        files = sorted(p for p in folder.iterdir() if p.suffix.casefold() == SUFFIX)
        return [p for p in files if not p.name.startswith(".") and p.is_file()]
    except OSError:
        return []


def period_in(name: str) -> str | None:
    """The period that a file's name speaks of; None where it speaks of none."""
    found = _PACKAGE.search(name)
    return found["period"] if found else None


def safe(name: str) -> str:
    """A unit's name as a part of a file's."""
    return _ODD.sub("_", name).strip(" .") or "_"


def letter_name(what: str, unit: str, period: str, version: int) -> str:
    """退回-幸福社区-2022-06-第1版.lsp"""
    return f"{what}-{safe(unit)}-{safe(period)}-第{version}版{SUFFIX}"
