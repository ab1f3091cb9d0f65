"""The maps for strangers, CONTRIBUTING.md and the glossary, show the tree as it is."""

import re
import tomllib

import pytest
from tests import tree

TEXTS = {
    name: (tree.ROOT / name).read_text("utf-8") for name in ("CONTRIBUTING.md", "docs/glossary.md")
}
PACKAGE = tree.SOURCE / "ledgersync"
PLACE = re.compile(r"`([\w./*]+(?:/|\.py|\.md|\.toml))`")


def places(name: str) -> list[str]:
    return sorted(set(PLACE.findall(TEXTS[name])))


@pytest.mark.parametrize("place", sorted({p for name in TEXTS for p in places(name)}))
def test_every_place_that_is_named_is_there(place: str) -> None:
    """In the package or the repository; what a workspace holds is its own."""
    if place in OF_A_WORKSPACE:
        return
    found = [*PACKAGE.glob(place.rstrip("/")), *tree.ROOT.glob(place.rstrip("/"))]
    assert found
    assert not place.endswith("/") or found[0].is_dir()


OF_A_WORKSPACE = {"inbox/", "primary/", "issued/", "ledgers/", "ledgersync.toml"}


def test_every_package_has_its_line_on_the_map() -> None:
    there = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    table = TEXTS["CONTRIBUTING.md"].split("## Where does it belong?")[1].split("## House style")[0]
    assert {name for name in there if f"{name}/" not in table and name not in table} == set()


def test_every_room_of_sync_has_its_line_on_the_map() -> None:
    table = TEXTS["CONTRIBUTING.md"].split("## Where does it belong?")[1].split("Imports go")[0]
    rooms = {path.parent.name for path in (PACKAGE / "sync").glob("*/__init__.py")}
    assert {room for room in rooms if f"`sync/{room}/" not in table} == set()


def test_the_order_of_imports_is_the_one_that_is_held() -> None:
    settings = tomllib.loads((tree.ROOT / "pyproject.toml").read_text("utf-8"))
    [held] = [
        c["layers"]
        for c in settings["tool"]["importlinter"]["contracts"]
        if c["name"] == "imports go downward only"
    ]
    order = re.search(r"holds it:\n\n((?: {4}.*\n)+)", TEXTS["CONTRIBUTING.md"])
    assert order is not None
    named = [set(step.replace(",", " ").split()) for step in order[1].split("→")]
    assert named == [set(re.findall(r"ledgersync\.(\w+)", layer)) for layer in held]


CODE = re.compile(r"`(?:ledgersync\.)?((?:\w+\.)+)(\w+)`")


@pytest.mark.parametrize(
    ("place", "name"),
    sorted({(p.rstrip("."), n) for p, n in CODE.findall(TEXTS["docs/glossary.md"])} - {("", "")}),
)
def test_every_name_of_the_glossary_is_in_the_code(place: str, name: str) -> None:
    if name in ("py", "md", "toml"):
        return
    inside = [text for text in sources(place) if re.search(rf"\b{name}\b", text)]
    assert inside


def sources(place: str) -> list[str]:
    """The module or package that a dotted name ends with."""
    parts = place.replace(".", "/")
    paths = [
        p for p in tree.files(PACKAGE) if f"/{p.relative_to(PACKAGE)}".endswith(f"/{parts}.py")
    ]
    paths += [
        p
        for p in tree.files(PACKAGE)
        if str(p.relative_to(PACKAGE)).endswith(f"{parts}/__init__.py")
    ]
    return [p.read_text("utf-8") for p in paths]


FORMER = {"said", "heard", "shadow", "diary", "beat", "eyes", "sightings", "judge", "judged"}
FORMER |= {"doubts", "lying", "unkept", "deed", "deeds"}


def test_no_name_in_the_code_is_one_of_the_former_pictures() -> None:
    """The glossary's terms took their place: text, remark, heartbeat, observers, verdict …"""
    found = {
        f"{module}: {name}"
        for module, parsed in tree.modules().items()
        for name in tree.names(parsed)
        if FORMER & {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+", name)}
    }
    assert found == set()
