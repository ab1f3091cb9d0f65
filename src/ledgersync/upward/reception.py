"""`receive`: packages taken in, each verified first, each refusal with its reason.

The order: seal, signature, whose it is, archive, recipient, who is below whom, period, version.
Then the archive is kept, the file put beside the unit's folder, and one transaction says so.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Literal

from ledgersync.dataclass import dataclass
from ledgersync.errors import LedgerSyncError, UsageFault, os_reason
from ledgersync.files import atomic_write
from ledgersync.journal import KeptPackage
from ledgersync.messages import Message, message
from ledgersync.rollup.period.months import Period
from ledgersync.rollup.period.words import parse_period
from ledgersync.rollup.units.tree import FOR_EVER, Node
from ledgersync.upward.content.figures import PackedFigures, unpacked
from ledgersync.upward.letters import take_letter
from ledgersync.upward.matches.letters import take_matches
from ledgersync.upward.names import package_name, packages_in, period_in
from ledgersync.upward.office import Office
from ledgersync.upward.package import SUFFIX
from ledgersync.upward.package.archive import Archive, read_archive
from ledgersync.upward.package.envelope import LARGEST, Envelope, unwrapped
from ledgersync.upward.package.manifest import Manifest
from ledgersync.upward.package.refusal import Refusal, unreadable
from ledgersync.upward.states import is_locked
from ledgersync.workspace.place import keep_private
from ledgersync.workspace.unitcodes import enclosing_code, full_code

Status = Literal["accepted", "duplicate", "refused"]
_FEW = 5  # lacking versions that are told one by one
_AHEAD = 2  # days that another clock may be ahead of ours without a word


@dataclass(frozen=True, slots=True)
class Received:
    """What became of one file; `unit`, `period`, `version` only of what was signed by a sender."""

    file: Path
    status: Status
    unit: str | None = None
    name: str | None = None
    period: str | None = None
    version: int | None = None
    refusal: Refusal | None = None
    notes: tuple[Message, ...] = ()
    signed: bool = False
    encrypted: bool = False
    sha256: str | None = None
    kind: Literal["figures", "letter", "match"] = "figures"
    code: str | None = None  # padded

    @property
    def reason(self) -> str | None:
        return self.refusal.reason if self.refusal else None


@dataclass(frozen=True)
class Reception:
    """Takes packages in for one office."""

    office: Office
    today: date

    def take(self, files: Iterable[Path]) -> list[Received]:
        """Of a folder, each package in it."""
        return [self._take(file) for given in files for file in _within(given)]

    def _take(self, file: Path) -> Received:
        result = Received(file, "refused")
        try:
            content = _content(file)
            envelope = unwrapped(content, self.office.keys)
            result = replace(result, signed=envelope.signer is not None, encrypted=envelope.sealed)
            archive = self.believed(envelope)
            result = self._named(result, archive)
            if archive.manifest.kind != "figures":
                is_match = archive.manifest.kind == "match"
                taken = (take_matches if is_match else take_letter)(self.office, archive)
                status: Status = "accepted" if taken else "duplicate"
                return replace(result, status=status, kind="match" if is_match else "letter")
            return self._decide(result, archive, envelope, content)
        except Refusal as refusal:
            return replace(result, refusal=refusal)

    def _named(self, result: Received, archive: Archive) -> Received:
        manifest = archive.manifest
        return replace(
            result,
            unit=self.office.shown(manifest.code),
            name=self.office.name(manifest.code, manifest.name),
            period=manifest.period,
            version=manifest.version,
            sha256=archive.sha256,
            code=manifest.code,
        )

    def believed(self, envelope: Envelope) -> Archive:
        """The archive of a sender whom we believe; raises Refusal."""
        if envelope.signer is None:
            archive = read_archive(envelope.archive)
            if self.office.has_believed(archive.manifest.code):
                raise _unsigned(archive.manifest)
        else:
            archive = self._signed(envelope)
        if full_code(archive.manifest.recipient) != self.office.code:
            raise _for_another(archive.manifest)
        return archive

    def _signed(self, envelope: Envelope) -> Archive:
        signer = self.office.trusted.signer(envelope.signer or "")
        if signer is None and not self._is_known(envelope):
            raise _stranger(envelope)
        archive = read_archive(envelope.archive)
        if signer is not None and signer.code != archive.manifest.code:
            raise _anothers(archive.manifest, signer.name)
        return archive

    def _is_known(self, envelope: Envelope) -> bool:
        """It was taken in when the key that signed it was still believed."""
        sha256 = hashlib.sha256(envelope.archive).hexdigest()
        every = self.office.journal.packages.all("in")
        return any((p.sha256, p.signer) == (sha256, envelope.signer) for p in every)

    def _decide(
        self, result: Received, archive: Archive, envelope: Envelope, content: bytes
    ) -> Received:
        manifest = archive.manifest
        if not self.office.is_below(manifest.code):
            raise _not_below(manifest)
        period = self._check_period(manifest, result.file)
        self._check_existed(manifest, period)
        known = self.office.journal.packages.versions("in", manifest.code, manifest.period)
        if any(p.sha256 == archive.sha256 for p in known):
            self.office.archives.keep(envelope.archive)
            return replace(result, status="duplicate")
        if is_locked(self.office.journal, manifest.code, manifest.period):
            raise _locked(manifest)
        last = known[-1] if known else None
        if last and manifest.version <= last.version:
            raise _older(manifest, last)
        self._check_figures(archive)
        notes = (*_notes(manifest, last), *self._clocks(manifest, last))
        self._keep(archive, envelope, content)
        return replace(result, status="accepted", notes=notes)

    def _clocks(self, manifest: Manifest, last: KeptPackage | None) -> Iterable[Message]:
        """Days that cannot all be right: whether it came in time hangs on them."""
        if (date.fromisoformat(manifest.made[:10]) - self.today).days >= _AHEAD:
            yield message("制作时间 {made} 比今天晚，请核对两边电脑的日期", made=manifest.made[:10])
        elif last and manifest.made[:10] < last.made[:10]:
            yield message(
                "制作时间 {made} 早于第 {version} 版的 {before}，请该单位核对电脑的日期",
                made=manifest.made[:10],
                version=last.version,
                before=last.made[:10],
            )
        came = max((at[:10] for _, at in self.office.journal.packages.last_received()), default="")
        if came > self.today.isoformat():
            yield message(
                "本机今天是 {today}，却在 {came} 收过包：请核对本机的日期，是否按时报送按它算",
                today=self.today.isoformat(),
                came=came,
            )

    def _check_existed(self, manifest: Manifest, period: Period) -> None:
        """Figures stay with the unit that then was: an ended one sends no later ones, a new one no
        earlier ones."""
        node = self.office.tree.nodes.get(manifest.code)
        if node is not None and not node.exists_within(period.first, period.last):
            raise _not_then(manifest, node)

    def _check_period(self, manifest: Manifest, file: Path) -> Period:
        own = self.office.workspace.config.rules.period_end_day
        try:
            period = parse_period(manifest.period, self.today, manifest.closing_day)
        except UsageFault as error:
            raise _no_period(manifest) from error
        named = period_in(file.name)
        if period.text != manifest.period or period.first > self.today:
            raise _no_period(manifest)
        if manifest.closing_day != own:
            raise _other_closing(manifest, own)
        if named and named != manifest.period:
            raise _renamed(manifest, named)
        return period

    def _check_figures(self, archive: Archive) -> PackedFigures:
        """They are of the period and of nobody but the sender and the units below it."""
        manifest = archive.manifest
        if "figures.json" not in archive.parts:
            raise unreadable()
        figures = unpacked(archive.parts["figures.json"])
        if figures.period != manifest.period:
            raise _no_period(manifest)
        if manifest.code not in figures.units:
            raise unreadable()
        for code in figures.units:
            if code != manifest.code and not self._encloses(manifest, code, figures):
                raise _not_below(manifest, code)
        return figures

    def _encloses(self, manifest: Manifest, code: str, figures: PackedFigures) -> bool:
        tree = self.office.tree
        if code in tree.nodes:
            return manifest.code in tree.above(code) or self._ended(code)
        level = figures.units[manifest.code].level
        return enclosing_code(code, level) == manifest.code

    def _ended(self, code: str) -> bool:
        """It stood below somebody else in days that the figures may be of."""
        return len(self.office.tree.nodes[code].stays) > 1

    def _keep(self, archive: Archive, envelope: Envelope, content: bytes) -> None:
        office, manifest = self.office, archive.manifest
        office.archives.keep(envelope.archive)
        name = package_name(
            office.name(manifest.code, manifest.name), manifest.period, manifest.version
        )
        path = office.workspace.root / "units" / office.shown(manifest.code) / "packages" / name
        atomic_write(path, content)
        keep_private(path)
        kept = KeptPackage(
            manifest.code,
            manifest.period,
            manifest.version,
            archive.sha256,
            manifest.previous,
            office.workspace.relative(path),
            envelope.signer,
            envelope.sealed,
            manifest.made,
            office.session.now().isoformat(),
        )
        with office.journal.transaction():
            office.journal.packages.add("in", kept)


def _within(given: Path) -> list[Path]:
    """The packages of a folder (a USB stick); a folder without any is told as such."""
    return packages_in(given) or [given]


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # reading it will say why
        return False


def _content(file: Path) -> bytes:
    """The bytes of a file, no more than a package may have; raises Refusal."""
    if _is_folder(file):
        raise Refusal(
            "unreadable",
            message("这个文件夹里没有上报包（{suffix}）", suffix=SUFFIX),
            message("请核对文件夹，或直接写文件名。"),
        )
    try:
        with file.open("rb") as stream:
            return stream.read(LARGEST + 1)
    except OSError as error:
        raise Refusal(
            "unreadable",
            message("打不开文件：{reason}", reason=os_reason(error)),
            message("请核对文件名，或关闭占用它的程序。"),
        ) from error


def _notes(manifest: Manifest, last: KeptPackage | None) -> Iterable[Message]:
    """What is said of a package that was accepted."""
    before = last.version if last else 0
    if manifest.version > before + 1:
        lacking = range(before + 1, manifest.version)
        shown = [*map(str, lacking[:_FEW]), *(["…"] if len(lacking) > _FEW else [])]
        yield message("没有收到过第 {versions} 版", versions=shown)
    elif last and manifest.previous != last.sha256:
        yield message(
            "它接着的第 {version} 版与这里收到的不是同一份，请向该单位核实", version=last.version
        )


def _stranger(envelope: Envelope) -> Refusal:
    """What it says of itself is told as a claim, never as a fact."""
    try:
        manifest = read_archive(envelope.archive).manifest
        claim = message("它自称是{name}（{unit}）", name=manifest.name, unit=manifest.unit)
    except LedgerSyncError:
        claim = message("也看不出自称是谁")
    return Refusal(
        "unknown_sender",
        message("签名的密钥不是本单位相信的任何单位的；{claim}", claim=claim),
        message("请向该单位要公钥，在电话里核对指纹，运行 ledgersync keys trust 后再 receive。"),
    )


def _unsigned(manifest: Manifest) -> Refusal:
    return Refusal(
        "bad_signature",
        message("相信过{name}的公钥，这份包却没有签名", name=manifest.name),
        message("请该单位在有密钥的电脑上重新 submit；不要收没有签名的。"),
    )


def _anothers(manifest: Manifest, signer: str) -> Refusal:
    return Refusal(
        "bad_signature",
        message("包里写的是{name}，签名却是{signer}的", name=manifest.name, signer=signer),
        message("请向这两个单位核实是谁做的包。"),
    )


def _for_another(manifest: Manifest) -> Refusal:
    return Refusal(
        "wrong_recipient",
        message("这份包是报给 {recipient} 的，不是报给本单位的", recipient=manifest.recipient),
        message("请该单位用 submit --to 本单位代码 重做，或在 ledgersync.toml 里写对 parent。"),
    )


def _not_below(manifest: Manifest, code: str | None = None) -> Refusal:
    text = message("{name}（{unit}）不是本单位的下级", name=manifest.name, unit=manifest.unit)
    if code:
        text = message(
            "{name}的包里有别的单位（{code}）的数，它不在该单位之下", name=manifest.name, code=code
        )
    return Refusal(
        "not_below",
        text,
        message("确是下级的，请在 ledgersync.toml 的 [[unit]] 里补上（或改正 parent）再收。"),
    )


def _no_period(manifest: Manifest) -> Refusal:
    return Refusal(
        "wrong_period",
        message(
            "统计期 {period} 不对：写法不对、还没开始，或与里面的数不是同一期",
            period=manifest.period,
        ),
        message("请核对两边电脑的日期，请该单位重新 submit。"),
    )


def _not_then(manifest: Manifest, node: Node) -> Refusal:
    first, last = (day.isoformat() for day in (node.stays[0].since, node.ends))
    if node.ends == FOR_EVER:
        text = message("{name}从 {first} 起才有，{period} 时还没有它", first=first)
    else:
        text = message("{name}到 {last} 为止，{period} 时已经没有它", last=last)
    return Refusal(
        "wrong_period",
        text.filled(name=node.unit.name, period=manifest.period),
        message("这一期请由当时（或接手）的单位报；起止日期写错了的，改单位名单再收。"),
    )


def _other_closing(manifest: Manifest, own: int | None) -> Refusal:
    days = [
        message("{day} 日", day=d) if d else message("月末") for d in (manifest.closing_day, own)
    ]
    return Refusal(
        "wrong_period",
        message("该单位统计截止到{theirs}，本单位截止到{ours}", theirs=days[0], ours=days[1]),
        message("请把两边 ledgersync.toml 的 period_end_day 改成一样再报。"),
    )


def _renamed(manifest: Manifest, named: str) -> Refusal:
    return Refusal(
        "wrong_period",
        message("文件名写的是 {named}，里面是 {period} 的数", named=named, period=manifest.period),
        message("请向该单位核实要报的是哪一期；确是这一期就把文件名改回来。"),
    )


def _older(manifest: Manifest, last: KeptPackage) -> Refusal:
    if manifest.version == last.version:
        text = message("第 {version} 版已经收过，这一份与它不同", version=manifest.version)
    else:
        text = message(
            "这是第 {version} 版，已经收过更新的第 {last} 版",
            version=manifest.version,
            last=last.version,
        )
    return Refusal("older_version", text, message("要更正请该单位再运行一次 submit，版本会加一。"))


def _locked(manifest: Manifest) -> Refusal:
    return Refusal(
        "locked",
        message("{name} {period} 已经锁定", name=manifest.name, period=manifest.period),
        message("确需更正，先运行 ledgersync review 单位 --period 期 --unlock 原因，再收。"),
    )
