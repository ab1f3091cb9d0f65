"""What goes along with the figures: which ledgers are lacking, and how many findings by rule."""

import json
from collections import Counter
from datetime import date

from ledgersync.rollup.figures import RollUp
from ledgersync.sync.check import check_workspace
from ledgersync.workspace import Workspace
from ledgersync.workspace.unitcodes import full_code


def completeness_part(found: RollUp) -> bytes:
    """Which units and ledgers are missing, by kind; nobody else's words."""
    lacking = [
        {"unit": full_code(m.unit), "ledger": m.ledger, "kind": m.kind} for m in found.missing
    ]
    expected = [n.code for n in found.tree.expected(found.period.first, found.period.last)]
    return json.dumps({"expected": expected, "missing": lacking}).encode()


def checks_part(workspace: Workspace, today: date) -> bytes:
    """Findings of the unit's own primaries: counts by ledger and rule, no values."""
    report = check_workspace(workspace, today)
    counts = Counter((f.ledger or "", f.rule, f.severity) for f in report.findings)
    rules = [
        {"ledger": ledger, "rule": rule, "severity": severity, "count": n}
        for (ledger, rule, severity), n in sorted(counts.items())
    ]
    return json.dumps({"rules": rules, "unreadable": len(report.unreadable)}).encode()
