"""Keys made, shown, granted and trusted by people; each step is in the journal."""

from pathlib import Path

from ledgersync.dataclass import dataclass
from ledgersync.errors import UsageFault
from ledgersync.files import atomic_write
from ledgersync.messages import message
from ledgersync.upward.keys.matching import grant_for, take_grant
from ledgersync.upward.keys.own import OwnKeys, make_keys
from ledgersync.upward.keys.public import SUFFIX, PublicKeys, read_key_file
from ledgersync.upward.names import safe
from ledgersync.upward.office import Office
from ledgersync.workspace.unitcodes import full_code, is_code


@dataclass(frozen=True, slots=True)
class Trusted:
    """Whom we believe now; `replaced` is the fingerprint that was believed before."""

    keys: PublicKeys
    replaced: str | None
    granted: bool


def init_keys(office: Office, who: str, *, replace: bool = False, keyring: bool = False) -> OwnKeys:
    """Makes the unit's keys; raises a fault where it has some, or had, unless replaced."""
    if not replace:
        _ = office.keys
    made = make_keys(
        office.workspace.keys,
        office.workspace.unit,
        office.session.now().isoformat(),
        replace=replace,
        keyring=keyring,
    )
    _note(office, who, "keys.replace" if replace else "keys.init", made.public.fingerprint)
    return made


def show_keys(office: Office, file: Path | None = None) -> PublicKeys:
    """The public part, on request written to a file."""
    own = _own(office)
    if file:
        atomic_write(file, own.key_file().text())
    return own.public


def grant_keys(office: Office, unit: str, file: Path | None, who: str) -> tuple[PublicKeys, Path]:
    """Writes the public part and the matching key for one unit; raises UsageFault."""
    own, code = _own(office), unit_code(office, unit)
    if not office.is_below(code):
        raise UsageFault(
            message("{unit} 不是本单位的下级，不能授权。", unit=unit),
            message("请核对单位代码，或在 ledgersync.toml 的 [[unit]] 里补上它。"),
        )
    known, key = office.trusted.of(code), office.matching
    if known is None or key is None:
        raise UsageFault(
            message("还没有 {unit} 的公钥，授权无从加密。", unit=unit),
            message("请先向它要 keys show -o 写出的文件，运行 ledgersync keys trust。"),
        )
    target = file or office.workspace.root / f"授权-{safe(known.name)}{SUFFIX}"
    atomic_write(target, own.key_file(grant_for(known, key)).text())
    _note(office, who, "keys.grant", known.fingerprint, unit=known.unit, key=key.key_id)
    return own.public, target


def trust_keys(office: Office, unit: str, file: Path, who: str) -> Trusted:
    """Believes a unit's public part from now on; takes a matching key that comes with it."""
    found = read_key_file(file)
    if found.code == office.code:
        raise UsageFault(
            message("{file} 是本单位自己的公钥。", file=file.name),
            message("要相信的是对方的公钥：请用对方导出的文件。"),
        )
    if not _is_meant(office, unit, found):
        raise UsageFault(
            message(
                "{file} 是{name}（{code}）的公钥，不是 {unit} 的。",
                file=file.name,
                name=found.name,
                code=found.unit,
                unit=unit,
            ),
            message("请核对单位，或请对方重新导出。"),
        )
    if found.grant:
        take_grant(office.workspace.keys, office.keys, found.grant)
    before = office.trusted.trust(found)
    _note(office, who, "keys.trust", found.fingerprint, unit=found.unit)
    return Trusted(found, before.fingerprint if before else None, found.grant is not None)


def unit_code(office: Office, text: str) -> str:
    """The padded code of a unit that was typed by code or name; raises UsageFault."""
    asked = text.strip()
    if is_code(asked):
        return full_code(asked)
    known = next((k.code for k in office.trusted if k.name == asked), None)
    return known or office.tree.find(asked).code


def _is_meant(office: Office, unit: str, found: PublicKeys) -> bool:
    asked = unit.strip()
    if asked.isascii() and asked.isdigit():
        return full_code(asked) == found.code
    node = office.node(found.code)
    return asked in (found.name, node.unit.name if node else found.name)


def _own(office: Office) -> OwnKeys:
    if office.keys is None:
        raise UsageFault(message("本单位还没有密钥。"), message("请先运行 ledgersync keys init。"))
    return office.keys


def _note(office: Office, who: str, what: str, fingerprint: str, **more: str) -> None:
    with office.journal.transaction():
        now = office.session.now()
        office.journal.log.event(now, who, what, fingerprint=fingerprint, **more)
