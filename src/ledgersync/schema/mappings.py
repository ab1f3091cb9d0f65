"""Headers that a coordinator confirmed once for this unit (`mappings.toml`).

```toml
["dibao.households"]
"救助对象" = "head_name"
"照片编号" = "-"
```
A key is the header's normalised wording (parents and leaf joined by `▸`), a value the field, or
`-` for a column that is none of ours.
"""

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path

from ledgersync.errors import SchemaFault
from ledgersync.files import atomic_write
from ledgersync.messages import Message, message
from ledgersync.schema.faults import syntax_words

MAPPINGS_NAME = "mappings.toml"
IGNORED = "-"
_HEAD = "# 本单位确认过的表头：由 ledgersync map 写入，可手工修改；“-”表示该列不属于台账。\n"


def mapping_name(ledger: str, table: str, key: str) -> str:
    """How a learned header is named in a mapping: `dibao.households/救助对象`."""
    return f"{ledger}.{table}/{key}"


def load_mappings(path: Path) -> dict[str, str]:
    """Field ids (or `-`) by `mapping_name`; empty when there is no file. Raises SchemaFault."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
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
    """Write all mappings."""
    by_table: dict[str, list[str]] = {}
    for name, field in sorted(mappings.items()):
        table, _, key = name.partition("/")
        by_table.setdefault(table, []).append(f"{_quoted(key)} = {_quoted(field)}")
    parts = [f"\n[{_quoted(table)}]\n" + "\n".join(lines) for table, lines in by_table.items()]
    atomic_write(path, _HEAD + "\n".join(parts) + "\n")


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _wrong(path: Path, reason: Message) -> SchemaFault:
    return SchemaFault(
        message("表头对应文件 {path} 有误：{reason}。", path=path.name, reason=reason),
        message("请改正或删除该文件后重试。"),
    )
