"""Identity numbers: length, characters, birth date, check character, in this order."""

from ledgersync.workbook.build.expr import POSITIONS, first_of, replaced, squeezed, within
from ledgersync.workbook.build.native.field import NativeField

_DROPPED = (".0", "'", "’", "‘", "`", "“", "”")
LOST = "被存成了数字，末几位已丢失，请设为文本后重新录入"
LENGTH = "应为18位"
CHARS = "前17位应为数字，末位为数字或X"
BIRTH = "中的出生日期不存在或不合理"
CHECKSUM = "校验位不对，请核对证件"
DIGITS_ONLY = "只能是数字"


def id_text(cell: str) -> str:
    """Cleaned as `ledgersync.values.identity.clean_id` does it."""
    return squeezed(replaced(replaced(f"UPPER({cell})", ("×",), "X"), _DROPPED))


def digits_text(cell: str) -> str:
    return squeezed(replaced(cell, ("'",)))


def id_fault(native: NativeField) -> str:
    t = native.define("x", native.clean)
    return first_of(
        [
            (_lost(native), native.says(LOST)),
            (f'ISERROR(FIND("|"&LEN({t})&"|","|15|18|"))', native.says(LENGTH)),
            (_wrong_characters(t), native.says(CHARS)),
            (f"NOT({_born(t, native.today)})", native.says(BIRTH)),
            (f"LEN({t})=15", '""'),
            (f"{_check_character(t)}=RIGHT({t},1)", '""'),
        ],
        native.says(CHECKSUM),
    )


def digits_fault(native: NativeField) -> str:
    t = native.define("x", native.clean)
    padded = f'{t}&"{"0" * 40}"'
    found = f'ISERROR(FIND(MID({padded},{POSITIONS},1),"0123456789"))'
    cases = [
        (_lost(native), native.says(LOST)),
        (f"SUMPRODUCT(--{found})+(LEN({t})>40)=0", '""'),
    ]
    return first_of(cases, native.says(DIGITS_ONLY))


def _lost(native: NativeField) -> str:
    """A number beyond the fifteen digits that a spreadsheet keeps."""
    return f"IF(ISNUMBER({native.cell}),ABS({native.cell})>=1E15,FALSE)"


def _wrong_characters(t: str) -> str:
    """Something else than digits, or an X that is not the eighteenth character."""
    other = f'SUMPRODUCT(--ISERROR(FIND(MID({t}&"000",LS_k18,1),"0123456789X")))>0'
    return f'OR({other},FIND("X",{t}&"X")<MIN(18,LEN({t})+1))'


def _born(t: str, today: str) -> str:
    """A day between 1900 and today: `--TEXT(…,"0000-00-00")`, as people write it in Excel."""
    digits = f'IF(LEN({t})=15,"19","")&MID({t},7,LEN({t})*2/3-4)'
    day = f'IFERROR(DATEVALUE(TEXT({digits},"0000-00-00")),0)'
    return within(day, "1", today)


def _check_character(t: str) -> str:
    weighted = f'SUMPRODUCT((FIND(MID({t},LS_k17,1),"0123456789")-1)*LS_w17)'
    return f'MID("10X98765432",MOD({weighted},11)+1,1)'
