"""The parts of a package: how they refer to each other, and how parts come and go."""

from pathlib import Path

import pytest
from tests.patching import (
    OFFICE,
    PACKAGE,
    opened,
    relations,
    row,
    save,
    simple,
    workbook,
    worksheet,
)

from ledgersync.workbook.patch import PatchRefused
from ledgersync.workbook.patch.package import parts as parts_module
from ledgersync.workbook.patch.package.parts import (
    Package,
    Relation,
    Sheet,
    append_inside,
    sheet_tags,
)
from ledgersync.workbook.patch.scan.xml_scan import first

SHEET = "xl/worksheets/sheet1.xml"
TYPES = "[Content_Types].xml"


@pytest.fixture
def at(tmp_path: Path) -> Path:
    return tmp_path / "a.xlsx"


@pytest.fixture
def parts() -> dict[str, str]:
    return simple(worksheet(row(1, "a")))


def reason(at: Path, parts: dict[str, str]) -> str:
    with pytest.raises(PatchRefused) as refused, opened(save(parts, at)):
        pass
    return refused.value.reason


def test_a_part_is_read_as_it_will_be_written(at: Path, parts: dict[str, str]) -> None:
    with opened(save(parts, at)) as package:
        assert package.read("xl/styles.xml") == parts["xl/styles.xml"].encode()
        package.replace("xl/styles.xml", parts["xl/styles.xml"].encode())
        assert package.changed == {}
        package.replace("xl/styles.xml", b"<a/>")
        assert (package.read("xl/styles.xml"), package.changed) == (
            b"<a/>",
            {"xl/styles.xml": b"<a/>"},
        )
        package.put("new.xml", b"<b/>")
        package.replace("new.xml", b"<c/>")
        assert (package.read("new.xml"), package.added) == (b"<c/>", {"new.xml": b"<c/>"})
        assert package.has("new.xml") and package.has(SHEET) and not package.has("old.xml")


def test_parts_that_are_too_large_or_in_another_encoding_are_refused(
    at: Path, parts: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    parts["odd.xml"] = '<?xml version="1.0" encoding="GBK"?><a/>'
    parts["ten.xml"] = "<a>1234567" * 100
    with opened(save(parts, at)) as package:
        monkeypatch.setattr(parts_module, "_MAX_SMALL_PART", 1000)
        assert package.read("ten.xml") == parts["ten.xml"].encode()
        monkeypatch.setattr(parts_module, "_MAX_SMALL_PART", 999)
        for name, expected in (("odd.xml", "xml.encoding"), ("ten.xml", "package.too_large")):
            with pytest.raises(PatchRefused) as refused:
                package.read(name)
            assert (refused.value.reason, name in refused.value.message.zh) == (expected, True)


def test_whole_parts_from_outside(at: Path, parts: dict[str, str]) -> None:
    with opened(save(parts, at)) as package:
        package.put("XL\\Styles.xml", b"<s/>")
        package.put("customXml/item1.xml", b"<i/>")
        assert package.changed == {"xl/styles.xml": b"<s/>"}
        assert package.added == {"customXml/item1.xml": b"<i/>"}
        package.put("docProps/custom.xml", b"<p/>")
        assert package.added["docProps/custom.xml"] == b"<p/>"
        kind = f'Type="{OFFICE}/custom-properties" Target="docProps/custom.xml"'
        assert f'<Relationship Id="rId2" {kind}/>'.encode() in package.read("_rels/.rels")
        assert b'PartName="/docProps/custom.xml"' in package.read(TYPES)


@pytest.mark.parametrize(
    ("target", "member"),
    [
        ("../drawings/a.xml", "xl/drawings/a.xml"),
        ("/xl/drawings/a.xml", "xl/drawings/a.xml"),
        ("..\\drawings\\A.xml", "xl/drawings/a.xml"),
        ("../drawings/a.xml#x", "xl/drawings/a.xml"),
        ("../drawings/%E5%9B%BE.xml", "xl/drawings/图.xml"),
        ("../drawings/none.xml", ""),
        ("#here", ""),
    ],
)
def test_what_a_relationship_points_at(
    at: Path, parts: dict[str, str], target: str, member: str
) -> None:
    parts |= {"xl/drawings/a.xml": "<a/>", "xl/drawings/图.xml": "<a/>"}
    parts["xl/worksheets/_rels/sheet1.xml.rels"] = relations(("r7", "drawing", target))
    with opened(save(parts, at)) as package:
        expected = Relation("r7", "drawing", f"{OFFICE}/drawing", member, external=False)
        assert package.relations(SHEET) == (expected,)
        assert package.related(SHEET, "drawing") == ([member] if member else [])
        assert package.related(SHEET, "image", "drawing") == ([member] if member else [])
        assert package.related(SHEET, "image") == []
        assert package.relations("xl/drawings/a.xml") == ()


def test_what_stands_outside_the_package_is_no_part(at: Path, parts: dict[str, str]) -> None:
    links = relations(("r1", "image", "../a.png")).replace("/></R", ' TargetMode="External"/></R')
    parts |= {"xl/worksheets/_rels/sheet1.xml.rels": links, "xl/a.png": ""}
    with opened(save(parts, at)) as package:
        assert package.relations(SHEET)[0].external
        assert package.related(SHEET, "image") == []


def test_a_dropped_part_is_related_no_more(at: Path, parts: dict[str, str]) -> None:
    override = '<Override PartName="\\xl\\Chain.xml" ContentType="c"/>'
    parts[TYPES] = parts[TYPES].replace("</Types>", f"{override}<Override/></Types>")
    parts["xl/chain.xml"] = "<c/>"
    links = ("rId1", "worksheet", "worksheets/sheet1.xml"), ("rId5", "calcChain", "chain.xml")
    parts["xl/_rels/workbook.xml.rels"] = relations(*links)
    with opened(save(parts, at)) as package:
        assert package.related(package.workbook, "calcChain") == ["xl/chain.xml"]
        package.drop(package.workbook, "xl/chain.xml")
        assert (package.dropped, package.has("xl/chain.xml")) == ({"xl/chain.xml"}, False)
        assert package.related(package.workbook, "calcChain") == []
        assert package.read(TYPES).decode() == parts[TYPES].replace(override, "")
        left = relations(links[0])
        assert package.read("xl/_rels/workbook.xml.rels").decode() == left
        package.drop(SHEET, "xl/styles.xml")  # to which the sheet has no relationship
        assert "xl/styles.xml" in package.dropped


def test_names_of_sheets(at: Path, parts: dict[str, str]) -> None:
    parts["xl/workbook.xml"] = workbook(sheets=("甲&amp;乙", "Data", "data", "Chart", "Lost"))
    parts["xl/_rels/workbook.xml.rels"] = relations(
        ("rId1", "worksheet", "worksheets/sheet1.xml"),
        ("rId2", "worksheet", "worksheets/sheet1.xml"),
        ("rId3", "worksheet", "worksheets/sheet1.xml"),
        ("rId4", "chartsheet", "worksheets/sheet1.xml"),
    )
    with opened(save(parts, at)) as package:
        assert package.sheet("甲&乙") == Sheet("甲&乙", "1", 0, "worksheet", SHEET)
        assert [package.sheet(name).index for name in ("Data", "data")] == [1, 2]
        cases = {
            "DATA": "sheet.missing",
            "Chart": "sheet.not_worksheet",
            "lost": "package.part_missing",
            "none": "sheet.missing",
        }
        for name, expected in cases.items():
            with pytest.raises(PatchRefused) as refused:
                package.sheet(name)
            assert (refused.value.reason, name in refused.value.message.zh) == (expected, True)
    parts["xl/workbook.xml"] = workbook(sheets=("Data",))
    with opened(save(parts, at)) as package:
        assert package.sheet("DATA").name == "Data"


def test_sheets_are_those_in_the_list_of_sheets() -> None:
    data = b'<w><sheet a="0"/><sheets><sheet a="1"/><x/><sheet a="2"></sheet></sheets><sheet/></w>'
    assert [tag.text(b"a") for tag in sheet_tags(data)] == ["1", "2"]
    assert sheet_tags(b"<w><sheets/><sheet/></w>") == []


def test_a_sheet_without_an_id(at: Path, parts: dict[str, str]) -> None:
    parts["xl/workbook.xml"] = '<workbook><sheets><sheet r:id="rId1"/></sheets></workbook>'
    with opened(save(parts, at)) as package:
        assert package.sheets == [Sheet("", "", 0, "worksheet", SHEET)]


def test_the_workbook_is_found_or_the_package_is_refused(at: Path, parts: dict[str, str]) -> None:
    parts["_rels/.rels"] = relations(("rId1", "thumbnail", "x.png"))
    with opened(save(parts, at)) as package:
        assert package.workbook == "xl/workbook.xml"
    parts["other.xml"] = workbook()
    parts["_rels/.rels"] = relations(("rId1", "officeDocument", "other.xml"))
    parts["_rels/other.xml.rels"] = relations(("rId1", "worksheet", "xl/worksheets/sheet1.xml"))
    with opened(save(parts, at)) as package:
        assert (package.workbook, package.sheets[0].member) == ("other.xml", SHEET)
    parts["_XmlSignatures/sig1.xml"] = "<s/>"
    assert reason(at, parts) == "package.signed"
    assert reason(at, {TYPES: "<Types/>", "_rels/.rels": "<r/>"}) == "package.no_workbook"


@pytest.mark.parametrize(
    ("taken", "free"),
    [
        ([], "xl/comments1.xml"),
        (["xl/comments1.xml"], "xl/comments2.xml"),
        (["xl/Comments1.xml", "xl/comments3.xml"], "xl/comments2.xml"),
        (["xl/comments1.xml", "xl/comments2.xml"], "xl/comments3.xml"),
    ],
)
def test_a_name_that_no_part_has(
    at: Path, parts: dict[str, str], taken: list[str], free: str
) -> None:
    with opened(save(parts | dict.fromkeys(taken, "<a/>"), at)) as package:
        assert package.free_member("xl/comments{}.xml") == free
        package.put(free, b"<a/>")
        assert package.free_member("xl/comments{}.xml") != free


def added(package: Package, content: str = "text/x", member: str = "xl/new.vml") -> str:
    return package.add_related(SHEET, member, b"<a/>", "vmlDrawing", content)


def test_a_new_part_is_declared_and_related(at: Path, parts: dict[str, str]) -> None:
    with opened(save(parts, at)) as package:
        assert added(package) == "rId1"
        links = package.read("xl/worksheets/_rels/sheet1.xml.rels").decode()
        assert links == (
            '<?xml version="1.0" encoding="UTF-8"?>\n<Relationships xmlns="'
            f'{PACKAGE}/relationships"><Relationship Id="rId1" Type="{OFFICE}/vmlDrawing"'
            ' Target="../new.vml"/></Relationships>'
        )
        override = '<Override PartName="/xl/new.vml" ContentType="text/x"/></Types>'
        assert package.read(TYPES).decode().endswith(override)
        assert added(package, member="xl/more.vml") == "rId2"


def test_a_part_that_its_extension_declares_needs_no_entry(at: Path, parts: dict[str, str]) -> None:
    vml = "application/vnd.openxmlformats-officedocument.vmlDrawing"
    parts[TYPES] = parts[TYPES].replace("<Default", "<Default/><Default", 1)
    with opened(save(parts, at)) as package:
        added(package, vml, "xl/NEW.VML")
        assert package.read(TYPES).decode() == parts[TYPES]
        added(package, vml, "xl/new.xml")
        assert "/xl/new.xml" in package.read(TYPES).decode()


@pytest.mark.parametrize(
    ("ids", "new"),
    [(["rId1"], "rId2"), (["rId2", "rId3"], "rId4"), (["a", "rId3"], "rId4"), (["rId9"], "rId2")],
)
def test_ids_of_relationships_are_new(
    at: Path, parts: dict[str, str], ids: list[str], new: str
) -> None:
    links = [(key, f"{OFFICE}/image", "../a.png") for key in ids]
    parts["xl/worksheets/_rels/sheet1.xml.rels"] = relations(*links)
    with opened(save(parts, at)) as package:
        assert added(package) == new


def test_relationships_are_as_strict_as_the_others(at: Path, parts: dict[str, str]) -> None:
    """Those of the part itself tell, else those of the workbook; a full type stays as it is."""
    odd = {
        n: text.replace(OFFICE, "urn:odd") for n, text in parts.items() if n.endswith("xml.rels")
    }
    with opened(save(parts | odd, at)) as package:
        added(package)
        links = package.read("xl/worksheets/_rels/sheet1.xml.rels").decode()
        assert f'Type="{OFFICE}/vmlDrawing"' in links
    strict = "http://purl.oclc.org/ooxml/officeDocument/relationships"
    parts["xl/_rels/workbook.xml.rels"] = parts["xl/_rels/workbook.xml.rels"].replace(
        OFFICE, strict
    )
    with opened(save(parts, at)) as package:
        added(package)
        links = package.read("xl/worksheets/_rels/sheet1.xml.rels").decode()
        assert f'Type="{strict}/vmlDrawing"' in links
    own = relations(("r1", "urn:x/odd", "../a.png"), ("r2", "image", "../a.png"))
    parts["xl/worksheets/_rels/sheet1.xml.rels"] = own
    with opened(save(parts, at)) as package:
        added(package)
        links = package.read("xl/worksheets/_rels/sheet1.xml.rels").decode()
        assert f'Type="{OFFICE}/vmlDrawing"' in links
        package.add_related(SHEET, "xl/b.xml", b"<b/>", "urn:x/full", "text/x")
        assert 'Type="urn:x/full"' in package.read("xl/worksheets/_rels/sheet1.xml.rels").decode()


def test_packages_without_content_types_take_no_new_part(at: Path, parts: dict[str, str]) -> None:
    with opened(save({n: p for n, p in parts.items() if n != TYPES}, at)) as package:
        with pytest.raises(PatchRefused) as refused:
            added(package)
        assert refused.value.reason == "package.part_missing"
    for name in (TYPES, "xl/worksheets/_rels/sheet1.xml.rels"):
        with opened(save(parts | {name: "<html/>"}, at)) as package:
            with pytest.raises(PatchRefused) as refused:
                added(package)
            assert refused.value.reason == "xml.malformed"


@pytest.mark.parametrize(
    ("data", "after"),
    [
        (b"<a><b/></a>", b"<a><b/><new/></a>"),
        (b"<x:a></x:a >", b"<x:a><new/></x:a >"),
        (b"<a><a></a></a>", b"<a><a></a><new/></a>"),
        (b'<a x="/"/>', b'<a x="/"><new/></a>'),
        (b"<x:a\n />", b"<x:a><new/></x:a>"),
        (b"?<a/>!", b"?<a><new/></a>!"),
        (b"<a>", None),
    ],
)
def test_a_last_child(data: bytes, after: bytes | None) -> None:
    tag = first(data, b"a")
    assert tag is not None
    if after is None:
        with pytest.raises(PatchRefused):
            append_inside(data, tag, b"<new/>")
    else:
        assert append_inside(data, tag, b"<new/>") == after
