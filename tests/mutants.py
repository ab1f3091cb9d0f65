"""`make mutants`: faults put into the heart one by one, and whether a test notices.

mutmut and cosmic-ray start Python anew for every mutant, which takes hours here. This one collects
the tests once, notes which tests call which function, and tries each mutant in a forked child that
runs those tests alone, those that call the fewest functions first, until one fails. A mutant
changes the code of one function in place: a comparison, a condition, a constant, an operator, a
call whose result nobody uses. Survivors are listed with their line: killed by a better test, or
named with the reason in `equivalent_mutants.txt`, whose mutants are not tried.
"""

import argparse
import ast
import functools
import gc
import importlib
import os
import random
import signal
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import pytest

from tests.tree import ROOT, SOURCE, name_of

# The tests of each room; what they call decides which of them a mutant is tried on.
TESTS = {
    "merge": ["tests/unit/merge", "tests/property/test_merge_laws.py",
              "tests/property/test_merge_oracle.py", "tests/property/test_copied_rows.py"],
    "values": ["tests/unit/values"],
    "checks": ["tests/unit/checks", "tests/e2e/test_every_rule.py"],
    "workbook/patch": ["tests/unit/workbook/patch", "tests/e2e/test_patch_sheet.py",
                       "tests/e2e/test_patch_tables.py", "tests/e2e/test_patch_foreign.py",
                       "tests/e2e/test_patch_growth.py", "tests/e2e/test_patch_replace.py",
                       "tests/property/test_moving_rows.py",
                       "tests/property/test_formula_references.py"],
}  # fmt: skip
ROOMS = tuple(TESTS)
EQUIVALENT = ROOT / "tests" / "equivalent_mutants.txt"
BUDGET = 10.0  # seconds of tests for one mutant; the rest is not asked
HANGS = 4.0  # what takes so many times as long as it took unchanged hangs, and is noticed
WAITS = 10  # a busy machine may take so many seconds for one of the processor's
Place = tuple[str, int]  # of a function: its file and first line


@dataclass(frozen=True)
class Mutant:
    """One change: the function's place and name, the line, what becomes what."""

    module: str
    place: Place
    name: str
    line: int
    change: str
    code: CodeType

    def __str__(self) -> str:
        return f"{self.file}:{self.line} {self.name}: {self.change}"

    @property
    def file(self) -> str:
        return Path(self.place[0]).relative_to(SOURCE / "ledgersync").as_posix()

    @property
    def lasting(self) -> str:
        """Its name in the list of equivalents, whatever line it stands on."""
        return f"{self.file} {self.name}: {self.change}"


_SWAPS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE,
    ast.GtE: ast.Gt, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
    ast.And: ast.Or, ast.Or: ast.And, ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv,
    ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr,
}  # fmt: skip
_TOLD = {"message", "counted", "literal", "listed"}  # what is said is not what is decided


_BESIDE = {"annotation", "returns", "decorator_list", "format_spec"}


def changes(function: ast.AST) -> Iterator[tuple[int, str, Callable[[], Callable[[], None]]]]:
    """Line, words and a switch of each change; the switch gives back how to undo it."""
    for node in _decided(function):
        line = getattr(node, "lineno", 0)
        if isinstance(node, ast.Compare) and type(node.ops[0]) in _SWAPS:
            yield line, ast.unparse(node), _swapped(node.ops, 0)
        elif isinstance(node, (ast.BoolOp, ast.BinOp)) and type(node.op) in _SWAPS:
            yield line, ast.unparse(node), _set(node, "op", _SWAPS[type(node.op)]())
        elif isinstance(node, (ast.If, ast.While, ast.IfExp)):
            test = ast.copy_location(ast.UnaryOp(ast.Not(), node.test), node.test)
            yield line, f"if not ({ast.unparse(node.test)})", _set(node, "test", test)
        elif isinstance(node, ast.Return) and node.value is not None and not _is_no(node.value):
            none = ast.copy_location(ast.Constant(None), node.value)
            yield line, "return None", _set(node, "value", none)
        elif isinstance(node, ast.Constant) and not isinstance(node.value, (str, bytes)):
            if type(node.value) in (int, bool):
                other = not node.value if type(node.value) is bool else node.value + 1
                yield line, f"{node.value} → {other}", _set(node, "value", other)
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            nothing = ast.copy_location(ast.Constant(None), node.value)
            yield line, f"without {ast.unparse(node.value)[:60]}", _set(node, "value", nothing)


def _decided(node: ast.AST) -> Iterator[ast.AST]:
    """The parts of a function that decide: no annotations, no defaults, nothing that is said.

    `strict=True` of a `zip` only guards the program against itself.
    """
    for name, value in ast.iter_fields(node):
        if name in _BESIDE or isinstance(value, ast.arguments):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.Call) and _called(child) in _TOLD:
                continue
            if isinstance(child, (ast.FunctionDef, ast.ClassDef)):
                continue
            if isinstance(child, ast.keyword) and child.arg == "strict":
                continue
            if isinstance(child, ast.AST):
                yield child
                yield from _decided(child)


def _called(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _is_no(node: ast.expr) -> bool:
    """None already, or as good as None to whoever asks `if`."""
    return isinstance(node, ast.Constant) and not node.value


def _set(node: Any, name: str, value: object) -> Callable[[], Callable[[], None]]:
    old = getattr(node, name)

    def switch() -> Callable[[], None]:
        setattr(node, name, value)
        return functools.partial(setattr, node, name, old)

    return switch


def _swapped(operators: list[ast.cmpop], at: int) -> Callable[[], Callable[[], None]]:
    old = operators[at]

    def switch() -> Callable[[], None]:
        operators[at] = _SWAPS[type(old)]()  # type: ignore[assignment]
        return functools.partial(operators.__setitem__, at, old)

    return switch


def mutants_of(path: Path) -> Iterator[Mutant]:
    tree = ast.parse(path.read_bytes())
    for function in ast.walk(tree):
        if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
            continue
        first = min([function.lineno, *(d.lineno for d in function.decorator_list)])
        for line, words, switch in changes(function):
            undo = switch()
            code = _code_at(compile(ast.fix_missing_locations(tree), str(path), "exec"), first)
            undo()
            if code is not None:
                place = (str(path), first)
                yield Mutant(name_of(path), place, function.name, line, words, code)


def _code_at(code: CodeType, first: int) -> CodeType | None:
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            if inner.co_firstlineno == first and inner.co_name[0] != "<":
                return inner
            if (found := _code_at(inner, first)) is not None:
                return found
    return None


class Session:
    """A pytest plugin that runs the tests once, then each mutant in a child."""

    def __init__(self, mutants: Sequence[Mutant], seconds: float) -> None:
        self.mutants, self.until = mutants, time.monotonic() + seconds
        self.callers: dict[Place, set[int]] = defaultdict(set)
        self.took: dict[int, float] = {}
        self.breadth: dict[int, int] = {}  # how many functions a test calls
        self.code = Code({}, [])
        self.failed = 0
        self.dropped: list[str] = []
        self.outcomes: dict[Mutant, str] = {}

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = session.items
        for n, item in enumerate(items):
            self._watched(n, item)
        took, dropped = sum(self.took.values()), len(self.dropped)
        print(f"\n{len(items)} tests in {took:.0f} s; {dropped} fail when watched", flush=True)
        self.code = Code.loaded(self.mutants)
        gc.freeze()
        fail = self._unchanged(items)
        print(f"{len(fail)} fail in a child where nothing is changed, and are left out", flush=True)
        for numbers in self.callers.values():
            numbers -= fail
        for mutant in self.mutants:
            if time.monotonic() > self.until:
                break
            self.outcomes[mutant] = outcome = self._tried(mutant, items)
            if outcome != "killed":
                print(f"{outcome}: {mutant}", flush=True)
        return True

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.failed += report.failed

    def _watched(self, n: int, item: pytest.Item) -> None:
        places: set[Place] = set()
        heart = tuple(f"{SOURCE}/ledgersync/{room}/" for room in ROOMS)

        def note(frame: Any, event: str, _: object) -> None:
            if event == "call" and frame.f_code.co_filename.startswith(heart):
                places.add((frame.f_code.co_filename, frame.f_code.co_firstlineno))

        start = time.process_time()
        sys.setprofile(note)
        try:
            item.ihook.pytest_runtest_protocol(item=item, nextitem=None)
        finally:
            sys.setprofile(None)
        self.took[n] = time.process_time() - start
        if self.failed:  # a test that asserts a time, say: it tells nothing of mutants
            self.dropped.append(item.nodeid)
            self.failed = 0
            return
        self.breadth[n] = len(places)
        for place in places:
            self.callers[place].add(n)

    def _unchanged(self, items: list[pytest.Item]) -> set[int]:
        """The tests that fail in a child for no fault of a mutant."""
        reading, writing = os.pipe()
        if not os.fork():
            self._quiet()
            for n, item in enumerate(items):
                self.failed = 0
                item.ihook.pytest_runtest_protocol(item=item, nextitem=None)
                if self.failed:
                    os.write(writing, f"{n} ".encode())
            os._exit(0)
        os.close(writing)
        with os.fdopen(reading) as told:
            failing = {int(n) for n in told.read().split()}
        os.wait()
        return failing

    def _quiet(self) -> None:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1), os.dup2(null, 2)

    def _tried(self, mutant: Mutant, items: list[pytest.Item]) -> str:
        chosen, took = self._asked(mutant)
        if not chosen:
            return "no test"
        child = os.fork()
        if not child:
            self._in_child(mutant, [items[n] for n in chosen], took)
        _, status = os.waitpid(child, 0)
        code = os.waitstatus_to_exitcode(status)
        return {0: "survived", 7: "no place"}.get(code, "killed")

    def _asked(self, mutant: Mutant) -> tuple[list[int], float]:
        """The tests of its function as far as the budget goes, and how long they take."""
        chosen: list[int] = []
        total = 0.0
        for n in sorted(self.callers[mutant.place], key=lambda n: (self.breadth[n], self.took[n])):
            if not chosen or total + self.took[n] <= BUDGET:
                chosen.append(n)
                total += self.took[n]
        return chosen, total

    def _in_child(self, mutant: Mutant, items: list[pytest.Item], took: float) -> None:
        self._quiet()
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        limit = HANGS * took + 10
        signal.setitimer(signal.ITIMER_PROF, limit)
        signal.alarm(int(WAITS * limit))
        code = 1
        try:
            if not self.code.put(mutant):
                code = 7
            else:
                self.failed = 0
                for item in items:
                    item.ihook.pytest_runtest_protocol(item=item, nextitem=None)
                    if self.failed:
                        break
                code = 1 if self.failed else 0
        finally:
            os._exit(code)


@dataclass(frozen=True)
class Code:
    """The functions of the heart by their places, and everything that keeps answers."""

    functions: Mapping[Place, list[FunctionType]]
    kept: list[Any]

    @classmethod
    def loaded(cls, mutants: Sequence[Mutant]) -> "Code":
        for module in {mutant.module for mutant in mutants}:
            importlib.import_module(module)
        functions: dict[Place, list[FunctionType]] = defaultdict(list)
        kept = []
        gc.unfreeze()  # what is frozen, as `conftest.py` does, is not among the objects
        for thing in gc.get_objects():
            if isinstance(thing, FunctionType):
                code = thing.__code__
                functions[code.co_filename, code.co_firstlineno].append(thing)
            elif isinstance(thing, functools._lru_cache_wrapper):
                kept.append(thing)
        return cls(functions, kept)

    def put(self, mutant: Mutant) -> bool:
        """Changes the function in place; what was kept of its answers is forgotten."""
        found = False
        for function in self.functions.get(mutant.place, ()):
            same = function.__code__.co_freevars == mutant.code.co_freevars
            if same and function.__code__.co_name == mutant.name:
                function.__code__ = mutant.code
                found = True
        for answers in self.kept:
            answers.cache_clear()
        return found


def equivalents() -> frozenset[str]:
    """The mutants that no test can notice; a reason stands behind each."""
    lines = EQUIVALENT.read_text(encoding="utf-8").splitlines()
    return frozenset(line.partition("  # ")[0] for line in lines if line and line[0] != "#")


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--sample", type=int, default=300)
    asked.add_argument("--seed", type=int, default=14)
    asked.add_argument("--seconds", type=float, default=3600)
    asked.add_argument("--room", action="append", choices=ROOMS)
    asked.add_argument("--file", help="only mutants of files whose path begins so: values/dates")
    given = asked.parse_args()
    rooms = given.room or ROOMS
    named = equivalents()
    every = [
        mutant
        for room in rooms
        for path in sorted((SOURCE / "ledgersync" / room).rglob("*.py"))
        for mutant in mutants_of(path)
        if mutant.lasting not in named and mutant.file.startswith(given.file or "")
    ]
    chosen = random.Random(given.seed).sample(every, min(given.sample, len(every)))
    session = Session(chosen, given.seconds)
    os.chdir(ROOT)
    tests = [test for room in rooms for test in TESTS[room]]
    pytest.main(["-q", "-p", "no:cacheprovider", "-p", "no:timeout", *tests], plugins=[session])
    counted = Counter(session.outcomes.values())
    tried = sum(counted.values()) - counted["no place"]
    killed = counted["killed"]
    print(f"\n{len(every)} mutants, {tried} tried, {killed} killed ({killed / max(tried, 1):.0%})")
    for room in rooms:
        part = [o for m, o in session.outcomes.items() if f"/ledgersync/{room}/" in m.place[0]]
        part = [o for o in part if o != "no place"]
        print(f"{room}: {part.count('killed')} of {len(part)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
