"""A real LibreOffice for tests: own profile, own port, the extension installed, time limits always.

`unopkg` refuses root, so both programs run as `nobody` where the tests run as root.
"""

import importlib.util
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

DIST_PACKAGES = "/usr/lib/python3/dist-packages"
NOBODY = 65534
needs_office = pytest.mark.skipif(
    not (shutil.which("soffice") and shutil.which("unopkg")), reason="LibreOffice is not here"
)


def load_uno() -> Any:
    """The system's `uno`, which belongs to no virtual environment."""
    if importlib.util.find_spec("uno") is None:
        sys.path.append(DIST_PACKAGES)
    return pytest.importorskip("uno", reason="python3-uno is not here")


class Office:
    """One soffice process and the UNO context of a connection to it."""

    def __init__(self, folder: Path, display: str | None = None) -> None:
        self.folder = folder
        self.display = display
        self.port = _free_port()
        self.process: subprocess.Popen[bytes] | None = None
        self.context: Any = None
        for name in ("home", "profile"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        self.give(folder)

    def give(self, folder: Path) -> None:
        """Let the office's user read and write everything in a folder."""
        if os.geteuid() == 0:
            for path in (folder, *folder.rglob("*")):
                os.chown(path, NOBODY, NOBODY)
            for parent in folder.parents:
                if len(parent.parts) > 2:
                    parent.chmod(parent.stat().st_mode | 0o005)

    def _environment(self, extra: dict[str, str]) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if k in ("PATH", "LANG", "LC_ALL")}
        kept |= {"HOME": str(self.folder / "home"), "LANG": "C.UTF-8", **extra}
        return kept | ({"DISPLAY": self.display} if self.display else {})

    def _command(self, program: str, arguments: Sequence[str]) -> list[str]:
        profile = (self.folder / "profile").as_uri()
        return [program, *arguments, f"-env:UserInstallation={profile}"]

    def run(self, program: str, *arguments: str, limit: float = 120) -> str:
        user = NOBODY if os.geteuid() == 0 else None
        done = subprocess.run(
            self._command(program, arguments),
            env=self._environment({}),
            user=user,
            group=user,
            cwd=self.folder,
            timeout=limit,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def install(self, extension: Path) -> None:
        own = self.folder / extension.name
        shutil.copy(extension, own)
        self.give(self.folder)
        self.run("unopkg", "add", "--force", str(own))

    def start(self, **extra: str) -> None:
        head = [] if self.display else ["--headless"]
        arguments = [*head, "--norestore", "--nologo", "--nodefault"]
        arguments.append(f"--accept=socket,host=127.0.0.1,port={self.port};urp;")
        command = self._command("soffice", arguments)
        self._launch(command, extra)
        self.context = self._connected(lambda: self._launch(command, extra))

    def _launch(self, command: list[str], extra: dict[str, str]) -> None:
        user = NOBODY if os.geteuid() == 0 else None
        self.process = subprocess.Popen(
            command,
            env=self._environment(extra),
            user=user,
            group=user,
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=(self.folder / "stderr.txt").open("wb"),
            start_new_session=True,
        )

    def _connected(self, launch: Callable[[], None], limit: float = 60) -> Any:
        """The office's context; one that found an older office still closing is launched again."""
        uno = load_uno()
        local = uno.getComponentContext()
        resolver = local.ServiceManager.createInstanceWithContext(
            "com.sun.star.bridge.UnoUrlResolver", local
        )
        url = f"uno:socket,host=127.0.0.1,port={self.port};urp;StarOffice.ComponentContext"
        end = time.monotonic() + limit
        while True:
            try:
                return resolver.resolve(url)
            except Exception:  # noqa: BLE001  (UNO's own exceptions exist only once it is loaded)
                said = (self.folder / "stderr.txt").read_text("utf-8", "replace")
                assert time.monotonic() < end, f"LibreOffice did not answer: {said}"
                if self.process is not None and self.process.poll() is not None:
                    launch()
                time.sleep(0.3)

    def stop(self) -> None:
        """The office's whole process group, which is nobody else's."""
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, 15)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, 9)
                self.process.wait(10)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running(folder: Path, extension: Path | None = None, **environment: str) -> Iterator[Office]:
    office = Office(folder)
    try:
        if extension:
            office.install(extension)
        office.start(**environment)
        yield office
    finally:
        office.stop()
