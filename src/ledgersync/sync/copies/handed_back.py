"""Which workbooks lie in people's `returned/` folders, and how they were written.

`status` asks for it, which must start without what writes workbooks.
"""

import json
from collections.abc import Mapping
from typing import NamedTuple

from ledgersync.sync.session import Session

_KEY = "returned:"  # in the journal's meta, by person


class HandedBack(NamedTuple):
    """A workbook in somebody's folder: the cases that it shows, and its SHA-256 as we wrote it."""

    cases: str
    sha256: str


def everybody(session: Session) -> list[str]:
    """Everybody to whom something was ever handed back."""
    return session.journal.meta_names(_KEY)


def given_to(session: Session, staff: str) -> dict[str, HandedBack]:
    """What a person has, by file name; journals of before do not say how it was written."""
    stored = json.loads(session.journal.meta(_KEY + staff) or "{}")
    return {
        name: HandedBack(given, "") if isinstance(given, str) else HandedBack(*given)
        for name, given in stored.items()
    }


def keep(session: Session, staff: str, given: Mapping[str, HandedBack]) -> None:
    session.journal.set_meta(_KEY + staff, json.dumps(given))


def written(session: Session) -> dict[str, str]:
    """The SHA-256 of every workbook that was handed back, by file."""
    workspace = session.workspace
    return {
        workspace.relative(workspace.returned(staff) / name): given.sha256
        for staff in everybody(session)
        for name, given in given_to(session, staff).items()
    }
