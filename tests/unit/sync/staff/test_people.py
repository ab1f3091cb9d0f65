"""Who somebody is here: by which name, who answers for whom, how a grid is spelled."""

import pytest
from tests.community import Community

from ledgersync.errors import UsageFault
from ledgersync.sync.staff.people import (
    as_spelled,
    require_known,
    same_person,
    strangers_namesakes,
    successors,
)

STAFF = """
[[staff]]
name = "王芳"
formerly = ["王小芳"]
[[staff]]
name = "李强"
left_to = "赵敏"
[[staff]]
name = "赵敏"
left_to = "孙丽"
[[staff]]
name = "孙丽"
[[staff]]
name = "Anna Li"
"""


@pytest.fixture
def town(town: Community) -> Community:
    toml = town.root / "ledgersync.toml"
    toml.write_text(f"{toml.read_text('utf-8')}\n{STAFF}", "utf-8")
    return town


@pytest.mark.parametrize(
    ("typed", "owner", "known"),
    [
        ("王芳", None, "王芳"),
        (" 王芳\u200b", None, "王芳"),
        ("王 芳", None, "王芳"),
        ("王小芳", None, "王芳"),  # the name of before
        ("anna  li", None, "Anna Li"),
        ("新来的", None, "新来的"),
        ("", "王芳", "王芳"),  # a file that lies in nobody's folder
        ("别人", "王芳", "王芳"),
    ],
)
def test_a_person_is_known_however_the_name_was_typed(
    town: Community, typed: str, owner: str | None, known: str
) -> None:
    with town.session() as session:
        assert same_person(session, typed, owner) == known


def test_whoever_left_is_answered_for_by_the_last_of_the_line(town: Community) -> None:
    with town.session() as session:
        assert successors(session) == {"李强": "孙丽", "赵敏": "孙丽"}


def test_a_name_that_nobody_has_is_refused_with_those_that_may_be_meant(town: Community) -> None:
    with town.session() as session:
        require_known(session, "王芳", "李强")
        with pytest.raises(UsageFault) as caught:
            require_known(session, "王方")
        assert "王芳" in caught.value.message.zh
        assert "李强" not in caught.value.next_step.zh  # who left is no choice
        assert strangers_namesakes(session, "王芳") is None
        assert strangers_namesakes(session, "王方") == ["王芳"]
        assert strangers_namesakes(session, "欧阳文") == []


@pytest.mark.parametrize(
    ("typed", "spelled"),
    [("第1网格", "第1网格"), ("1网格", "第1网格"), ("第一网格", "第1网格"), ("第9网格", "第9网格")],
)
def test_a_grid_is_spelled_as_the_records_spell_it(
    town: Community, typed: str, spelled: str
) -> None:
    with town.session() as session:
        assert as_spelled(session, "grid", typed) == spelled
