"""Figures of a package speak of the package's units and of no others."""

import json

import pytest
from tests.unit.upward.parcels import archive

from ledgersync.upward.content.figures import FORMAT, WINDOWS, unpacked
from ledgersync.upward.package.archive import read_archive
from ledgersync.upward.package.refusal import Refusal

OWN, STRANGER = "360702001001", "360702001999"


def document(
    group: tuple[list[str], list[str]], figure: str = OWN, missing: str = OWN, why: str = "没有"
) -> bytes:
    row = [figure, "visits", 1, None, None, False, None, None, 0, 0, 0]
    content = {
        "format": FORMAT,
        "period": "2022-06",
        "units": [[OWN, "幸福社区", "community", None]],
        "windows": {name: {"figures": [row]} for name in WINDOWS},
        "groups": [group],
        "missing": [[missing, why, "none", None, "absent"]],
    }
    return json.dumps(content).encode()


def test_figures_of_its_own_units_are_read() -> None:
    figure = unpacked(document(([OWN], [OWN]))).get(OWN, "visits")
    assert figure is not None and figure.counted.units == (OWN,)


@pytest.mark.parametrize(
    "content",
    [
        document(([STRANGER], [OWN])),
        document(([OWN], [OWN, STRANGER])),
        document(([OWN], [OWN]), figure=STRANGER),
        document(([OWN], [OWN]), missing=STRANGER),
        document(([OWN], [OWN]), why="\ud800"),
        document(([OWN], [["x"]])),  # type: ignore[list-item]
    ],
)
def test_other_codes_and_what_is_no_text_are_refused(content: bytes) -> None:
    with pytest.raises(Refusal) as refused:
        unpacked(content)
    assert refused.value.reason == "unreadable"


def test_letters_of_half_characters_are_refused() -> None:
    parts = {"letter.json": json.dumps({"reason": "\ud800"}).encode()}
    with pytest.raises(Refusal) as refused:
        read_archive(archive(parts, kind="return")).document("letter.json")
    assert refused.value.reason == "unreadable"
