"""Classes of what TOML and JSON files declare: fields by their annotations, checked when read.

Which classes there are is said where they are used. Pure, and without anything compiled, so that
it travels in LibreOffice's extension.
"""

from ledgersync.declared.objects import Declared, fresh
from ledgersync.declared.reading import Alias, Checked, DeclarationFault, Number, Size, Text

__all__ = [
    "Alias",
    "Checked",
    "DeclarationFault",
    "Declared",
    "Number",
    "Size",
    "Text",
    "fresh",
]
