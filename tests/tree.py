"""The source tree as it stands: its files, its functions, and what each module imports."""

import ast
import re
from collections.abc import Iterator, Mapping, Set
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src"

Definition = ast.FunctionDef | ast.AsyncFunctionDef


class Function(NamedTuple):
    """A function or method at its place; `lines` with its signature and docstring."""

    place: str
    node: Definition

    @property
    def lines(self) -> int:
        return (self.node.end_lineno or 0) - self.node.lineno + 1


@cache
def modules() -> Mapping[str, ast.Module]:
    """Every module of the package by its dotted name, parsed."""
    return {name_of(path): ast.parse(path.read_bytes()) for path in files(SOURCE)}


def files(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.py"))


def name_of(path: Path) -> str:
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def functions() -> list[Function]:
    return [
        Function(f"{name}.{node.name}", node)
        for name, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, Definition)
    ]


@cache
def imports() -> Mapping[str, Set[str]]:
    """The modules that each one imports when it runs, inside functions too; not for types only."""
    return {name: frozenset(imported(tree)) - {name} for name, tree in modules().items()}


def imported(tree: ast.Module) -> Iterator[str]:
    for node in _when_running(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in modules())
        elif isinstance(node, ast.ImportFrom) and node.module in modules():
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in modules() else str(node.module)


def _when_running(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING":
            continue
        yield child
        yield from _when_running(child)


def circles(arrows: Mapping[str, Set[str]]) -> list[list[str]]:
    """The groups of names that all lead to each other (Tarjan)."""
    number: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(name: str) -> None:
        number[name] = low[name] = len(number)
        stack.append(name)
        for other in sorted(arrows.get(name, ())):
            if other not in number:
                visit(other)
                low[name] = min(low[name], low[other])
            elif other in stack:
                low[name] = min(low[name], number[other])
        if low[name] == number[name]:
            group = stack[stack.index(name) :]
            del stack[stack.index(name) :]
            if len(group) > 1:
                found.append(sorted(group))

    for name in sorted(arrows):
        if name not in number:
            visit(name)
    return found


def rooms(arrows: Mapping[str, Set[str]], within: str) -> Mapping[str, Set[str]]:
    """The arrows between what lies directly in one package: its modules and its folders."""
    start = f"{within}."

    def room(name: str) -> str | None:
        rest = name.removeprefix(start).partition(".")[0]
        return start + rest if name.startswith(start) else None

    between: dict[str, set[str]] = {}
    for name, others in arrows.items():
        if (one := room(name)) is not None:
            between.setdefault(one, set()).update(filter(None, map(room, others)))
    return {name: others - {name} for name, others in between.items()}


def defined(module: ast.Module) -> Iterator[str]:
    """The names that a module gives its functions, classes and constants.

    Not those that a decorator hands to somebody (commands, rules), nor what Python asks for.
    """
    for node in module.body:
        if isinstance(node, Definition | ast.ClassDef):
            found = [] if node.decorator_list else [node.name]
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found = [
                n.id for target in targets for n in ast.walk(target) if isinstance(n, ast.Name)
            ]
        else:
            found = []
        yield from (name for name in found if not name.startswith("__"))


def read(module: ast.Module) -> Iterator[str]:
    """The names that a module reads itself, in quoted types too."""
    for node in ast.walk(module):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield node.id
        for given in (getattr(node, "returns", None), getattr(node, "annotation", None)):
            quoted = ast.walk(given) if isinstance(given, ast.AST) else ()
            texts = [n.value for n in quoted if isinstance(n, ast.Constant)]
            yield from re.findall(r"\w+", " ".join(text for text in texts if isinstance(text, str)))


def asked_for(module: ast.Module) -> Iterator[str]:
    """The names that a module imports, asks an object for, or names in a text of their own."""
    for node in ast.walk(module):
        if isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.ImportFrom):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value.rpartition(":")[2]


def names(module: ast.Module) -> set[str]:
    """Everything that a module gives a name: variables, parameters, functions, classes, fields."""
    found = {node.id for node in ast.walk(module) if isinstance(node, ast.Name)}
    found |= {node.arg for node in ast.walk(module) if isinstance(node, ast.arg)}
    found |= {node.attr for node in ast.walk(module) if isinstance(node, ast.Attribute)}
    made = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return found | {node.name for node in ast.walk(module) if isinstance(node, made)}
