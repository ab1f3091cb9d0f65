"""docs/words.md: every wording of a header and of a choice, and in which forms it stands.

`docs/words.tsv` says where wordings of headers stand; the ledgers' TOML says what is understood.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from ledgersync.schema import Catalog, FieldSchema, TableSchema, load_catalog

SOURCES = Path(__file__).resolve().parents[1] / "docs" / "words.tsv"
_HEAD = """# 看得懂的写法

由 `make docs` 从台账定义和 `docs/words.tsv` 生成。
表头按这里的写法识别（空格、全半角、编号和“必填”记号不计），
选项按这里的同义词归并；本单位另有写法的，用 `ledgersync map` 记住一次。

“见于”是这种写法常见的公开表格的种类（空白表、花名册、登记表、台账模板），没有写的是各类表格通用的写法。
"""


def sources() -> dict[str, dict[str, str]]:
    """By `ledger.table.field`: the kind of form by wording."""
    found: dict[str, dict[str, str]] = {}
    for line in SOURCES.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            field, words, form = line.split("\t")
            found.setdefault(field, {}).update(dict.fromkeys(words.split("｜"), form))
    return found


def page(catalog: Catalog) -> str:
    known = sources()
    parts = [_HEAD]
    for ledger, table in catalog.tables():
        lines = _of_table(
            table, {f: known.get(f"{ledger.id}.{table.id}.{f}", {}) for f in table.by_id}
        )
        parts.append(f"## {ledger.workbook}·{table.sheet}\n\n" + "\n".join(lines) + "\n")
    return "\n".join(parts)


def _of_table(table: TableSchema, forms: dict[str, dict[str, str]]) -> Iterator[str]:
    yield "| 项目 | 表头的写法 | 见于 |"
    yield "|---|---|---|"
    for f in table.fields:
        yield from _of_field(f, forms[f.id])
    choices = [f for f in table.fields if f.choices]
    if choices:
        yield "\n| 项目 | 选项 | 也写作 |\n|---|---|---|"
    for f in choices:
        for value, synonyms in f.choices.items():
            yield f"| {f.header} | {value} | {'、'.join(synonyms) or '—'} |"


def _of_field(f: FieldSchema, forms: dict[str, str]) -> Iterator[str]:
    by_form: dict[str, list[str]] = {}
    for word in f.aliases:
        by_form.setdefault(forms.get(word, ""), []).append(word)
    if not by_form:
        yield f"| {f.header} | — | |"
    for form, words in by_form.items():
        yield f"| {f.header} | {'、'.join(words)} | {form} |"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(load_catalog()), encoding="utf-8")
