"""The journal file: opening, one transaction at a time, what it is about."""

import os
import sqlite3
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path

from ledgersync.errors import WorkspaceFault
from ledgersync.journal.audit import AuditTrail
from ledgersync.journal.cases import ConflictCases, HeldCases, ReturnedCases
from ledgersync.journal.closings import ClosingBook
from ledgersync.journal.copies import CopyBook
from ledgersync.journal.database.ddl import DDL, VERSION
from ledgersync.journal.database.migrations import migrated
from ledgersync.journal.database.reading import moment
from ledgersync.journal.exchange.deliveries import DeliveryBook
from ledgersync.journal.exchange.matches import MatchBook
from ledgersync.journal.exchange.packages import PackageBook
from ledgersync.journal.exchange.reviews import ReviewBook
from ledgersync.journal.extras import ExtraBook
from ledgersync.journal.log import RevisionLog
from ledgersync.journal.notices import NoticeCases
from ledgersync.journal.purged import PurgeBook
from ledgersync.journal.reserved import ReservedNumbers
from ledgersync.journal.schemas import SchemaBook
from ledgersync.journal.state import StateTable
from ledgersync.journal.submissions import SubmissionBook
from ledgersync.journal.writes import WriteBook
from ledgersync.journal.years import YearBook
from ledgersync.messages import Message, literal, message
from ledgersync.schema import Catalog, TableKey, with_extras

_LONGEST = 500  # SQLite takes paths of 512 bytes, the names of its own files beside included


class Journal:
    """The only truth about what happened: SQLite in WAL mode, every commit synced to disk.

    It must lie on a local disk. Each book owns one group of tables; `transaction()` makes
    what they write one unit. `catalog` are the ledgers with the columns that people added,
    `declared` those without.
    """

    def __init__(self, connection: sqlite3.Connection, catalog: Catalog) -> None:
        self.connection = connection
        self.extras = ExtraBook(connection)
        self.declared = catalog
        self.catalog = with_extras(catalog, self.extras.fields())
        self.log = RevisionLog(connection)
        self.state = StateTable(connection, self.catalog, self.log)
        self.submissions = SubmissionBook(connection)
        self.copies = CopyBook(connection, self.state)
        self.conflicts = ConflictCases(connection)
        self.returned = ReturnedCases(connection)
        self.held = HeldCases(connection)
        self.notices = NoticeCases(connection)
        self.writes = WriteBook(connection)
        self.schemas = SchemaBook(connection)
        self.audit = AuditTrail(connection)
        self.packages = PackageBook(connection)
        self.reviews = ReviewBook(connection)
        self.deliveries = DeliveryBook(connection)
        self.matches = MatchBook(connection)
        self.closings = ClosingBook(connection)
        self.purged = PurgeBook(connection)
        self.years = YearBook(connection, self.log)
        self.reserved = ReservedNumbers(connection)

    @classmethod
    def create(cls, path: Path, catalog: Catalog) -> "Journal":
        """A new, empty journal at `path`."""
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = _connect(path)
        connection.executescript(f"BEGIN;{DDL}COMMIT;")
        journal = cls(connection, catalog)
        with journal.transaction():
            journal.set_meta("version", str(VERSION))
            journal.set_meta("workspace", uuid.uuid4().hex)
            journal.state.note_fields()
        return journal

    @staticmethod
    def was_used(path: Path) -> bool:
        """Whether anything but the creation of the workspace may stand in a journal file."""
        if not path.exists():
            return False
        connection = sqlite3.connect(path)
        try:
            row = connection.execute("SELECT max(id) FROM revision").fetchone()
            return int(row[0] or 0) > 1
        except sqlite3.OperationalError as error:
            return "no such table" not in str(error)
        except sqlite3.DatabaseError:
            return True
        finally:
            connection.close()

    @classmethod
    def open(cls, path: Path, catalog: Catalog) -> "Journal":
        """The journal at `path`; raises WorkspaceFault when it is missing or damaged."""
        if not path.exists():
            raise _missing(path)
        try:
            connection = _connect(path)
            found = connection.execute("SELECT value FROM meta WHERE key = 'version'").fetchone()
            version = migrated(connection, str(found[0]) if found else None)
            if version != str(VERSION):
                raise _of_another_version(path, version)
            journal = cls(connection, catalog)
        except sqlite3.DatabaseError as error:
            raise _damaged(path, error) from error
        if not journal.state.is_current_schema():
            with journal.transaction():
                journal.state.follow_schema()
        return journal

    def close(self) -> None:
        self.connection.close()

    def __enter__(self) -> "Journal":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; nested calls join the outer one."""
        if self.connection.in_transaction:
            yield
            return
        try:
            self.connection.execute("BEGIN IMMEDIATE")
            yield
            self.connection.commit()
        except BaseException as error:
            self.connection.rollback()
            self.state.forget()
            self._follow_extras()
            if isinstance(error, sqlite3.OperationalError):
                raise _unwritable(error) from error
            raise

    @contextmanager
    def moment(self) -> Iterator[None]:
        """All that is read inside is of one moment, whoever writes meanwhile."""
        with moment(self.connection):
            yield

    def keep_columns(self) -> None:
        """Keeps large tables by column, too, where many rows were written since.

        A copy: where the disk has no room for it, everything is as it was, only slower.
        """
        for key in self.state.without_columns():
            with suppress(WorkspaceFault, sqlite3.Error), self.transaction():
                self.state.keep_columns(key)

    def register(self, key: TableKey, headers: Mapping[str, str]) -> None:
        """Adds columns of people's own to a table: headers by field id."""
        with self.transaction():
            self.extras.add(key, headers)
            self._follow_extras()
            self.state.note_fields()

    def retire(self, key: TableKey, field: str, taken_by: str) -> None:
        """An added column is read as another field from now on (see `ExtraField`)."""
        with self.transaction():
            self.extras.retire(key, field, taken_by)
            self._follow_extras()

    def follow(self, declared: Catalog) -> None:
        """Other ledgers rule from now on; what is stored is brought into their field order."""
        with self.transaction():
            self.declared = declared
            self.catalog = with_extras(declared, self.extras.fields())
            self.state.forget()  # what is stored may mean something else
            self.state.follow(self.catalog)
            self.state.follow_schema()

    def _follow_extras(self) -> None:
        self.catalog = with_extras(self.declared, self.extras.fields(), self.catalog)
        self.state.follow(self.catalog)

    def meta(self, key: str) -> str | None:
        row = self.connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else None

    def set_meta(self, key: str, value: str) -> None:
        self.connection.execute(
            "INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            (key, value),
        )

    def drop_meta(self, key: str) -> None:
        self.connection.execute("DELETE FROM meta WHERE key = ?", (key,))

    def meta_names(self, prefix: str) -> list[str]:
        """What follows `prefix` in the keys that begin with it."""
        rows = self.connection.execute(
            "SELECT substr(key, ?) FROM meta WHERE substr(key, 1, ?) = ?",
            (len(prefix) + 1, len(prefix), prefix),
        )
        return [str(row[0]) for row in rows.fetchall()]

    @cached_property
    def workspace_id(self) -> str:
        return self.meta("workspace") or ""


def _connect(path: Path) -> sqlite3.Connection:
    length = len(os.fsencode(path.absolute()))
    if length > _LONGEST:
        raise _too_long(path, length)
    connection = sqlite3.connect(path, isolation_level=None, timeout=10)
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


def _too_long(path: Path, length: int) -> WorkspaceFault:
    return WorkspaceFault(
        message(
            "工作区的路径太长：{path} 有 {length} 个字节，日志最多 {most} 个。",
            path=path,
            length=length,
            most=_LONGEST,
        ),
        message("请把工作区移到上层文件夹，或缩短文件夹名（一个汉字占 3 个字节）。"),
    )


def _missing(path: Path) -> WorkspaceFault:
    return WorkspaceFault(
        message("找不到日志 {path}。", path=path),
        message(
            "若工作区是从别的电脑拷来的，请把 .ledgersync 文件夹一起拷来；新工作区请运行 init。"
        ),
    )


def _unwritable(error: sqlite3.OperationalError) -> WorkspaceFault:
    return WorkspaceFault(
        message("日志写不进去（{reason}）。", reason=_sqlite_words(error)),
        message("什么都没有丢：请检查磁盘空间和 .ledgersync 的权限，再运行一次。"),
    )


_SQLITE = {
    "database or disk is full": message("磁盘满了"),
    "attempt to write a readonly database": message("文件是只读的，或没有权限"),
    "unable to open database file": message("没有权限，或文件夹不在了"),
    "disk I/O error": message("磁盘或共享读写出错"),
    "database is locked": message("另一个程序正在写"),
    "file is not a database": message("文件已损坏"),
    "database disk image is malformed": message("文件已损坏"),
}


def _sqlite_words(error: sqlite3.DatabaseError) -> Message:
    """SQLite's usual reasons in words; a rare one as it says it."""
    text = str(error)
    return _SQLITE.get(text) or literal(text, text)


def _of_another_version(path: Path, version: str | None) -> WorkspaceFault:
    return WorkspaceFault(
        message(
            "日志 {path} 打不开：它是别的版本的程序写的（日志第 {version} 版，本程序"
            "用第 {ours} 版）。",
            path=path,
            version=version or "?",
            ours=VERSION,
        ),
        message("什么都没有改动：请用写它的那个版本的程序打开，不要删除它。"),
    )


def _damaged(path: Path, error: sqlite3.DatabaseError) -> WorkspaceFault:
    return WorkspaceFault(
        message("日志 {path} 打不开：{reason}。", path=path, reason=_sqlite_words(error)),
        message("请勿删除它；先备份整个工作区，再用备份中的 .ledgersync 恢复。"),
    )
