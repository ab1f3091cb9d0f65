"""What a package says of itself: who, for whom, which period and version, and its parts."""

from datetime import datetime
from typing import Annotated, ClassVar, Literal

from ledgersync.declared import Declared, Number, Size, Text, fresh
from ledgersync.workspace.unitcodes import CODE_PATTERN, NAME_PATTERN, full_code

FORMAT: Literal["ledgersync.package/v1"] = "ledgersync.package/v1"
Code = Annotated[str, Text(CODE_PATTERN)]
Hash = Annotated[str, Text(r"^[0-9a-f]{64}$")]
PartName = Annotated[
    str,
    Text(
        r"^(?:(?:figures|completeness|checks|letter)\.json|matches\.parquet"
        r"|keys/[a-z][a-z0-9_]{0,80}\.parquet|rows/[a-z][a-z0-9_]{0,80}\.[a-z0-9_]{1,80}\.parquet)$"
    ),
]
Kind = Literal["figures", "receipt", "return", "match"]
LARGEST_PART = 512 * 1024 * 1024


class Part(Declared):
    sha256: Hash
    size: Annotated[int, Number(0, LARGEST_PART)]


class Manifest(Declared):
    """`previous` is the hash of the archive of the version before; `made` is by the sender's clock.

    What a later version of the program adds is passed over; another `format` is refused.
    """

    passes_over: ClassVar[bool] = True

    format: Literal["ledgersync.package/v1"] = FORMAT
    kind: Kind = "figures"
    unit: Code
    name: Annotated[str, Text(NAME_PATTERN, longest=200)]
    recipient: Code
    period: Annotated[str, Text(r"^[0-9.HQ-]{4,20}$")]
    closing_day: Annotated[int, Number(1, 28)] | None = None
    version: Annotated[int, Number(1, 100_000)]
    previous: Hash | None = None
    made: Annotated[str, Text(r"^\d{4}-\d\d-\d\dT[\d:.+-]{8,24}$")]
    program: Annotated[str, Text(longest=50)] = ""
    schemas: dict[str, str] = fresh(factory=dict)
    matching: str | None = None
    parts: Annotated[dict[PartName, Part], Size(most=2000)]

    def _check(self) -> None:
        datetime.fromisoformat(self.made)

    @property
    def code(self) -> str:
        return full_code(self.unit)
