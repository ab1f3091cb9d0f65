"""The UNO component: LibreOffice loads this file, and it hands every call to `office`.

It is shipped beside the package, not inside, and keeps to plain old syntax: LibreOffice may bring
a Python that the package cannot run on, and then every cell must say so. UNO has no types.
"""

# mypy: ignore-errors
# ruff: noqa: ARG001, ARG002

import sys

import unohelper
from com.sun.star.frame import XDispatch, XDispatchProvider
from com.sun.star.lang import Locale, XInitialization, XLocalizable, XServiceInfo, XServiceName
from ledgersync_members import MEMBERS
from org.ledgersync import XLedgerFunctions

NEEDED = (3, 11)
office = None
if sys.version_info >= NEEDED:
    from ledgersync.plugin.calc import office

ADDIN = "org.ledgersync.Functions"
BUTTONS = "org.ledgersync.Buttons"
PROTOCOL = "org.ledgersync:"
TOO_OLD = "LibreOffice 自带的 Python 是 %d.%d，需要 3.11 以上（python.version）"


def _method(name):
    def call(self, *cells):
        if office is None:
            return ((TOO_OLD % sys.version_info[:2],),)
        return office.answer(name, cells)

    return call


class Service(unohelper.Base, XServiceInfo):
    implementation = ""
    services = ()

    def getImplementationName(self):
        return self.implementation

    def supportsService(self, name):
        return name in self.services

    def getSupportedServiceNames(self):
        return self.services


class FunctionsBase(Service, XServiceName, XLocalizable):
    implementation = ADDIN + "Impl"
    services = (ADDIN, "com.sun.star.sheet.AddIn")

    def __init__(self, context):
        self.locale = Locale("zh", "CN", "")

    def getServiceName(self):
        return ADDIN

    def setLocale(self, locale):
        self.locale = locale

    def getLocale(self):
        return self.locale


Functions = type(
    "Functions",
    (FunctionsBase, XLedgerFunctions),
    {member: _method(name) for member, name in MEMBERS},
)


class Buttons(Service, XDispatchProvider, XDispatch, XInitialization):
    implementation = BUTTONS + "Impl"
    services = (BUTTONS, "com.sun.star.frame.ProtocolHandler")

    def __init__(self, context):
        self.context = context

    def initialize(self, arguments):
        pass

    def queryDispatch(self, url, target, flags):
        return self if url.Protocol == PROTOCOL else None

    def queryDispatches(self, requests):
        return tuple(self.queryDispatch(r.FeatureURL, "", 0) for r in requests)

    def dispatch(self, url, arguments):
        if office is not None:
            office.press(self.context, url.Path)

    def addStatusListener(self, listener, url):
        pass

    def removeStatusListener(self, listener, url):
        pass


g_ImplementationHelper = unohelper.ImplementationHelper()
for component in (Functions, Buttons):
    g_ImplementationHelper.addImplementation(
        component, component.implementation, component.services
    )
