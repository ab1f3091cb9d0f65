"""The list of mutants that nobody can notice names mutants that there are, each with its reason."""

import ast

from tests.mutants import EQUIVALENT, changes, equivalents
from tests.tree import SOURCE


def test_every_equivalent_mutant_is_there() -> None:
    named = equivalents()
    files = {name.partition(" ")[0] for name in named}
    assert named <= {name for file in files for name in mutants_of(file)}


def mutants_of(file: str) -> set[str]:
    tree = ast.parse((SOURCE / "ledgersync" / file).read_bytes())
    return {
        f"{file} {function.name}: {words}"
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef)
        for _, words, _ in changes(function)
    }


def test_every_equivalent_mutant_has_a_reason() -> None:
    lines = EQUIVALENT.read_text("utf-8").splitlines()
    assert [line for line in lines if line[:1] != "#" and not line.partition("  # ")[2]] == []
