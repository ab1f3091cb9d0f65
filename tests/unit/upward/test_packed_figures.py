"""Figures of a package speak of the package's units and of no others."""

import json

import pytest

from ledgersync.upward.content.figures import FORMAT, WINDOWS, unpacked
from ledgersync.upward.package.refusal import Refusal

OWN, STRANGER = "360702001001", "360702001999"


def document(group: tuple[list[str], list[str]], figure: str = OWN, missing: str = OWN) -> bytes:
    row = [figure, "visits", 1, None, None, False, None, None, 0, 0, 0]
    content = {
        "format": FORMAT,
        "period": "2022-06",
        "units": [[OWN, "幸福社区", "community", None]],
        "windows": {name: {"figures": [row]} for name in WINDOWS},
        "groups": [group],
        "missing": [[missing, "没有", "none", None, "absent"]],
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
        document(([OWN], [["x"]])),  # type: ignore[list-item]
    ],
)
def test_codes_that_are_none_of_its_units_are_refused(content: bytes) -> None:
    with pytest.raises(Refusal) as refused:
        unpacked(content)
    assert refused.value.reason == "unreadable"
