"""What a package says of itself: who, for whom, which period and version, and its parts."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from ledgersync.workspace.unitcodes import CODE_PATTERN, full_code

FORMAT: Literal["ledgersync.package/v1"] = "ledgersync.package/v1"
Code = Annotated[str, StringConstraints(pattern=CODE_PATTERN)]
Hash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
PartName = Annotated[
    str,
    StringConstraints(
        pattern=r"^(?:(?:figures|completeness|checks|letter)\.json|matches\.parquet"
        r"|keys/[a-z][a-z0-9_]{0,80}\.parquet|rows/[a-z][a-z0-9_]{0,80}\.[a-z0-9_]{1,80}\.parquet)$"
    ),
]
Kind = Literal["figures", "receipt", "return", "match"]
LARGEST_PART = 512 * 1024 * 1024


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    sha256: Hash
    size: int = Field(ge=0, le=LARGEST_PART)


class Manifest(BaseModel):
    """`previous` is the hash of the archive of the version before; `made` is by the sender's clock.

    What a later version of the program adds is passed over; another `format` is refused.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    format: Literal["ledgersync.package/v1"] = FORMAT
    kind: Kind = "figures"
    unit: Code
    name: str = Field(max_length=200)
    recipient: Code
    period: Annotated[str, StringConstraints(pattern=r"^[0-9.HQ-]{4,20}$")]
    closing_day: int | None = Field(default=None, ge=1, le=28)
    version: int = Field(ge=1, le=100_000)
    previous: Hash | None = None
    made: Annotated[str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\dT[\d:.+-]{8,24}$")]
    program: str = Field(default="", max_length=50)
    schemas: dict[str, str] = {}
    matching: str | None = None
    parts: dict[PartName, Part] = Field(max_length=2000)

    @property
    def code(self) -> str:
        return full_code(self.unit)
