"""The page runs in Chromium 86, as 统信 and 麒麟 ship it: newer syntax or names fail here.

The script is parsed as ECMAScript 2017. What it calls, and all that the style sheet says, must
stand in the lists below: a new word fails until somebody has looked up since when it is there.
"""

from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import esprima
import pytest
import tinycss2

HERE = files("ledgersync.report.page") / "template"


def listed(text: str) -> set[str]:
    return set(text.split())


GLOBALS = listed(
    "Array JSON Map Math MutationObserver NodeFilter Number Object String"
    " document window location parseFloat decodeURIComponent"
)
MEMBERS = listed("""
    abs addEventListener append appendChild add body cellIndex cells classList className
    closest code columns concat contains createElement dataset display documentElement exec
    filter find findIndex first focus forEach from getAttribute getElementById hasAttribute hash
    head hidden id includes indexOf innerText join keys lines length localeCompare map matches
    max min name textContent of open parentElement parse pop print push querySelector
    querySelectorAll remove removeAttribute replace rows scrollIntoView setAttribute slice some
    sort split splice startsWith style tBodies tabIndex tagName target test theme toggle
    toggleAttribute toString trim type unit units unshift value
    SHOW_TEXT addedNodes clear createTreeWalker data disconnect endsWith entries get has
    isConnected lang match nextNode nodeType observe set shift title toLowerCase
    above cells english file level ledger line measure notes script state
    """)
PROPERTIES = listed("""
    align-items background border border-bottom border-collapse border-left border-radius
    border-top box-sizing bottom clip color column-gap column-span columns content cursor display
    fill flex-wrap font font-family font-size font-variant-numeric font-weight gap
    grid-template-columns height justify-content left line-height list-style margin margin-bottom
    margin-left margin-right margin-top max-width min-height min-width opacity outline
    outline-offset overflow overflow-wrap overflow-x padding padding-left padding-right
    padding-top page-break-after page-break-before page-break-inside position right
    scroll-padding-top size stroke stroke-dasharray stroke-width text-align text-decoration top
    vertical-align white-space width z-index -webkit-print-color-adjust
    """)
PSEUDO = listed("root not focus focus-visible hover target nth-child before after")
FUNCTIONS = listed("var calc max minmax repeat rect rgba attr nth-child not lang")
AT_RULES = {"media", "page"}
UNITS = listed("px pt mm em fr")


def walk(node: Any) -> Iterator[Any]:
    if isinstance(node, list):
        for each in node:
            yield from walk(each)
    elif hasattr(node, "type") and hasattr(node, "__dict__"):
        yield node
        for each in vars(node).values():
            yield from walk(each)


def script_faults(source: str) -> list[str]:
    """What of a script Chromium 86 may not know."""
    try:
        tree = esprima.parseScript(source)
    except esprima.Error as error:
        return [str(error)]
    nodes = list(walk(tree))
    members = {n.property.name for n in nodes if n.type == "MemberExpression" and not n.computed}
    keys = {n.key.name for n in nodes if n.type == "Property" and n.key.type == "Identifier"}
    patterns = [n.id for n in nodes if n.type in ("VariableDeclarator", "FunctionDeclaration")]
    patterns += [p for n in nodes if "Function" in str(n.type) for p in n.params]
    patterns += [n.param for n in nodes if n.type == "CatchClause"]
    declared = {i.name for p in patterns for i in walk(p) if i.type == "Identifier"}
    used = {n.name for n in nodes if n.type == "Identifier"}
    free = used - declared - members - keys
    return sorted((members - MEMBERS) | (free - GLOBALS))


def style_faults(source: str) -> list[str]:
    """What of a style sheet Chromium 86 may not know."""
    found: list[str] = []
    rules = tinycss2.parse_stylesheet(source, skip_comments=True, skip_whitespace=True)
    for rule in rules:
        found += _rule_faults(rule)
    return found


def _rule_faults(rule: Any) -> Iterator[str]:
    if rule.type == "error":
        yield rule.message
        return
    yield from _words(rule.prelude)
    if rule.type == "at-rule":
        if rule.lower_at_keyword not in AT_RULES:
            yield f"@{rule.at_keyword}"
        if rule.lower_at_keyword != "page":
            for inner in tinycss2.parse_rule_list(rule.content, True, True):
                yield from _rule_faults(inner)
            return
    for declared in tinycss2.parse_declaration_list(rule.content, True, True):
        if declared.type != "declaration":
            yield f"nested: {tinycss2.serialize(rule.content)}"
            continue
        if not declared.name.startswith("--") and declared.lower_name not in PROPERTIES:
            yield declared.name
        yield from _words(declared.value)


def _words(tokens: Any) -> Iterator[str]:
    """Functions, units and pseudo-classes that are not listed."""
    for before, token in zip([None, *tokens], tokens, strict=False):
        if token.type == "function":
            if token.lower_name not in FUNCTIONS:
                yield f"{token.name}()"
            yield from _words(token.arguments)
        elif token.type in ("() block", "[] block", "{} block"):
            yield from _words(token.content)
        elif token.type == "dimension" and token.lower_unit not in {*UNITS, "n"}:
            yield token.unit
        elif token.type == "ident" and before == ":" and token.lower_value not in PSEUDO:
            yield f":{token.value}"


def part(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")


def test_the_script_is_old_enough() -> None:
    assert script_faults(part("page.js")) == []


def test_the_style_sheet_is_old_enough() -> None:
    assert style_faults(part("page.css")) == []


@pytest.mark.parametrize(
    "source",
    [
        "const a = document?.body;",
        "let b = null ?? 1;",
        "[1].at(-1);",
        "structuredClone([]);",
        "Object.hasOwn({}, 'a');",
        "'aa'.replaceAll('a', 'b');",
        "class A { #b = 1; }",
    ],
)
def test_a_newer_script_is_told(source: str) -> None:
    assert script_faults(source)


@pytest.mark.parametrize(
    "source",
    [
        "a:has(b) { color: red; }",
        "a { inset: 0; }",
        "a { b { color: red; } }",
        "@layer x { a { color: red; } }",
        "@container (width > 1px) { a { color: red; } }",
        "a { height: 100dvh; }",
        "a { color: color-mix(in srgb, red, blue); }",
        "a { aspect-ratio: 1; }",
        "a:is(b) { color: red; }",
    ],
)
def test_a_newer_style_sheet_is_told(source: str) -> None:
    assert style_faults(source)
