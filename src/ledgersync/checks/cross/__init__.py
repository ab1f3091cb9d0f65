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
from ledgersync.checks.cross.issues import issue_findings, unassigned_findings
from ledgersync.checks.cross.outliers import FigureFinding, outlier, outlier_finding
from ledgersync.checks.cross.settings import CrossSettings
from ledgersync.checks.cross.views import Views
from ledgersync.checks.cross.visits import DueVisit, visit_findings
from ledgersync.checks.cross.visits import due_visits as _due_visits
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


__all__ = [
    "Claim",
    "CrossSettings",
    "DueVisit",
    "FigureFinding",
    "benefit_hashes",
    "cross_findings",
    "due_visits",
    "duplicate_activities",
    "outlier",
    "outlier_finding",
    "shared_benefit_findings",
    "shared_hashes",
]
