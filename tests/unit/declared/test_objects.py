"""Declared objects: filled, frozen, equal by their fields; faults say where and what."""

import copy
import pickle
from datetime import date, datetime
from functools import cached_property
from typing import Annotated, Any, ClassVar, Literal

import pytest

from ledgersync.declared import (
    Alias,
    Checked,
    DeclarationFault,
    Declared,
    Number,
    Size,
    Text,
    fresh,
)


def _even(number: int) -> None:
    if number % 2:
        raise ValueError("单数")


class Leaf(Declared):
    name: Annotated[str, Text("[a-z]+", strip=True)]
    size: Annotated[int, Number(1, 9)] = 3
    pairs: Annotated[int, Checked(_even)] = 2


class Tree(Declared):
    kind: Literal["oak", "elm"] = "oak"
    leaves: Annotated[tuple[Leaf, ...], Size(1, 2)]
    planted: date | None = None
    heights: dict[str, float] = fresh(factory=dict)
    rooted: bool = False
    taken: Annotated[str, Alias("from")] = ""
    title: Annotated[str, Text(shortest=1, longest=4)] = "树"

    @cached_property
    def names(self) -> list[str]:
        return [leaf.name for leaf in self.leaves]

    def _check(self) -> None:
        if self.rooted and not self.planted:
            raise ValueError("rooted 要写 planted")


class Grown(Tree):
    passes_over: ClassVar[bool] = True


ONE = {"leaves": [{"name": " a "}]}


def test_fields_are_filled_and_defaults_are_ones_own() -> None:
    tree = Tree.validated({**ONE, "from": "林场", "heights": {"top": 2}, "planted": "2022-06-30"})
    assert (tree.kind, tree.leaves, tree.taken) == ("oak", (Leaf(name="a"),), "林场")
    assert tree.planted == date(2022, 6, 30) and tree.heights == {"top": 2.0}
    assert Tree.validated(ONE).heights is not Tree.validated(ONE).heights
    assert Tree.validated(tree) is tree


@pytest.mark.parametrize(
    ("data", "keys", "kind"),
    [
        ({}, ("leaves",), "missing"),
        ({"leaves": []}, ("leaves",), "short"),
        ({"leaves": [{"name": "a"}] * 3}, ("leaves",), "long"),
        ({"leaves": "a"}, ("leaves",), "list"),
        ({"leaves": [3]}, ("leaves", 0), "section"),
        ({"leaves": [{"name": "a"}, {}]}, ("leaves", 1, "name"), "missing"),
        ({"leaves": [{"name": "a\n", "more": 1}]}, ("leaves", 0, "more"), "unknown"),
        ({"leaves": [{"name": "A"}]}, ("leaves", 0, "name"), "pattern"),
        ({"leaves": [{"name": 1}]}, ("leaves", 0, "name"), "text"),
        ({**ONE, "from": "半\ud800"}, ("from",), "pattern"),  # no file could hold it
        ({"leaves": [{"name": "a", "size": 0}]}, ("leaves", 0, "size"), "below"),
        ({"leaves": [{"name": "a", "size": 10}]}, ("leaves", 0, "size"), "above"),
        ({"leaves": [{"name": "a", "size": 2.5}]}, ("leaves", 0, "size"), "integer"),
        ({"leaves": [{"name": "a", "pairs": 3}]}, ("leaves", 0, "pairs"), "rule"),
        ({**ONE, "kind": "ash"}, ("kind",), "choice"),
        ({**ONE, "kind": ["oak"]}, ("kind",), "choice"),
        ({**ONE, "planted": "2022-6-30"}, ("planted",), "date"),
        ({**ONE, "planted": datetime(2022, 6, 30, 8)}, ("planted",), "date"),
        ({**ONE, "heights": [1]}, ("heights",), "mapping"),
        ({**ONE, "heights": {"top": "hoch"}}, ("heights", "top"), "number"),
        ({**ONE, "rooted": 1}, ("rooted",), "flag"),
        ({**ONE, "rooted": "true"}, (), "rule"),
        ({**ONE, "title": ""}, ("title",), "short"),
        ({**ONE, "title": "很长的树名"}, ("title",), "long"),
        ({**ONE, "taken": "x"}, ("taken",), "unknown"),
        ([], (), "section"),
    ],
)
def test_faults_say_where_and_what(data: Any, keys: tuple[str | int, ...], kind: str) -> None:
    with pytest.raises(DeclarationFault) as found:
        Tree.validated(data)
    assert (found.value.keys, found.value.kind) == (keys, kind)


def test_a_later_version_may_say_more() -> None:
    assert not hasattr(Grown.validated({**ONE, "later": 1}), "later")


def test_objects_are_frozen_and_equal_by_their_fields() -> None:
    tree = Tree.validated(ONE)
    assert tree.names == ["a"]
    assert tree == Tree.validated(ONE) != tree.changed(kind="elm")
    assert tree != Grown.validated(ONE) and Leaf(name="a") != "a"
    assert len({Leaf(name="a"), Leaf(name="a"), Leaf(name="b")}) == 2
    with pytest.raises(AttributeError):
        tree.kind = "elm"  # type: ignore[misc]
    with pytest.raises(AttributeError):
        del tree.kind


def test_what_was_worked_out_does_not_outlive_its_fields() -> None:
    tree = Tree.validated(ONE)
    assert tree.names == ["a"]
    assert tree.changed(leaves=(Leaf(name="b"),)).names == ["b"]
    for twin in (copy.copy(tree), pickle.loads(pickle.dumps(tree))):
        assert twin == tree and "names" not in vars(twin)


def test_objects_are_written_as_they_are_read() -> None:
    said = {**ONE, "planted": date(2022, 6, 30), "from": "林场", "heights": {"top": 1}}
    tree = Tree.validated(said)
    assert Tree.validated(tree.as_data()) == Tree.validated(tree.as_json()) == tree
    assert tree.as_json()["planted"] == "2022-06-30" and tree.as_data()["leaves"][0]["name"] == "a"
    assert Tree.hints()["from"] is str
    assert repr(Leaf(name="a")) == "Leaf(name='a', size=3, pairs=2)"
