"""Commands run in a test, as somebody types them; what breaks inside one breaks the test."""

from pathlib import Path

from click.testing import CliRunner, Result

from ledgersync.cli import cli


def run(root: Path, *command: str) -> tuple[int, str]:
    """Exit code, and all that stands on the screen."""
    result = _result(root, command)
    return result.exit_code, result.output


def printed(root: Path, *command: str) -> tuple[int, str]:
    """Exit code, and what another program would read."""
    result = _result(root, command)
    return result.exit_code, result.stdout


def _result(root: Path, command: tuple[str, ...]) -> Result:
    result = CliRunner().invoke(cli, ["-C", str(root), *command])
    if isinstance(result.exception, Exception) and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result
