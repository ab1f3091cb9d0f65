"""The registry of rules: what a finding's `rule` can be. Ids are a contract and never change.

A new rule is one entry here; docs/rules.md is made from it (`reference.py`).
"""

from ledgersync.checks.rules import across, cells, files, identity, tables
from ledgersync.checks.rules.rule import Group, Rule

GROUPS: tuple[Group, ...] = (
    cells.GROUP,
    identity.GROUP,
    tables.GROUP,
    across.GROUP,
    files.GROUP,
)
RULES: dict[str, Rule] = {rule.id: rule for group in GROUPS for rule in group.rules}

__all__ = ["GROUPS", "RULES", "Group", "Rule"]
