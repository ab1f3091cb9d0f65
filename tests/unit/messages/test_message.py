"""A sentence as a value: what it says in each language, and that it is one."""

import pickle
from datetime import date
from decimal import Decimal

import pytest

from ledgersync.messages import Message, counted, listed, literal, message
from ledgersync.messages.catalogue import DOMAIN, translated


def test_gaps_are_filled_in_each_language() -> None:
    refused = message("“{name}”不能用作人员文件夹名。", name="a/b")
    assert refused.zh == "“a/b”不能用作人员文件夹名。"
    assert refused.en == "'a/b' cannot name a person's folder."
    assert refused.text() == refused.text("zh") == refused.zh
    assert refused.text("en") == refused.en


def test_gaps_take_sentences_lists_and_figures() -> None:
    whole = message(
        "{why}（{names}）：{sum:,}，{at:%Y-%m-%d}",
        why=message("磁盘满了"),
        names=["甲", "乙"],
        sum=Decimal("1234.50"),
        at=date(2022, 6, 1),
    )
    assert whole.zh == "磁盘满了（甲、乙）：1,234.50，2022-06-01"
    assert whole.en == "the disk is full（甲, 乙）：1,234.50，2022-06-01", (
        "no text in the catalogue"
    )
    assert listed([message("磁盘满了"), 3], "；").en == "the disk is full; 3"


@pytest.mark.parametrize(("n", "en"), [(1, "1 digit, "), (0, "0 digits, "), (9, "9 digits, ")])
def test_english_has_a_form_for_one_and_one_for_many(n: int, en: str) -> None:
    told = counted(
        "{name}的区划代码应为 {n} 位数字，“{code}”是 {count} 位。",
        n=n,
        name=message("街道"),
        code="36",
        count=2,
    )
    assert told.zh == f"街道的区划代码应为 {n} 位数字，“36”是 2 位。"
    assert told.en == f"The code of a street has {en}36 has 2."


def test_gaps_may_be_filled_later() -> None:
    assert message("不能小于 {least}").filled(least=3).en == "should be at least 3"
    source = "{name}的区划代码应为 {n} 位数字，“{code}”是 {count} 位。"
    later = counted(source, 0, name="", code="", count=0).of(1)
    assert "1 digit," in later.en


def test_texts_that_nobody_translated_and_literal_ones_stay() -> None:
    assert message("谁也没有翻译过 {x}", x=1).en == "谁也没有翻译过 1"
    assert message("").en == ""
    assert (literal("{甲}", "{a}").zh, literal("{甲}", "{a}").en) == ("{甲}", "{a}")


def test_a_message_is_a_value() -> None:
    made = message("{a}与{b}", a=message("甲"), b=[1, 2])
    same = message("{a}与{b}", a=message("甲"), b=(1, 2))
    assert made == same and hash(made) == hash(same) and {made: 1}[same] == 1
    assert made != message("{a}与{b}", a=message("甲"), b=(1, 3))
    assert pickle.loads(pickle.dumps(made)) == made
    with pytest.raises(AttributeError):
        made.source = "别的"  # type: ignore[misc]


def test_without_a_catalogue_english_is_chinese(
    monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    from ledgersync.messages import catalogue

    monkeypatch.setattr(catalogue, "FOLDER", tmp_path)
    catalogue._catalogue.cache_clear()
    try:
        assert translated("磁盘满了", None, "en") == "磁盘满了"
        assert counted("{n} 位", 2).en == "2 位" and DOMAIN == "ledgersync"
    finally:
        catalogue._catalogue.cache_clear()
    assert isinstance(message("磁盘满了"), Message)
