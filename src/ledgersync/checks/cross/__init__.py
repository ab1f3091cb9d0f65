"""Rules across ledgers: warnings to a person; nothing here decides about a benefit.

They speak about the ledgers `dibao`, `care`, `volunteer` and `visit`; where a district's TOML lacks
a ledger or a field, the rules about it are silent.
"""

from collections.abc import Mapping
from datetime import date

from ledgersync.checks.cross.activities import duplicate_activities
from ledgersync.checks.cross.benefits import (
    Claim,
    benefit_hashes,
    duplicate_benefits,
    shared_benefit_findings,
    shared_hashes,
)
from ledgersync.checks.cross.dibao import dibao_findings
from ledgersync.checks.cross.due import DueWork
from ledgersync.checks.cross.due import due_issues as _due_issues
from ledgersync.checks.cross.due import due_reviews as _due_reviews
from ledgersync.checks.cross.issues import issue_findings, unassigned_findings
from ledgersync.checks.cross.outliers import FigureFinding, outlier, outlier_finding
from ledgersync.checks.cross.settings import CrossSettings
from ledgersync.checks.cross.views import Views
from ledgersync.checks.cross.visits import DueVisit, visit_findings
from ledgersync.checks.cross.visits import due_visits as _due_visits
from ledgersync.checks.cross.visits import last_visits as _last_visits
from ledgersync.model import RecordFinding, Rows
from ledgersync.schema import Catalog, TableKey

Tables = Mapping[TableKey, Rows]


def cross_findings(
    tables: Tables, catalog: Catalog, today: date, settings: CrossSettings | None = None
) -> list[RecordFinding]:
    """All `cross.*` warnings inside one unit, ledger by ledger."""
    settings = settings or CrossSettings()
    views = Views(tables, catalog)
    return [
        *dibao_findings(views, today, settings),
        *duplicate_benefits(views),
        *visit_findings(views, today, settings),
        *unassigned_findings(views, settings),
        *issue_findings(views, today, settings),
    ]


def due_visits(
    tables: Tables, catalog: Catalog, today: date, settings: CrossSettings | None = None
) -> list[DueVisit]:
    """今日该看望: by worker, the longest overdue first; nobody's last."""
    return _due_visits(Views(tables, catalog), today, settings or CrossSettings())


def due_reviews(
    tables: Tables, catalog: Catalog, until: date, settings: CrossSettings | None = None
) -> list[DueWork]:
    """到期复核 by a day."""
    return list(_due_reviews(Views(tables, catalog), until, settings or CrossSettings()))


def due_issues(
    tables: Tables, catalog: Catalog, until: date, settings: CrossSettings | None = None
) -> list[DueWork]:
    """诉求 whose time limit ends by a day."""
    return list(_due_issues(Views(tables, catalog), until, settings or CrossSettings()))


def last_visits(tables: Tables, catalog: Catalog, key: TableKey, today: date) -> dict[str, date]:
    """The day of the last visit to each person in care or 低保 household, by record."""
    return _last_visits(Views(tables, catalog), key, today)


__all__ = [
    "Claim",
    "CrossSettings",
    "DueVisit",
    "DueWork",
    "FigureFinding",
    "benefit_hashes",
    "cross_findings",
    "due_issues",
    "due_reviews",
    "due_visits",
    "duplicate_activities",
    "last_visits",
    "outlier",
    "outlier_finding",
    "shared_benefit_findings",
    "shared_hashes",
]
