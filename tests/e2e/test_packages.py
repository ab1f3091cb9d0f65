"""`submit` and `receive` between offices that share no folder: kept, chained, refused by reason."""

import stat
from pathlib import Path
from shutil import rmtree

import pytest
from tests.district import DISTRICT, EAST, WEST, A, B, C, visits
from tests.upward import Unit, Units, introduce, make_unit, on_a_july_day

from ledgersync.upward.content.figures import unpacked
from ledgersync.upward.office import office_session
from ledgersync.upward.package.archive import read_archive
from ledgersync.workspace import Workspace


@pytest.fixture(autouse=True)
def _place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    on_a_july_day(monkeypatch, tmp_path)


@pytest.fixture
def units(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Units:
    """A street with two communities, and a community of another street."""
    made = {EAST: make_unit(tmp_path, EAST, capsys, (A, B))}
    made |= {code: make_unit(tmp_path, code, capsys) for code in (A, B, C)}
    made[A].fill(visits("2022-06-01", "2022-06-02"))
    made[B].fill(visits("2022-06-03"))
    made[C].fill(visits("2022-06-03"))
    return made


@pytest.fixture
def known(units: Units) -> Units:
    introduce(units)
    return units


def one(packages: list[dict[str, object]]) -> tuple[object, object]:
    assert len(packages) == 1
    return packages[0]["status"], packages[0]["reason"]


def figures_of(unit: Unit, sender: str, version: int) -> dict[str, object]:
    """The current figures of a package that was taken in, as they are kept."""
    with office_session(Workspace.open(unit.root), "test", write=False) as office:
        kept = office.journal.packages.version("in", sender, "2022-06", version)
        assert kept is not None
        archive = read_archive(office.archives.load(kept.sha256))
        found = unpacked(archive.parts["figures.json"])
    return {i: f.value for (u, i), f in found.windows["current"].items() if u == sender}


def test_a_package_goes_up_signed_and_sealed(known: Units) -> None:
    made = known[A].told("submit", "--period", "2022-06")
    assert (made["unit"], made["to"], made["period"], made["version"]) == (A, EAST, "2022-06", 1)
    assert (made["signed"], made["encrypted"], made["pdf"]) == (True, True, None)
    assert made["exit"] == 1 and {m["ledger"] for m in made["missing"]} >= {"dibao", "care"}
    package = Path(made["package"])
    assert package.parent == known[A].root / "reports" / "2022-06"
    assert package.name == "上报-幸福社区-2022-06-第1版.lsp" and Path(made["workbook"]).exists()
    content = package.read_bytes()
    assert b"manifest" not in content and A.encode() not in content
    told = known[EAST].told("receive", package)
    assert told["exit"] == 0
    assert {k: told["packages"][0][k] for k in ("unit", "period", "version", "status")} == {
        "unit": A,
        "period": "2022-06",
        "version": 1,
        "status": "accepted",
    }
    assert figures_of(known[EAST], A, 1)["visits_made"] == 2
    stored = known[EAST].root / "units" / A / "packages" / package.name
    assert stored.read_bytes() == content and stat.S_IMODE(stored.stat().st_mode) == 0o600
    assert known[EAST].run("verify") == 0
    archive = next((known[EAST].root / ".ledgersync" / "packages").rglob("*.z"))
    archive.write_bytes(archive.read_bytes()[:-5])
    assert known[EAST].run("verify") == 4
    assert "上报包" in known[EAST].capsys.readouterr().out


def test_every_version_is_kept_and_chained(known: Units, tmp_path: Path) -> None:
    first = known[A].submit()
    kept = tmp_path / "stick.lsp"
    kept.write_bytes(first.read_bytes())
    known[A].fill(visits("2022-06-01", "2022-06-02", "2022-06-09"))
    second, third = known[A].submit(), known[A].submit()
    assert [p.name[-7:] for p in (second, third)] == ["第2版.lsp", "第3版.lsp"]
    street = known[EAST]
    assert one(street.receive(kept)) == ("accepted", None)
    assert one(street.receive(first)) == ("duplicate", None)  # replayed, and by another name
    assert street.told("receive", first)["exit"] == 0
    gap = street.receive(third)
    assert one(gap) == ("accepted", None) and "第 2 版" in gap[0]["notes"][0]
    assert one(street.receive(second)) == ("refused", "older_version")
    assert street.told("receive", second)["exit"] == 1
    assert one(street.receive(first)) == ("duplicate", None)
    assert figures_of(street, A, 1)["visits_made"] == 2
    assert figures_of(street, A, 3)["visits_made"] == 3
    with office_session(Workspace.open(street.root), "test", write=False) as office:
        versions = office.journal.packages.versions("in", A, "2022-06")
    with office_session(Workspace.open(known[A].root), "test", write=False) as office:
        sent = office.journal.packages.versions("out", A, "2022-06")
    assert [p.previous for p in sent] == [None, sent[0].sha256, sent[1].sha256]
    assert [p.sha256 for p in versions] == [sent[0].sha256, sent[2].sha256]


def test_a_second_version_of_one_number_is_refused(known: Units, tmp_path: Path) -> None:
    """The unit lost its journal, or two machines both submit."""
    street = known[EAST]
    assert one(street.receive(known[A].submit())) == ("accepted", None)
    journal = known[A].root / ".ledgersync" / "journal.db"
    with office_session(Workspace.open(known[A].root), "test") as office:
        office.journal.connection.execute("DELETE FROM package")
    assert journal.exists()
    known[A].fill(visits("2022-06-30"))
    again = street.receive(known[A].submit())
    assert one(again) == ("refused", "older_version") and "与它不同" in again[0]["message"]


def test_damage_strangers_and_other_recipients(known: Units, tmp_path: Path) -> None:
    street, package = known[EAST], known[A].submit()
    content = package.read_bytes()
    damaged = tmp_path / "damaged.lsp"
    flipped = content[:500] + bytes([content[500] ^ 1]) + content[501:]
    for change in (content[:-1], content[:100], flipped):
        damaged.write_bytes(change)
        assert one(street.receive(damaged)) == ("refused", "tampered")
    damaged.write_bytes(b"PK\x03\x04 a workbook")
    assert one(street.receive(damaged)) == ("refused", "unreadable")
    assert one(street.receive(tmp_path / "absent.lsp")) == ("refused", "unreadable")
    elsewhere = known[A].submit("2022-05", "--to", WEST)  # signed, and readable by anybody
    assert one(street.receive(elsewhere)) == ("refused", "wrong_recipient")
    assert one(known[A].receive(package)) == ("refused", "wrong_recipient")
    assert one(street.receive(package)) == ("accepted", None)


def test_a_sender_that_nobody_believes(known: Units) -> None:
    street = known[EAST]
    stranger = street.receive(known[C].submit("2022-06", "--to", EAST))
    assert one(stranger) == ("refused", "unknown_sender")
    assert stranger[0]["unit"] is None and "和平社区" in stranger[0]["message"]
    assert street.run("keys", "trust", C, known[C].public()) == 0
    assert one(street.receive(known[C].submit("2022-06", "--to", EAST))) == (
        "refused",
        "not_below",
    )
    known[A].run("keys", "init", "--replace")
    assert one(street.receive(known[A].submit())) == ("refused", "unknown_sender")
    assert street.run("keys", "trust", A, known[A].public()) == 0
    assert one(street.receive(known[A].submit())) == ("accepted", None)


def test_a_unit_signs_only_for_itself(known: Units) -> None:
    """B's keys in A's workspace: what A submits bears B's signature."""
    a, b = (Workspace.open(known[code].root) for code in (A, B))
    (a.keys / "own.json").write_bytes((b.keys / "own.json").read_bytes())
    assert one(known[EAST].receive(known[A].submit())) == ("refused", "bad_signature")


def test_without_keys_and_never_again_without(units: Units) -> None:
    made = units[A].told("submit", "--period", "2022-06")
    assert (made["signed"], made["encrypted"]) == (False, False) and "没有签名" not in made["said"]
    open_package = Path(made["package"])
    told = units[EAST].told("receive", open_package)
    assert told["packages"][0]["status"] == "accepted" and not told["packages"][0]["signed"]
    units[EAST].run("receive", units[B].submit())
    assert "没有签名" in units[B].capsys.readouterr().err
    open_may = units[A].submit("2022-05")
    introduce(units)
    later = units[A].submit()
    assert one(units[EAST].receive(later)) == ("accepted", None)
    assert one(units[EAST].receive(open_may)) == ("refused", "bad_signature")
    rmtree(Workspace.open(units[EAST].root).keys / "trusted")
    assert one(units[EAST].receive(open_may)) == ("refused", "bad_signature")
    told = units[EAST].told("review", A, "--period", "2022-06", "--return", "再核对")
    assert told["exit"] != 0 and "相信过" in told["message"]
    assert not list(units[EAST].root.rglob("退回-*"))
    with (units[EAST].root / "ledgersync.toml").open("a", encoding="utf-8") as toml:
        toml.write(f'\n[[delivery]]\nname = "幸福"\nkind = "folder"\nunit = "{A}"\npath = "x"\n')
    assert one(units[EAST].receive(later)) == ("duplicate", None)
    assert not list(units[EAST].root.rglob("回执-*")), "none rather than an open one"


def test_periods(known: Units, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    street, package = known[EAST], known[A].submit()
    renamed = package.with_name(package.name.replace("2022-06", "2022-05"))
    renamed.write_bytes(package.read_bytes())
    told = street.receive(renamed)
    assert one(told) == ("refused", "wrong_period") and "2022-05" in told[0]["message"]
    other = tmp_path / "六月.lsp"
    other.write_bytes(package.read_bytes())
    assert one(street.receive(other)) == ("accepted", None)
    monkeypatch.setenv("LEDGERSYNC_TODAY", "2023-09-05")  # a clock that is wrong
    ahead = known[A].submit("2023-08")
    monkeypatch.setenv("LEDGERSYNC_TODAY", "2022-07-05")
    assert one(street.receive(ahead)) == ("refused", "wrong_period")
    toml = known[A].root / "ledgersync.toml"
    toml.write_text(toml.read_text("utf-8") + "\n[rules]\nperiod_end_day = 25\n", "utf-8")
    assert one(street.receive(known[A].submit())) == ("refused", "wrong_period")


def test_rows_go_up_by_name_only(known: Units) -> None:
    unit = known[A]
    unit.fill(
        {
            **visits("2022-06-01"),
            "问题诉求": "登记日期 | 问题描述 | 处理状态 | 办结日期\n"
            "2022-06-02 | 张三 13800001234 说路灯坏了 | 已解决 | 2022-06-05\n"
            "2022-05-02 | 旧的 | 已解决 | 2022-05-05",
        }
    )
    ask = ("submit", "--period", "2022-06", "--with-rows")
    assert unit.run(*ask, "visit.issues:nonsense") == 2
    assert unit.run(*ask, "visit.visits:address,result") == 2
    assert unit.run(*ask, "visit.visits:address", "--unmask", " ") == 2
    assert unit.run(*ask, "visit.issues:date,description,status") == 1
    with office_session(Workspace.open(unit.root), "test", write=False) as office:
        sent = office.journal.packages.last("out", A, "2022-06")
        assert sent is not None
        archive = read_archive(office.archives.load(sent.sha256))
        events = office.journal.connection.execute(
            "SELECT detail FROM event WHERE what = 'submit.rows'"
        ).fetchall()
    import io

    import pyarrow.parquet as pq

    rows = pq.read_table(io.BytesIO(archive.parts["rows/visit.issues.parquet"])).to_pylist()
    assert rows == [
        {
            "_unit": A,
            "date": "2022-06-02",
            "status": "已解决",
            "description": "张三 138****1234 说路灯坏了",
        }
    ]
    assert len(events) == 1 and "visit.issues:date,description,status" in events[0][0]


def test_a_street_sends_for_its_communities_and_for_nobody_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    units = {
        DISTRICT: make_unit(tmp_path, DISTRICT, capsys, (EAST, WEST, A, B, C)),
        EAST: make_unit(tmp_path, EAST, capsys, (A, B)),
    }
    introduce(units)
    (units[EAST].root / "units" / A).mkdir(parents=True)
    Unit(A, units[EAST].root / "units" / A, capsys).fill(visits("2022-06-01"))
    assert one(units[DISTRICT].receive(units[EAST].submit())) == ("accepted", None)
    toml = units[EAST].root / "ledgersync.toml"
    more = f'\n[[unit]]\ncode = "{C}"\nname = "和平社区"\nlevel = "community"\nparent = "{EAST}"\n'
    toml.write_text(toml.read_text("utf-8") + more, "utf-8")
    told = units[DISTRICT].receive(units[EAST].submit())
    assert one(told) == ("refused", "not_below") and C in told[0]["message"]


def test_what_cannot_be_written_is_not_taken_in(
    known: Units, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk is full in the middle: a clear message, and the next attempt takes it."""
    package, calls = known[A].submit(), []

    def full(*_: object, **__: object) -> None:
        calls.append(1)
        raise OSError(28, "No space left on device")

    from ledgersync.upward import reception

    with monkeypatch.context() as patched:
        patched.setattr(reception, "atomic_write", full)
        assert known[EAST].run("receive", package) != 0
    assert calls and "磁盘满了" in known[EAST].capsys.readouterr().err
    assert known[EAST].run("verify") == 0
    assert one(known[EAST].receive(package)) == ("accepted", None)


def test_without_encryption_small_counts_are_left_out(units: Units) -> None:
    """Two people of a category: an open package tells neither them nor their hashes."""
    people = "姓名 | 身份证号 | 人员类别\n" + "\n".join(
        f"{name} | {number} | 独居老人"
        for name, number in (("张三", "110101194001010025"), ("李四", "110101194001010033"))
    )
    units[A].fill({**visits("2022-06-01"), "重点人员": people})
    for sealed in (False, True):
        if sealed:
            introduce(units)
        made = units[A].told("submit", "--period", "2022-06")
        assert made["encrypted"] is sealed
        with office_session(Workspace.open(units[A].root), "test", write=False) as office:
            sent = office.journal.packages.last("out", A, "2022-06")
            assert sent is not None
            archive = read_archive(office.archives.load(sent.sha256))
        figures = unpacked(archive.parts["figures.json"])
        figure = figures.get(A, "care_people.独居老人")
        assert figure is not None
        assert (figure.value, figure.suppressed) == ((2, False) if sealed else (None, True))
        assert any(name.startswith("keys/care_people") for name in archive.parts) is sealed
        assert all("张三".encode() not in part for part in archive.parts.values())
        assert all(b"110101194001010025" not in part for part in archive.parts.values())
