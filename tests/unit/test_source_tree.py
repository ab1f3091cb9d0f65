"""The house: no file, function or folder grows past what a reader can hold, and no way is round."""

import ast
from collections import Counter
from statistics import median, quantiles

import pytest
from tests import tree

FILE, FUNCTION, FOLDER = 400, 45, 20
MEDIAN, NINETIETH = 8, 20
# A row of commands, one module each; what they share stands in `cli/common`.
ROWS = {"ledgersync.cli"}


def test_files_are_short() -> None:
    """Those of the tests, too."""
    paths = [
        path for name in ("src", "tests", "benchmarks") for path in tree.files(tree.ROOT / name)
    ]
    lengths = {str(path.relative_to(tree.ROOT)): lines(path) for path in paths}
    assert {path: n for path, n in lengths.items() if n > FILE} == {}


def lines(path: tree.Path) -> int:
    return path.read_bytes().count(b"\n")


def test_functions_are_short() -> None:
    found = tree.functions()
    assert {f.place: f.lines for f in found if f.lines > FUNCTION} == {}
    lengths = [f.lines for f in found]
    assert median(lengths) <= MEDIAN
    assert quantiles(lengths, n=10)[-1] <= NINETIETH


def test_folders_are_small() -> None:
    counted = Counter(
        path.parent.relative_to(tree.SOURCE).as_posix().replace("/", ".")
        for path in tree.files(tree.SOURCE)
        if path.name != "__init__.py"
    )
    assert {f: n for f, n in counted.items() if n > FOLDER and f not in ROWS} == {}


def test_no_modules_import_each_other_in_a_circle() -> None:
    assert tree.circles(tree.imports()) == []


@pytest.mark.parametrize("package", sorted({n.rpartition(".")[0] for n in tree.modules()} - {""}))
def test_no_rooms_of_a_package_lead_to_each_other(package: str) -> None:
    assert tree.circles(tree.rooms(tree.imports(), package)) == []


def test_every_function_is_typed() -> None:
    assert [f.place for f in tree.functions() if untyped(f.node)] == []


def untyped(node: tree.Definition) -> bool:
    given = node.args
    named = [*given.posonlyargs, *given.args, *given.kwonlyargs]
    rest = [arg for arg in (given.vararg, given.kwarg) if arg]
    typed = [arg.annotation or arg.arg in ("self", "cls") for arg in [*named, *rest]]
    return node.returns is None or not all(typed)


def test_a_circle_is_found() -> None:
    arrows = {"a": {"b"}, "b": {"c"}, "c": {"b", "d"}, "d": {"a"}, "e": {"a"}}
    assert tree.circles(arrows) == [["a", "b", "c", "d"]]
    assert tree.circles({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == []


def test_an_import_inside_a_function_counts_and_one_for_types_does_not() -> None:
    code = "if TYPE_CHECKING:\n    import ledgersync.files\ndef f():\n    import ledgersync.errors"
    assert set(tree.imported(ast.parse(code))) == {"ledgersync.errors"}


def test_tests_stand_in_the_rooms_of_what_they_test() -> None:
    unit, package = tree.ROOT / "tests" / "unit", tree.SOURCE / "ledgersync"
    rooms = {path.parent.relative_to(unit) for path in unit.rglob("test_*.py")}
    named = {room for room in rooms if not (package / room).is_dir()}
    assert {str(room) for room in named} <= ASPECTS


ASPECTS = {"workbook/read/kinds"}  # what people type, kind by kind


def test_nothing_stands_in_a_module_that_nobody_names() -> None:
    """Functions, classes and constants that neither their module nor another one mentions."""
    asked = {name for module in tree.modules().values() for name in tree.asked_for(module)}
    found = [
        f"{place}.{name}"
        for place, module in tree.modules().items()
        for name in set(tree.defined(module)) - asked - set(tree.read(module))
    ]
    assert found == []
