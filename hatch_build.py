"""The wheel's build: compiles messages and ledgers, which are committed as text only."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CustomBuildHook(BuildHookInterface):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        sys.path.insert(0, str(Path(self.root) / "src"))
        from ledgersync.messages.build import compile_catalogues
        from ledgersync.schema.compiled import compile_ledgers

        compile_catalogues()
        compile_ledgers()
