"""What reading a damaged package may raise, whichever library stumbles first."""

import zipfile
import zlib

# XML errors of lxml and of the standard library are SyntaxErrors
DAMAGE: tuple[type[Exception], ...] = (
    OSError,
    EOFError,
    KeyError,
    IndexError,
    ValueError,
    TypeError,
    AttributeError,
    SyntaxError,
    RuntimeError,  # encrypted; unknown compression
    zlib.error,
    zipfile.BadZipFile,
)
