"""The PDF beside a package, for signature and stamp; made by LibreOffice where it is there."""

import os
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from ledgersync.files import atomic_write
from ledgersync.workspace.place import keep_private

_SECONDS = 120
_PROGRAMS = ("soffice", "libreoffice", "soffice.exe")


def office_program() -> str | None:
    """LibreOffice's program, None where it is not installed."""
    return next(filter(None, map(shutil.which, _PROGRAMS)), None)


def pdf_beside(workbook: Path) -> Path | None:
    """The workbook as a PDF of the same name; None where LibreOffice is absent or fails."""
    program = office_program()
    if program is None:
        return None
    with TemporaryDirectory() as folder:
        profile = f"-env:UserInstallation={Path(folder, 'profile').as_uri()}"
        command = [program, profile, "--headless", "--convert-to", "pdf", "--outdir", folder]
        source = Path(folder, f"in{workbook.suffix}")
        shutil.copyfile(workbook, source)
        try:
            subprocess.run(
                [*command, str(source)],
                check=True,
                timeout=_SECONDS,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "HOME": folder},
            )
            content = source.with_suffix(".pdf").read_bytes()
        except (OSError, subprocess.SubprocessError):
            return None
    target = workbook.with_suffix(".pdf")
    atomic_write(target, content)
    keep_private(target)
    return target
