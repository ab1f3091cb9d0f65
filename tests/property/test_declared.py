"""Declared classes take and refuse what pydantic's models of the same annotations do.

Ledgers, configuration and package manifests are spoilt at a random place; pydantic is the oracle.
"""

import copy
import json
import tomllib
from functools import cache
from importlib import resources
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import pydantic
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.upward.parcels import COMMUNITY, keys_of, manifest

from ledgersync.declared import Alias, Checked, DeclarationFault, Declared, Number, Size, Text
from ledgersync.declared.objects import _Fresh
from ledgersync.rollup.dataset.manifest import ExportedUnit
from ledgersync.schema import LedgerSchema
from ledgersync.upward.keys.public import PublicKeys
from ledgersync.upward.package.manifest import Manifest
from ledgersync.workspace.config import Config

CONFIG = """
[unit]
code = "360702001001"
name = "幸福社区"
level = "community"
households = 2179
valid_from = 2020-01-01
[[staff]]
name = "王芳"
scope = { grid = ["第1网格"] }
[paths]
extra_inbox = ["甲", "乙"]
[privacy]
profile = "public"
small_cell = 5
[rules]
period_end_day = 25
reserved_rows = 10
due_workdays = { month = 3 }
[review]
return = ["张主任"]
[[schedule]]
name = "月报"
cron = "0 8 1 * *"
command = "rollup"
[[delivery]]
name = "邮箱"
kind = "mail"
host = "h"
port = 465
from = "a"
to = "b"
[[list]]
name = "高龄"
table = "care.people"
where = ["年满80"]
"""
ODD = (
    None,
    "",
    " ",
    "x",
    "X y",
    "5",
    "true",
    0,
    5,
    -1,
    2.5,
    10**7,
    True,
    [],
    ["x"],
    [1],
    {},
    {"x": 1},
    2**60,
)


def _ledger(name: str) -> dict[str, Any]:
    folder = resources.files("ledgersync.schema") / "ledgers"
    whole = tomllib.loads((folder / f"{name}.toml").read_text("utf-8"))
    fields = [f for f in whole["tables"][-1]["fields"] if not f.pop("aliases", None) or "ref" in f]
    short = {key: value[:3] for key, value in whole.items() if isinstance(value, list)}
    table = {"id": "rows", "sheet": "表", "key": [fields[0]["id"]], "fields": fields[:8]}
    return whole | short | {"tables": [table]}


SOURCES: list[tuple[type[Declared], dict[str, Any]]] = [
    *((LedgerSchema, _ledger(name)) for name in ("dibao", "visit")),
    (Config, tomllib.loads(CONFIG)),
    (Manifest, json.loads(json.dumps(manifest().as_json()))),
    (PublicKeys, keys_of(COMMUNITY).public.as_json()),
    (
        ExportedUnit,
        {"code": COMMUNITY, "name": "幸福", "level": "community", "missing": [{"a": None}]},
    ),
]


@cache
def model(kind: type[Declared]) -> type[pydantic.BaseModel]:
    """pydantic's model of a declared class; whether fields go together is not asked."""
    fields: dict[str, Any] = {}
    for name, hint in get_type_hints(kind, include_extras=True).items():
        if name != "passes_over":
            alias = next((a.key for a in get_args(hint)[1:] if isinstance(a, Alias)), None)
            fields[name] = (translated(hint), pydantic.Field(alias=alias, **default(kind, name)))
    extra: Literal["ignore", "forbid"] = "ignore" if kind.passes_over else "forbid"
    config = pydantic.ConfigDict(extra=extra, protected_namespaces=(), regex_engine="python-re")
    made: type[pydantic.BaseModel] = pydantic.create_model(
        kind.__name__, __config__=config, **fields
    )
    return made


def default(kind: type[Declared], name: str) -> dict[str, Any]:
    if not hasattr(kind, name):
        return {}
    found = getattr(kind, name)
    if isinstance(found, _Fresh):
        return {"default_factory": found.make}
    return {
        "default": model(type(found))(**found.as_data()) if isinstance(found, Declared) else found
    }


def translated(hint: Any) -> Any:
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Annotated:
        own = [constraint(one) for one in inner[1:] if not isinstance(one, Alias)]
        return Annotated[(translated(inner[0]), *own)] if own else translated(inner[0])
    if origin in (Union, UnionType):
        return translated(inner[0]) | None
    if origin is tuple:
        return tuple[translated(inner[0]), ...]  # type: ignore[misc]
    if origin is dict:
        return dict[translated(inner[0]), translated(inner[1])]  # type: ignore[misc]
    if isinstance(hint, type) and issubclass(hint, Declared):
        return Any if hint.__name__ == "FieldSchema" and hint in _OPEN else _opened(hint)
    return Annotated[int, pydantic.Field(ge=1 - 2**63, le=2**63 - 1)] if hint is int else hint


_OPEN: set[type] = set()


def _opened(kind: type[Declared]) -> type[pydantic.BaseModel]:
    """A class refers to itself once at most (`formerly`): not looked into a second time."""
    _OPEN.add(kind)
    try:
        return model(kind)
    finally:
        _OPEN.discard(kind)


def constraint(own: Any) -> Any:
    if isinstance(own, Text):
        return pydantic.StringConstraints(
            pattern=f"^(?:{own.pattern})$" if own.pattern else None,
            min_length=own.shortest,
            max_length=own.longest,
            strip_whitespace=own.strip,
        )
    if isinstance(own, Number):
        return pydantic.Field(ge=own.least, le=own.most)
    if isinstance(own, Size):
        return pydantic.Field(min_length=own.least, max_length=own.most)
    assert isinstance(own, Checked)
    return pydantic.AfterValidator(lambda value: own.read(value))


def places(data: Any, at: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every key path."""
    if not isinstance(data, dict | list):
        return []
    inner = data.items() if isinstance(data, dict) else enumerate(data)
    return [path for key, one in inner for path in [(*at, key), *places(one, (*at, key))]]


for kind_, data_ in SOURCES:
    assert kind_.validated(data_)  # nothing is wrong before something is spoilt
PLACES = [places(data) for _, data in SOURCES]


def spoilt(which: int, choose: st.DataObject) -> dict[str, Any]:
    made: dict[str, Any] = copy.deepcopy(SOURCES[which][1])
    *above, last = choose.draw(st.sampled_from(PLACES[which]))
    inside: Any = made
    for key in above:
        inside = inside[key]
    deed = choose.draw(st.sampled_from(["other", "gone", "more"]))
    if deed == "other":
        inside[last] = choose.draw(st.sampled_from(ODD))
    elif deed == "gone":
        del inside[last]
    elif isinstance(inside, dict):
        inside["strange"] = choose.draw(st.sampled_from(ODD))
    return made


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(range(len(SOURCES))), st.data())
def test_verdicts_are_those_of_pydantic(which: int, choose: st.DataObject) -> None:
    kind, given_ = SOURCES[which][0], spoilt(which, choose)
    try:
        expected = model(kind).model_validate(given_).model_dump(mode="json", by_alias=True)
    except pydantic.ValidationError as wrong:
        with pytest.raises(DeclarationFault) as found:
            kind.validated(given_)
        keys = tuple(key for key in wrong.errors()[0]["loc"] if key != "[key]")
        assert found.value.kind == "rule" or found.value.keys == keys
        return
    try:
        assert kind.validated(given_).as_json() == expected
    except DeclarationFault as fault:
        of_number = fault.kind in ("integer", "number") and fault.typed is True
        assert fault.kind == "rule" or of_number  # pydantic takes a yes for a one
