"""The rule ids are a contract: documented one by one, and no other id is used in the code."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from ledgersync.checks.rules import RULES
from ledgersync.model import Invalid
from ledgersync.schema import FieldSchema, load_catalog
from ledgersync.values import notes

ROOT = Path(__file__).parents[3]
CODE = ROOT / "src" / "ledgersync"
# The list of the contract, as other programs rely on it.
_CONTRACT = """
required wanted type.text type.integer type.decimal type.money type.date type.phone type.digits
type.bool choice range compare date.future date.month_only date.ambiguous id.length id.chars
id.birthdate id.checksum id.region id.precision_lost id.upgraded15 id.sequence_fill phone.format
duplicate.key duplicate.row ref.missing deadline.workdays age.category header.unknown header.missing
table.unrecognised cell.error cell.formula_injection cell.too_long value.synonym
value.several value.ditto value.lookup_zero unit.measure row.passed_over
column.left_out csv.fields csv.quote
cross.dibao_review_overdue cross.dibao_dead_active cross.dibao_should_exit cross.head_not_member
cross.covered_count cross.duplicate_benefit cross.visit_due cross.unassigned cross.issue_stale
cross.issue_no_revisit cross.duplicate_activity cross.outlier
ref.scope file.name file.format file.unread stamp.foreign
"""
CONTRACT = _CONTRACT.split()
LEVELS = {"error": "错误", "warning": "警告", "info": "提示"}
DOTTED = re.compile(
    r"(?:type|date|id|phone|duplicate|ref|deadline|age|header|table|cell|value|unit|row|column|csv|cross|file|stamp)"
    r"\.[a-z0-9_]+"
)


def documented() -> dict[str, list[str]]:
    """The cells of each rule's line in docs/rules.md by rule id."""
    lines = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8").splitlines()
    rows = [re.split(r"(?<!\\)\|", line)[1:-1] for line in lines if line.startswith("| `")]
    return {row[0].strip().strip("`"): [cell.strip() for cell in row[1:]] for row in rows}


def test_the_list_of_ids_is_the_contract() -> None:
    assert sorted(RULES) == sorted(CONTRACT)


def test_every_rule_is_documented_with_its_levels() -> None:
    pages = documented()
    assert set(pages) == set(CONTRACT)
    for name, (level, meaning, example, source) in pages.items():
        assert level == "、".join(LEVELS[s] for s in RULES[name].severities), name
        assert len(meaning) > 5, name
        assert example and source, name


def rule_words(folder: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            text = node.value if isinstance(node, ast.Constant) else None
            if isinstance(text, str) and DOTTED.fullmatch(text):
                yield str(path.relative_to(CODE)), text


def test_no_other_id_is_used_in_the_code() -> None:
    used = {
        word
        for part in ("values", "checks", "merge", "workbook/read")
        for _, word in rule_words(CODE / part)
    }
    assert used <= set(CONTRACT)
    assert len(used) > 30


def test_every_dotted_rule_but_the_reserved_ones_is_used_somewhere() -> None:
    used = {word for path, word in rule_words(CODE) if not path.startswith("checks/rules/")}
    used |= {f"type.{f.type}" for _, table in load_catalog().tables() for f in table.fields}
    reserved = {"type.phone", "type.digits"}
    assert {name for name in CONTRACT if "." in name} - used <= reserved


def test_an_invalid_value_keeps_its_rule_and_gets_a_message() -> None:
    field = FieldSchema(id="f", header="字段", type="integer")
    for rule in CONTRACT:
        if RULES[rule].severities[0] != "error" or rule.startswith(("header", "table", "dupl")):
            continue
        note = notes.for_invalid(field, Invalid("甲", rule))
        assert (note.rule, note.severity) == (rule, "error")
        assert "〔字段〕" in note.message.zh


def test_no_message_of_a_rule_is_empty() -> None:
    assert all(rule.title.zh and rule.title.en and rule.severities for rule in RULES.values())
