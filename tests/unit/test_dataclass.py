"""Classes whose methods are made late are what the standard library makes of them."""

import copy
import dataclasses
import pickle
import re
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledgersync.dataclass import dataclass as late

WAYS = [{"frozen": frozen, "slots": slots} for frozen in (False, True) for slots in (False, True)]
Decorator = Callable[[type], type]


def plain(decorator: Decorator) -> Any:
    class Place:
        """Where something is."""

        sheet: str
        row: int = 1
        seen: list[str] = dataclasses.field(default_factory=list)
        note: str = dataclasses.field(default="", compare=False, repr=False)

        def __post_init__(self) -> None:
            self.seen.append(self.sheet)

        @property
        def text(self) -> str:
            return f"{self.sheet}!{self.row}"

    return decorator(Place)


def both(**options: bool) -> tuple[Any, Any]:
    return plain(late(**options)), plain(dataclasses.dataclass(**options))


@pytest.mark.parametrize("options", WAYS)
def test_objects_are_made_compared_and_shown_alike(options: dict[str, bool]) -> None:
    for cls in both(**options):
        one, same, other = cls("甲", 2), cls(sheet="甲", row=2, note="x"), cls("乙")
        assert one == same != other
        assert one.__eq__(3) is NotImplemented
        assert (one.text, other.row, other.note, one.seen) == ("甲!2", 1, "", ["甲"])
        assert repr(one).endswith("Place(sheet='甲', row=2, seen=['甲'])")
        assert cls.__doc__ == "Where something is."
        with pytest.raises(TypeError):
            cls()
        match one:
            case cls("甲", row):
                assert row == 2


@pytest.mark.parametrize("options", WAYS)
def test_only_what_is_frozen_refuses_and_has_a_hash(options: dict[str, bool]) -> None:
    for cls in both(**options):
        one = cls("甲")
        if options["frozen"]:
            with pytest.raises(dataclasses.FrozenInstanceError):
                one.row = 3
            with pytest.raises(dataclasses.FrozenInstanceError):
                del one.row
        else:
            one.row = 3
            assert one.row == 3
            with pytest.raises(TypeError):
                hash(one)
        assert hasattr(one, "__dict__") is not options["slots"]


def test_a_hash_is_that_of_the_fields() -> None:
    @late(frozen=True, slots=True)
    class Pair:
        one: int
        other: str

    assert {Pair(1, "a"): "found"}[Pair(1, "a")] == "found"
    assert hash(Pair(1, "a")) == hash((1, "a"))


@pytest.mark.parametrize("options", WAYS)
def test_fields_are_told_before_an_object_is_made(options: dict[str, bool]) -> None:
    mine, theirs = both(**options)
    assert dataclasses.is_dataclass(mine)
    names = [[f.name for f in dataclasses.fields(cls)] for cls in (mine, theirs)]
    assert names[0] == names[1]
    assert mine.__dataclass_params__.frozen is options["frozen"]
    assert mine.__match_args__ == theirs.__match_args__
    one = dataclasses.replace(mine("甲"), row=5)
    assert (one.row, dataclasses.asdict(one)["sheet"]) == (5, "甲")
    assert dataclasses.astuple(mine("乙"))[:2] == ("乙", 1)


@late(frozen=True, slots=True)
class Kept:
    one: int
    other: tuple[str, ...] = ()


@late
class Open:
    one: int


@pytest.mark.parametrize("thing", [Kept(1, ("a",)), Open(3)])
def test_objects_travel(thing: object) -> None:
    assert pickle.loads(pickle.dumps(thing)) == thing
    assert copy.copy(thing) == copy.deepcopy(thing) == thing


def test_a_class_of_the_library_goes_on_from_a_late_one() -> None:
    @dataclasses.dataclass(frozen=True)
    class Wider(Kept):
        more: str = "m"

    assert Wider(1, (), "x") == Wider(1, (), "x") != Wider(1)
    assert copy.copy(Wider(1, (), "x")).more == "x"
    with pytest.raises(dataclasses.FrozenInstanceError):
        Wider(1).one = 2  # type: ignore[misc]


def test_what_is_more_than_fields_goes_to_the_library_at_once() -> None:
    @late(frozen=True)
    class Counted:
        most: ClassVar[int] = 3
        one: int

        @cached_property
        def double(self) -> int:
            return 2 * self.one

    assert (Counted(4).double, Counted.most) == (8, 3)
    assert [f.name for f in dataclasses.fields(Counted)] == ["one"]

    @late(frozen=True, kw_only=True)
    class Named(Counted):
        other: int = 0

    assert repr(Named(one=1, other=2)).endswith("Named(one=1, other=2)")

    @late
    class Own:
        one: int

        def __eq__(self, other: object) -> bool:
            return True

    assert Own(1) == Own(2)


def test_methods_are_made_when_they_are_wanted() -> None:
    @late(frozen=True, slots=True)
    class Quiet:
        one: int

    assert Quiet.__init__.__code__.co_name == "first"
    assert Quiet(1).one == 1
    assert Quiet.__init__.__code__.co_name == "__init__"
    assert Quiet.__eq__.__code__.co_name == "first"  # type: ignore[attr-defined]
    assert Quiet(1) == Quiet(1)
    assert Quiet.__eq__.__code__.co_name == "__eq__"  # type: ignore[attr-defined]


def test_the_program_declares_its_classes_so() -> None:
    root = Path(late.__code__.co_filename).parent
    first = re.compile(r"^from dataclasses import .*\bdataclass\b", re.MULTILINE)
    named = [p.name for p in root.rglob("*.py") if first.search(p.read_text(encoding="utf-8"))]
    assert named == []


def test_what_a_factory_makes_is_made_each_time() -> None:
    for cls in (*both(slots=True), *both()):
        one, other = cls("甲"), cls("甲")
        one.seen.append("more")
        assert (other.seen, cls("甲", seen=["x"]).seen) == (["甲"], ["x", "甲"])


def test_a_field_that_is_not_told_goes_to_the_library() -> None:
    @late(slots=True)
    class Counter:
        name: str
        count: int = dataclasses.field(default=0, init=False)

    assert repr(Counter("a")).endswith("Counter(name='a', count=0)")
    with pytest.raises(TypeError):
        Counter("a", 1)  # type: ignore[call-arg]


NAMES = ("_new", "_set", "_0", "_make_1", "one", "_1", "other", "field")
KINDS = st.sampled_from(["told", "default", "factory", "field"])


@given(st.lists(KINDS, max_size=6), st.permutations(NAMES), st.booleans(), st.data())
def test_any_fields_are_set_as_the_library_sets_them(
    kinds: list[str], names: list[str], frozen: bool, data: st.DataObject
) -> None:
    kinds = sorted(kinds, key=lambda kind: kind != "told")
    makers = {
        "default": lambda: "d",
        "factory": lambda: dataclasses.field(default_factory=list),
        "field": lambda: dataclasses.field(default=3, compare=False),
    }
    given = {n: makers[k]() for n, k in zip(names, kinds, strict=False) if k in makers}
    annotated = {"__annotations__": dict.fromkeys(names[: len(kinds)], int)}
    classes = [type("A", (), {**given, **annotated, "__module__": "m"}) for _ in range(2)]
    mine, theirs = late(frozen=frozen)(classes[0]), dataclasses.dataclass(frozen=frozen)(classes[1])
    told = data.draw(st.integers(0, len(kinds) + 1))
    named = dict.fromkeys(data.draw(st.lists(st.sampled_from(names), max_size=3)), 8)

    def outcome(cls: Any) -> object:
        try:
            return vars(cls(*range(told), **named))
        except TypeError as fault:
            return re.sub(r"\S*__init__", "__init__", str(fault))

    assert outcome(mine) == outcome(theirs)


def test_a_default_that_objects_would_share_is_refused() -> None:
    with pytest.raises(ValueError, match="share"):

        @late
        class Shared:
            seen: list[str] = []  # noqa: RUF012
