"""What `verify` may find."""

from typing import Any

from ledgersync.dataclass import dataclass
from ledgersync.messages import Message


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that is not as it should be; `kind` is stable, `message` for people."""

    kind: str
    what: str
    message: Message

    def as_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "what": self.what, "message": self.message.zh}
