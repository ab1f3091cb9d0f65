"""People at work in a soak: copies edited with openpyxl, saved into the inbox again and again.

Everything anybody types is a text nobody typed before, so that each can be looked for in the
journal at the end. A cell that was typed into once is left alone until the copy is opened anew,
and a copy is opened anew only when the last save of it has been taken in: so nothing a person
saved may be missing afterwards.
"""

import random
import shutil
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from ledgersync.files import file_hash
from ledgersync.journal import Journal
from ledgersync.workspace import Workspace
from tests.community import Book, Community

NAMES = ("王芳", "李强", "赵敏", "钱进", "孙丽", "周涛", "吴刚", "郑爽", "冯程", "陈晨")


@dataclass
class Words:
    """Texts that were never typed before, and those that reached a file."""

    count: int = 0
    saved: set[str] = field(default_factory=set)

    def new(self, kind: str) -> str:
        self.count += 1
        return f"{kind}{self.count}号"


@dataclass
class Person:
    """Somebody with a copy; half of them edit it where it was issued, half elsewhere."""

    town: Community
    name: str
    words: Words
    pick: random.Random
    in_place: bool
    room: int  # records, beyond which nobody adds more
    operations: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.issued = self.town.root / "issued" / self.name / "名册.xlsx"
        self.inbox = self.town.root / "inbox" / self.name / "名册.xlsx"
        self.open()

    def open(self) -> None:
        """Opens the newest copy."""
        self.book = Book(self.town, self.name, self.issued)
        self.touched: set[str] = set()
        self.typed: list[str] = []
        self.mistakes: list[str] = []  # keys of records with a wrong number
        self.seen = 0  # so many of them were in a file that has been taken in
        self.removed = 0
        self.operations["opened"] += 1

    def turn(self) -> None:
        """A few entries and a save; now and then the newest copy first."""
        if self.typed and self._is_taken():
            self.seen = len(self.mistakes)
            if self.pick.random() < 0.3:
                self.open()
        for _ in range(self.pick.randint(1, 3)):
            operation = self.pick.choices(
                (self.note, self.come_or_go, self.remove, self.mistake, self.correct, self.sort),
                (10, 2, 2, 1, 3, 1),
            )[0]
            operation()
            self.operations[operation.__name__] += 1
        self.save()

    def _key(self) -> str | None:
        """A record of this copy that was not touched since it was opened."""
        keys = [k for [k] in self.book.people.texts(["编号"]) if k and k not in self.touched]
        if not keys:
            return None
        key = self.pick.choice(keys)
        self.touched.add(key)
        return key

    def note(self) -> None:
        if key := self._key():
            self._type(key, "备注", self.words.new("注"))

    def mistake(self) -> None:
        """A telephone number that cannot be one."""
        if len(self.mistakes) < 2 and (key := self._key()):
            self._type(key, "电话", self.words.new("坏"))
            self.mistakes.append(key)

    def correct(self) -> None:
        """Puts a wrong number right once it has been seen."""
        if self.seen:
            self.seen -= 1
            number = f"139{self.pick.randrange(10**8):08d}"
            self.book.people.set(self.mistakes.pop(0), "电话", number)

    def come_or_go(self) -> None:
        """A new record where there is room, else one goes."""
        if len(self.book.people.lines()) > self.room:
            self.remove()
        else:
            self.add()

    def add(self) -> None:
        key = self.words.new("新")
        self.book.people.add(编号=key, 姓名=self.pick.choice(NAMES), 状态="在册", 人口=2)
        self.touched.add(key)
        self.typed.append(key)

    def remove(self) -> None:
        """Never so many that they would be held."""
        if self.removed < 3 and (key := self._key()):
            self.book.people.remove(key)
            self.removed += 1

    def sort(self) -> None:
        self.book.people.resort(reverse=self.pick.random() < 0.5)

    def _type(self, key: str, header: str, text: str) -> None:
        self.book.people.set(key, header, text)
        self.typed.append(text)

    def save(self) -> None:
        """Into the inbox, as a spreadsheet program saves: beside it, then in its place."""
        beside = self.inbox.with_name("~$saving.tmp")
        self.book.save(beside)
        self.saved = file_hash(beside)
        if self.in_place:
            shutil.copyfile(beside, self.issued)
        beside.replace(self.inbox)
        self.words.saved.update(self.typed)

    def _is_taken(self) -> bool:
        workspace = self.town.workspace
        with Journal.open(workspace.journal_file, workspace.catalog) as journal:
            return bool(journal.submissions.of_file(self.saved, self.name))


def missing(workspace: Workspace, words: Words) -> set[str]:
    """What somebody saved and the journal knows nothing of."""
    with Journal.open(workspace.journal_file, workspace.catalog) as journal:
        read = journal.connection.execute
        texts = [str(v) for row in read("SELECT new FROM operation") for v in row]
        texts += [str(v) for row in read("SELECT theirs FROM conflict") for v in row]
        texts += [str(v) for row in read("SELECT typed FROM returned") for v in row]
    known = "\n".join(texts)
    return {word for word in words.saved if word not in known}


def first_records(count: int) -> str:
    """The text table of a community's first records."""
    lines = ["编号 | 姓名 | 电话 | 状态 | 登记日期 | 人口 | 享受人数 | 网格 | 备注"]
    lines += [
        f"A{n} | {NAMES[n % 10]} | 138{n:08d} | 在册 | 2022-01-01 | 3 | 2 | 第{n % 5 + 1}网格 | 始"
        for n in range(1, count + 1)
    ]
    return "\n".join(lines)


def decide(path: Path, pick: random.Random) -> int:
    """The coordinator fills in the list of conflicts, but for a line now and then."""
    from openpyxl import load_workbook

    if not path.exists():
        return 0
    book = load_workbook(path)
    sheet, done = book.worksheets[0], 0
    for row in range(4, sheet.max_row + 1):
        if sheet.cell(row, 1).value and pick.random() < 0.9:
            sheet.cell(row, 13).value = pick.choice(("保留主台账", "采用提交"))
            done += 1
    book.save(path)
    return done
