"""Headers and words that a coordinator confirmed once for this unit (`mappings.toml`).

```toml
["dibao.households"]
"救助对象" = "head_name"
"照片编号" = "-"
```
A key is the header's normalised wording (parents and leaf joined by `▸`), a value the field, or
`-` for a column that is none of ours. A section of a single field holds words that people write
for one of its choices (`["care.people.visit_cycle"]`, `"逢五" = "每月"`, `-` for none of them).
"""

from collections.abc import Mapping
from pathlib import Path

from ledgersync.errors import SchemaFault
from ledgersync.messages import Message, message
from ledgersync.schema.faults import syntax_words, toml_data

MAPPINGS_NAME = "mappings.toml"
IGNORED = "-"
_HEAD = "# 本单位确认过的表头和用词：由 ledgersync map 和用词清单写入，可手工修改；“-”=都不是。\n"


def mapping_name(ledger: str, table: str, key: str) -> str:
    """How a learned header is named in a mapping: `dibao.households/救助对象`."""
    return f"{ledger}.{table}/{key}"


def load_mappings(path: Path) -> dict[str, str]:
    """Field ids (or `-`) by `mapping_name`; empty when there is no file. Raises SchemaFault."""
    return {name: field for name, field in _load(path).items() if not _is_word(name)}


def load_words(path: Path) -> dict[str, str]:
    """Choices (or `-`) by `word_name`; empty when there is no file. Raises SchemaFault."""
    return {name: value for name, value in _load(path).items() if _is_word(name)}


def _is_word(name: str) -> bool:
    """It stands in the section of a field: `care.people.visit_cycle`."""
    return name.partition("/")[0].count(".") > 1


def _load(path: Path) -> dict[str, str]:
    try:
        content = toml_data(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise _wrong(path, syntax_words(error)) from error
    found: dict[str, str] = {}
    for table, headers in content.items():
        if not isinstance(headers, dict):
            raise _wrong(path, message("{table} 应为一节", table=table))
        for key, field in headers.items():
            if not isinstance(field, str):
                place = f"{table} / {key}"
                raise _wrong(path, message("{place} 应为文字", place=place))
            found[f"{table}/{key}"] = field
    return found


def save_mappings(path: Path, mappings: Mapping[str, str]) -> None:
    """Write all mappings; words stay."""
    _save(path, {**mappings, **load_words(path)})


def save_words(path: Path, words: Mapping[str, str]) -> None:
    """Write all words; mappings stay."""
    _save(path, {**load_mappings(path), **words})


def _save(path: Path, mappings: Mapping[str, str]) -> None:
    from ledgersync.files import atomic_write  # most only read them

    by_table: dict[str, list[str]] = {}
    for name, field in sorted(mappings.items()):
        table, _, key = name.partition("/")
        by_table.setdefault(table, []).append(f"{_quoted(key)} = {_quoted(field)}")
    parts = [f"\n[{_quoted(table)}]\n" + "\n".join(lines) for table, lines in by_table.items()]
    atomic_write(path, _HEAD + "\n".join(parts) + "\n")


def _quoted(text: str) -> str:
    import json

    return json.dumps(text, ensure_ascii=False)


def _wrong(path: Path, reason: Message) -> SchemaFault:
    return SchemaFault(
        message("表头对应文件 {path} 有误：{reason}。", path=path.name, reason=reason),
        message("请改正或删除该文件后重试。"),
    )
