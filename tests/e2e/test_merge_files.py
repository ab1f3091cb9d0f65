"""Files as people send them: whatever they are called, they are read, or named with what to do."""

import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

from tests.commands import printed
from tests.community import Community, write_book, write_csv

from ledgersync.sync.status import status_of
from ledgersync.watch.unreadable import unread_files

NEW = "编号 | 姓名 | 电话\nB1   | 吴刚 | 13800000009"


def inbox(town: Community, name: str | bytes, staff: str | bytes = "李强") -> Path:
    parts = [os.fsdecode(part) for part in (staff, name)]
    path = town.root / "inbox" / parts[0] / parts[1]
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def workbook(path: Path, text: str = NEW) -> None:
    plain = write_book(path.parent / "neu.xlsx", {"人员": text})
    plain.rename(path)


def html(path: Path, text: str) -> None:
    rows = [line.split("|") for line in text.splitlines()]
    cells = "".join(
        "<tr>" + "".join(f"<td>{cell.strip()}</td>" for cell in row) + "</tr>" for row in rows
    )
    path.write_text(f"<html><body><table>{cells}</table></body></html>", encoding="utf-8")


def tabbed(path: Path, text: str) -> None:
    lines = ["\t".join(cell.strip() for cell in line.split("|")) for line in text.splitlines()]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def commas(path: Path, text: str) -> None:
    write_csv(path, text)


GBK = "名册补.xlsx".encode("gbk")

TAKEN: list[tuple[str | bytes, Callable[[Path, str], None]]] = [
    ("名册.xlsx(1)", workbook),
    ("名册.xlsx.1", workbook),
    ("名册.xlsx ", workbook),
    ("名册", workbook),
    ("名册.et", workbook),
    ("名册.ett", workbook),
    ("名册.XLSX", workbook),
    ("名册.dat", workbook),
    ("~名册.xlsx", workbook),
    (".名册.xlsx", workbook),
    ("$名册.xlsx", workbook),
    ("名册(冲突副本).xlsx", workbook),
    (GBK, workbook),
    (b"\xff\xfe\x80.xlsx", workbook),
    ("名册\n补.xlsx", workbook),
    ("名册.htm", html),
    ("名册.html", html),
    ("名册.xls", html),
    ("名册.txt", tabbed),
    ("名册.csv(1)", commas),
    ("名册.csv.1", commas),
    ("名册 csv", commas),
]


def test_what_is_a_table_is_read_whatever_it_is_called(town: Community) -> None:
    for n, (name, make) in enumerate(TAKEN):
        make(inbox(town, name, f"人{n:02}"), NEW.replace("B1", f"B{n}").replace("09", f"{n:02}"))
    code, text = printed(town.root, "merge", "--json")
    taken = {s["staff"]: s for s in json.loads(text)["submissions"] if s["staff"] != "建账"}
    failed = [TAKEN[int(who[1:])][0] for who, s in taken.items() if s["changes"]["added"] != 1]
    assert (code, failed, len(taken)) == (0, [], len(TAKEN))
    text.encode("utf-8")
    for command in ("merge", "status", "verify", "watch"):
        code, text = printed(town.root, command, *(["--once"] if command == "watch" else []))
        assert code == 0, text
    town.assert_consistent()


def zipped(*names: str) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        with zipfile.ZipFile(path, "w") as archive:
            for name in names:
                archive.writestr(name, "x" * 50)

    return make


def content(data: bytes) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        path.write_bytes(data)

    return make


def old(make: Callable[[Path], None]) -> Callable[[Path], None]:
    def made(path: Path) -> None:
        make(path)
        os.utime(path, (1_600_000_000, 1_600_000_000))

    return made


MHTML = b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x\r\n"
LINK = b"\x4c\0\0\0\x01\x14\x02\0" + b"\0" * 60

TOLD: list[tuple[str | bytes, Callable[[Path], None], str, str]] = [
    ("名册.zip", zipped("名册.xlsx", "说明.txt"), "file.format", "名册.xlsx"),
    ("名册.xlsx.zip", zipped("a/b/c.xls"), "file.format", "c.xls"),
    ("照片.zip", zipped("1.jpg"), "file.format", "没有工作簿"),
    ("名册.numbers", zipped("Index/Document.iwa"), "file.format", "Numbers"),
    ("总结.docx", zipped("word/document.xml", "[Content_Types].xml"), "file.format", "文档"),
    ("名册.rar", content(b"Rar!\x1a\x07\x01\0"), "file.format", "解压"),
    ("名册.7z", content(b"7z\xbc\xaf\x27\x1c\0\4"), "file.format", "解压"),
    ("名册.pdf", content(b"%PDF-1.7\n"), "file.format", "PDF"),
    ("名册.jpg", content(b"\xff\xd8\xff\xe0\0\x10JFIF"), "file.format", "图片"),
    ("名册.png", content(b"\x89PNG\r\n\x1a\n"), "file.format", "图片"),
    ("名册.mht", content(MHTML), "file.format", "MHTML"),
    ("名册.mhtml", content(MHTML), "file.format", "MHTML"),
    ("名册.lnk", content(LINK), "file.format", "快捷方式"),
    ("说明.txt", content("请大家抓紧交表\n谢谢\n".encode()), "file.format", "文字"),
    ("名册.xlsx.bak", workbook, "file.name", "备份"),
    ("名册.xlk", workbook, "file.name", "备份"),
    ("名册.xlsx.crdownload", old(workbook), "file.name", "改名为 .xlsx"),
    ("~$名册.xlsx", workbook, "file.name", "改名为 .xlsx"),
    ("7F3A9B00", old(workbook), "file.name", "改名为 .xlsx"),
    ("名册.bin", content(bytes(range(256))), "file.format", "不是能读的"),
    ("总结.docx".encode("gbk"), zipped("word/document.xml"), "file.format", "总结[GBK].docx"),
]


def test_what_is_none_is_named_with_what_to_do(town: Community) -> None:
    for n, (name, make, _, _) in enumerate(TOLD):
        make(inbox(town, name, f"人{n:02}"))
    code, text = printed(town.root, "merge", "--json")
    document = json.loads(text)
    said = {w["staff"]: (w["rule"], w["message"]) for w in document["warnings"]}
    for n, (name, _, rule, word) in enumerate(TOLD):
        found, message = said[f"人{n:02}"]
        assert found == rule and word in message, (name, found, message)
    assert code == 3 and len(said) == len(TOLD)
    assert sum(s["status"] == "unreadable" for s in document["submissions"]) == len(TOLD)
    code, text = printed(town.root, "merge")
    assert code == 1 and f"仍有 {len(TOLD)} 个文件没有收进来" in text
    code, text = printed(town.root, "status", "--json")
    assert {u["staff"]: u["rule"] for u in json.loads(text)["unreadable"]} == {
        who: rule for who, (rule, _) in said.items()
    }
    assert printed(town.root, "watch", "--once")[0] == 1
    for path in list((town.root / "inbox").glob("人*/*")):
        path.unlink()
    assert printed(town.root, "merge")[0] == 0


QUIET: list[tuple[str, Callable[[Path], None]]] = [
    ("~$名册.xlsx", content(b"\x06wang" + b" " * 160)),
    (".~名册.xlsx", content(b"\x06wang" + b" " * 160)),
    (".~lock.名册.xlsx#", content(b",wang,pc,27.11.2026 10:00,file:///x;")),
    ("._名册.xlsx", content(b"\0\x05\x16\x07\0\x02\0\0Mac OS X")),
    (".DS_Store", content(b"\0\0\0\1Bud1")),
    ("Thumbs.db", content(b"\xd0\xcf\x11\xe0" + b"\0" * 600)),
    ("desktop.ini", content(b"[.ShellClassInfo]\r\n")),
    ("名册.xlsx.tmp", workbook),
    ("名册.xlsx.crdownload", content(b"PK\3\4half")),
    ("7F3A9B00", workbook),
]


def test_what_programs_keep_for_themselves_is_passed_over(town: Community) -> None:
    for n, (name, make) in enumerate(QUIET):
        make(inbox(town, name, f"人{n:02}"))
    assert printed(town.root, "merge")[0] == 0
    with town.session() as session:
        assert unread_files(session) == []


def test_a_folder_in_the_wrong_encoding_is_the_persons(town: Community) -> None:
    workbook(inbox(town, GBK, "王芳".encode("gbk")))
    code, text = printed(town.root, "merge", "--json")
    [came] = [s for s in json.loads(text)["submissions"] if s["changes"]["added"]]
    assert (came["staff"], came["file"]) == ("王芳", "inbox/王芳[GBK]/名册补[GBK].xlsx")
    inbox(town, GBK, "王芳".encode("gbk")).write_bytes(b"PK broken")
    code, text = printed(town.root, "merge")
    assert code == 3 and "名册补[GBK].xlsx" in text


def test_two_files_of_one_name_in_two_encodings_stay_two(town: Community) -> None:
    write_book(inbox(town, "名册补.xlsx"), {"人员": NEW})
    write_book(inbox(town, "x.xlsx"), {"人员": NEW.replace("B1", "B2").replace("09", "10")})
    inbox(town, "x.xlsx").rename(inbox(town, GBK))
    text = printed(town.root, "merge", "--json")[1]
    assert sum(s["changes"]["added"] for s in json.loads(text)["submissions"]) == 2
    for _ in range(2):
        text = printed(town.root, "merge", "--json")[1]
        assert {s["status"] for s in json.loads(text)["submissions"]} == {"unchanged"}


def unsent(town: Community) -> list[tuple[str, str | None, str]]:
    with town.session() as session:
        return [(u.file, u.staff, u.kind) for u in status_of(session).unsent]


def test_a_copy_changed_where_it_was_issued_is_told_and_taken_on_command(town: Community) -> None:
    book = town.issue("王芳")
    assert unsent(town) == []
    book.people.set("A1", "备注", "新")
    book.save()
    assert unsent(town) == [("issued/王芳/名册.xlsx", "王芳", "issued")]
    for command in ("merge", "status"):
        code, text = printed(town.root, command)
        assert "issued/王芳/名册.xlsx 改了还没交" in text, text
        assert f"ledgersync -C {town.root} merge issued/王芳/名册.xlsx" in text
    code, text = printed(town.root, "merge", "--json")
    assert [w["rule"] for w in json.loads(text)["warnings"]] == ["file.unread"]
    code, text = printed(town.root, "merge", "issued/王芳/名册.xlsx")
    assert code == 0 and "改了还没交" not in text and "修改 1 格" in text
    assert town.cell("A1", "备注") == "新" and unsent(town) == []
    town.assert_consistent()


def test_a_returned_workbook_mended_where_it_lies_is_told_and_never_lost(town: Community) -> None:
    book = town.issue("王芳")
    book.people.set("A1", "电话", "12345")
    town.hand_in(book)
    back = town.root / "returned" / "王芳" / "名册.xlsx"
    assert unsent(town) == [] and printed(town.root, "merge")[0] == 0
    mended = type(book)(town, "王芳", back)
    mended.people.set("A1", "电话", "13900000001")
    mended.save()
    assert unsent(town) == [("returned/王芳/名册.xlsx", "王芳", "returned")]
    primary = town.open_primary()
    primary.people.set("A1", "电话", "13900000002")  # settled by somebody else meanwhile
    primary.save()
    town.merge()
    assert not back.exists()
    [kept] = (town.root / "inbox" / "王芳").glob("名册（退回件改过*.xlsx")
    assert kept.is_file() and unsent(town) == []
    report = town.merge()
    assert [s.changes["conflicts"] for s in report.submissions if "退回件" in s.file] == [1]


def test_conflict_copies_beside_primaries_and_copies_are_told(town: Community) -> None:
    book = town.issue("王芳")
    book.people.set("A2", "备注", "副本里改的")
    book.save(book.path.with_name("名册(冲突副本).xlsx"))
    primary = town.open_primary()
    primary.people.set("A3", "备注", "主台账副本里改的")
    primary.people.remove("A6")
    primary.save(town.primary.with_name("名册 (1).xlsx"))
    assert unsent(town) == [
        ("issued/王芳/名册(冲突副本).xlsx", "王芳", "beside"),
        ("primary/名册 (1).xlsx", None, "beside"),
    ]
    code, text = printed(town.root, "merge")
    assert code == 1 and "merge 'primary/名册 (1).xlsx' --staff 姓名" in text
    other = town.open_primary()
    other.people.set("A4", "备注", "后来的")
    other.save()
    assert printed(town.root, "merge", "issued/王芳/名册(冲突副本).xlsx")[0] == 1
    code, text = printed(town.root, "merge", "primary/名册 (1).xlsx", "--staff", "王芳", "--json")
    [came] = json.loads(text)["submissions"]
    assert {k: n for k, n in came["changes"].items() if n} == {"applied": 1, "held": 1}
    assert [town.cell(k, "备注") for k in ("A2", "A3", "A4")] == [
        "副本里改的",
        "主台账副本里改的",
        "后来的",
    ]
    assert unsent(town) == []
