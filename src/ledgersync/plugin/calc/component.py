"""The UNO component: LibreOffice loads this file, and it hands every call to `office`.

It is shipped beside the package, not inside, and keeps to plain old syntax: LibreOffice may bring
a Python that the package cannot run on, and then every cell must say so. UNO has no types.
"""

# mypy: disable-error-code="misc, attr-defined"
# ruff: noqa: ARG001, ARG002, UP006, UP035

import sys
from typing import Any, Callable, Tuple

import unohelper
from com.sun.star.frame import XDispatch, XDispatchProvider
from com.sun.star.lang import Locale, XInitialization, XLocalizable, XServiceInfo, XServiceName
from ledgersync_members import MEMBERS
from org.ledgersync import XLedgerFunctions

NEEDED = (3, 11)
office: Any = None
if sys.version_info >= NEEDED:
    from ledgersync.plugin.calc import office

ADDIN = "org.ledgersync.Functions"
BUTTONS = "org.ledgersync.Buttons"
PROTOCOL = "org.ledgersync:"
TOO_OLD = "LibreOffice 自带的 Python 是 %d.%d，需要 3.11 以上（python.version）"


def _method(name: str) -> Callable[..., Any]:
    def call(self: object, *cells: object) -> Any:
        if office is None:
            return ((TOO_OLD % sys.version_info[:2],),)
        return office.answer(name, cells)

    return call


class Service(unohelper.Base, XServiceInfo):
    implementation = ""
    services: Tuple[str, ...] = ()

    def getImplementationName(self) -> str:
        return self.implementation

    def supportsService(self, name: str) -> bool:
        return name in self.services

    def getSupportedServiceNames(self) -> Tuple[str, ...]:
        return self.services


class FunctionsBase(Service, XServiceName, XLocalizable):
    implementation = ADDIN + "Impl"
    services = (ADDIN, "com.sun.star.sheet.AddIn")

    def __init__(self, context: Any) -> None:
        self.locale = Locale("zh", "CN", "")

    def getServiceName(self) -> str:
        return ADDIN

    def setLocale(self, locale: Any) -> None:
        self.locale = locale

    def getLocale(self) -> Any:
        return self.locale


Functions = type(
    "Functions",
    (FunctionsBase, XLedgerFunctions),
    {member: _method(name) for member, name in MEMBERS},
)


class Buttons(Service, XDispatchProvider, XDispatch, XInitialization):
    implementation = BUTTONS + "Impl"
    services = (BUTTONS, "com.sun.star.frame.ProtocolHandler")

    def __init__(self, context: Any) -> None:
        self.context = context

    def initialize(self, arguments: Any) -> None:
        pass

    def queryDispatch(self, url: Any, target: str, flags: int) -> Any:
        return self if url.Protocol == PROTOCOL else None

    def queryDispatches(self, requests: Any) -> Tuple[Any, ...]:
        return tuple(self.queryDispatch(r.FeatureURL, "", 0) for r in requests)

    def dispatch(self, url: Any, arguments: Any) -> None:
        if office is not None:
            office.press(self.context, url.Path)

    def addStatusListener(self, listener: Any, url: Any) -> None:
        pass

    def removeStatusListener(self, listener: Any, url: Any) -> None:
        pass


g_ImplementationHelper = unohelper.ImplementationHelper()
for component in (Functions, Buttons):
    g_ImplementationHelper.addImplementation(
        component, component.implementation, component.services
    )
