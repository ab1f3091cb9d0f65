"""Named expressions of the ledger files, put in place on the syntax tree."""

from collections.abc import Callable
from dataclasses import field

from sqlglot import exp

from ledgersync.dataclass import dataclass
from ledgersync.messages import message
from ledgersync.rollup.faults import Place, macro_place
from ledgersync.rollup.sql.allowed import MAX_NODES
from ledgersync.rollup.sql.parse import check_columns, check_expression, parse_expression
from ledgersync.rollup.sql.portable import in_brackets
from ledgersync.schema import Macro

MacroKey = tuple[str, str]  # ledger (empty for the package's own), name in small letters


@dataclass
class Macros:
    """All macros by `ledger.name`; each is parsed when it is called for the first time."""

    declared: dict[MacroKey, tuple[Macro, Place]] = field(default_factory=dict)
    bodies: dict[MacroKey, exp.Expr] = field(default_factory=dict)

    def declare(self, ledger: str, macro: Macro, file: str) -> None:
        self.declared[ledger, macro.name] = (macro, macro_place(file, macro.name))

    def expanded(self, tree: exp.Expr, place: Place, within: tuple[MacroKey, ...] = ()) -> exp.Expr:
        """The tree with every call replaced by what the macro says, innermost arguments first."""
        root = exp.Paren(this=tree)
        calls = [
            (node, key) for node in root.find_all(exp.Dot, exp.Anonymous) if (key := called(node))
        ]
        for node, key in reversed(calls):  # the deepest come last in a walk by breadth
            if key in self.declared:
                node.replace(self._put_in_place(node, key, place, within))
        if sum(1 for _ in root.walk()) > MAX_NODES:
            raise place.fault(message("宏展开后太长"))
        return root.this if isinstance(root.this, exp.Query) else in_brackets(root.this)

    def _put_in_place(
        self, node: exp.Expr, key: MacroKey, place: Place, within: tuple[MacroKey, ...]
    ) -> exp.Expr:
        macro, _ = self.declared[key]
        given = _arguments(node)
        if len(given) != len(macro.parameters):
            name = ".".join(filter(None, key))
            raise place.fault(
                message(
                    "{name} 要 {wanted} 个参数，这里是 {given} 个",
                    name=name,
                    wanted=len(macro.parameters),
                    given=len(given),
                )
            )
        values = dict(zip(macro.parameters, given, strict=True))
        return in_brackets(self._body(key, within).transform(_replacing(values)))

    def _body(self, key: MacroKey, within: tuple[MacroKey, ...]) -> exp.Expr:
        if key not in self.bodies:
            macro, place = self.declared[key]
            if key in within:
                raise place.fault(message("自己调用了自己"))
            tree = self.expanded(parse_expression(macro.sql, place), place, (*within, key))
            check_expression(tree, place)
            check_columns(tree, frozenset(macro.parameters), place)
            self.bodies[key] = tree
        return self.bodies[key].copy()

    def check(self) -> None:
        """All of them, the uncalled ones too."""
        for key in self.declared:
            self._body(key, ())


def called(node: exp.Expr) -> MacroKey | None:
    """The macro that a call names: `visit.solved_by(…)` or `person_key(…)`."""
    if isinstance(node, exp.Dot):
        is_call = isinstance(node.expression, exp.Anonymous)
        return (node.this.name.lower(), node.expression.name.lower()) if is_call else None
    if isinstance(node, exp.Anonymous) and not isinstance(node.parent, exp.Dot):
        return "", node.name.lower()
    return None


def _arguments(node: exp.Expr) -> list[exp.Expr]:
    call = node.expression if isinstance(node, exp.Dot) else node
    found: list[exp.Expr] = call.expressions
    return found


def _replacing(
    values: dict[str, exp.Expr],
) -> Callable[[exp.Expr], exp.Expr]:
    def replaced(node: exp.Expr) -> exp.Expr:
        if isinstance(node, exp.Column) and not node.table and node.name.lower() in values:
            return in_brackets(values[node.name.lower()].copy())
        return node

    return replaced
