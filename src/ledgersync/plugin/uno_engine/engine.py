"""The office as an xlwings engine: its one app, the spreadsheets that are open in it."""

import datetime as dt
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from xlwings import base_classes

from ledgersync.plugin.uno_engine.cells import EPOCH, ErrorText
from ledgersync.plugin.uno_engine.sheets import Sheets

_SHEETS = "com.sun.star.sheet.SpreadsheetDocument"
_FILTERS = {
    ".xlsx": "Calc MS Excel 2007 XML",
    ".xlsm": "Calc MS Excel 2007 VBA XML",
    ".ods": "calc8",
}


def _property(name: str, value: object) -> Any:
    import uno  # only where LibreOffice's Python runs this

    prop = uno.createUnoStruct("com.sun.star.beans.PropertyValue")
    prop.Name, prop.Value = name, value
    return prop


def _url(path: object) -> str:
    return Path(str(path)).absolute().as_uri()


def _path(url: str) -> str:
    import uno

    return str(uno.fileUrlToSystemPath(url))


class Engine:
    """What xlwings asks of an engine: its name, its apps, values in and out."""

    name = "libreoffice"
    type = "desktop"

    def __init__(self, context: Any) -> None:
        self.apps = Apps(self, context)

    @staticmethod
    def clean_value_data(
        data: Sequence[Sequence[Any]],
        datetime_builder: Callable[..., Any],
        empty_as: Any,
        number_builder: Callable[[float], Any] | None,
        err_to_str: bool,
    ) -> list[list[Any]]:
        def clean(value: Any) -> Any:
            if value is None or value == "":
                return empty_as
            if isinstance(value, dt.datetime):
                return datetime_builder(**_parts(value))
            if isinstance(value, ErrorText):
                return str(value) if err_to_str else None
            return number_builder(value) if number_builder and type(value) is float else value

        return [[clean(value) for value in row] for row in data]

    @staticmethod
    def prepare_xl_data_element(x: Any, options: Any = None) -> Any:  # noqa: ARG004
        if x is None:
            return ""
        if isinstance(x, dt.date):
            moment = x if isinstance(x, dt.datetime) else dt.datetime(x.year, x.month, x.day)
            return (moment - EPOCH).total_seconds() / 86400
        return x if isinstance(x, str) else float(x)


def _parts(moment: dt.datetime) -> dict[str, int]:
    names = ("year", "month", "day", "hour", "minute", "second", "microsecond")
    return {name: getattr(moment, name) for name in names}


class Apps(base_classes.Apps):
    def __init__(self, engine: Engine, context: Any) -> None:
        self._app = App(engine, context)

    def keys(self) -> list[int]:
        return [self._app.pid]

    def __iter__(self) -> Iterator["App"]:
        return iter([self._app])

    def __len__(self) -> int:
        return 1

    def __getitem__(self, pid: int) -> "App":
        return self._app

    def add(self, *_: Any, **__: Any) -> "App":
        """The running office itself: a second one cannot be had."""
        return self._app


class App(base_classes.App):
    """The office process. Alerts are shown only where there is a window to show them in."""

    visible = True
    screen_updating = True
    display_alerts = True
    enable_events = True
    interactive = True
    calculation = "automatic"

    def __init__(self, engine: Engine, context: Any) -> None:
        self.engine = engine
        self.context = context
        self.desktop = self.service("com.sun.star.frame.Desktop")
        self._books = Books(self)
        self._status = ""

    def service(self, name: str) -> Any:
        return self.context.ServiceManager.createInstanceWithContext(name, self.context)

    @property
    def api(self) -> Any:
        return self.desktop

    @property
    def books(self) -> "Books":
        return self._books

    @property
    def pid(self) -> int:
        return os.getpid()

    @property
    def version(self) -> str:
        config = self.service("com.sun.star.configuration.ConfigurationProvider")
        path = _property("nodepath", "/org.openoffice.Setup/Product")
        access = "com.sun.star.configuration.ConfigurationAccess"
        return str(config.createInstanceWithArguments(access, (path,)).ooSetupVersion)

    @property
    def status_bar(self) -> str:
        return self._status

    @status_bar.setter
    def status_bar(self, text: str | bool | None) -> None:
        self._status = text if isinstance(text, str) else ""
        frame = self.desktop.getCurrentFrame()
        indicator = frame.createStatusIndicator() if frame else None
        if indicator:
            indicator.start(self._status, 0) if self._status else indicator.end()

    def calculate(self) -> None:
        for book in self.books:
            book.doc.calculateAll()

    def activate(self, steal_focus: bool = False) -> None:
        pass

    def alert(self, prompt: str, title: str, *_: Any) -> None:
        frame = self.desktop.getCurrentFrame()
        window = frame.getContainerWindow() if frame else None
        if window is None or not self.interactive:
            return
        import uno

        kind = uno.Enum("com.sun.star.awt.MessageBoxType", "INFOBOX")
        window.getToolkit().createMessageBox(window, kind, 1, title or "", prompt).execute()


class Books(base_classes.Books):
    """The spreadsheets that are open, in the order the office lists them."""

    def __init__(self, app: App) -> None:
        self.app = app

    def _documents(self) -> list[Any]:
        parts = self.app.desktop.Components.createEnumeration()
        found = []
        while parts.hasMoreElements():
            part = parts.nextElement()
            if hasattr(part, "supportsService") and part.supportsService(_SHEETS):
                found.append(part)
        return found

    def __iter__(self) -> Iterator["Book"]:
        return (Book(self.app, doc) for doc in self._documents())

    def __len__(self) -> int:
        return len(self._documents())

    def __call__(self, key: int | str) -> "Book":
        books = list(self)
        if isinstance(key, int):
            return books[key - 1]
        for book in books:
            if key in (book.name, book.fullname):
                return book
        raise KeyError(key)

    @property
    def active(self) -> "Book":
        doc = self.app.desktop.getCurrentComponent()
        if doc is not None and doc.supportsService(_SHEETS):
            return Book(self.app, doc)
        return list(self)[-1]

    def _load(self, url: str) -> "Book":
        options = (_property("Hidden", not self.app.visible), _property("MacroExecutionMode", 4))
        return Book(self.app, self.app.desktop.loadComponentFromURL(url, "_blank", 0, options))

    def open(self, fullname: str, *_: Any, **__: Any) -> "Book":
        return self._load(_url(fullname))

    def add(self) -> "Book":
        return self._load("private:factory/scalc")


class Book(base_classes.Book):
    def __init__(self, app: App, doc: Any) -> None:
        self._app, self.doc = app, doc

    @property
    def app(self) -> App:
        return self._app

    @property
    def api(self) -> Any:
        return self.doc

    @property
    def sheets(self) -> "Sheets":
        return Sheets(self)

    @property
    def fullname(self) -> str:
        return _path(self.doc.URL) if self.doc.URL else str(self.doc.Title)

    @property
    def name(self) -> str:
        return Path(self.fullname).name

    def activate(self) -> None:
        self.doc.CurrentController.Frame.activate()

    def close(self) -> None:
        self.doc.close(True)

    def save(self, path: str | None = None, password: str | None = None) -> None:
        """Raises OSError, as any other way of writing a file does."""
        from com.sun.star.io import IOException

        try:
            if path is None:
                self.doc.store()
            else:
                self.doc.storeAsURL(_url(path), _save_options(path, password))
        except IOException as error:
            raise OSError(f"LibreOffice: {error.Message}") from None


def _save_options(path: str, password: str | None) -> tuple[Any, ...]:
    options = [_property("FilterName", _FILTERS[Path(path).suffix.lower()])]
    return (*options, _property("Password", password)) if password else tuple(options)
