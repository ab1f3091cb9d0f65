"""What people write around a table: titles, captions, totals, notes, signatures, hints."""

import re
from collections.abc import Sequence

from ledgersync.patterns import pattern_of
from ledgersync.values.text import squeeze, trim, typed

_COUNT = r"(?:\d+(?:\.\d+)?|[〇零一二三四五六七八九十百千万两]+)"
_UNIT = r"(?:户次|人次|户|人|个|件|场|次|条|名|元|万元|宗|项|小时)"
_TOTAL = pattern_of(
    r"^[^，,。；;:：]{0,20}?(?:合计|小计|总计|共计|总数|累计|汇总)(?:[:：]?$|[:：(（\d〇零一二三四五六七八九十].*$)"
)
_COUNTED = pattern_of(
    rf"^(?:(?:总共|共有|全部|总数|共){_COUNT}{_UNIT}|总[户人件]数[:：]?(?:{_COUNT}|$)|"
    r"其中[:：]|(?:平均|均值|占比|比例)[:：]?$)"
)
_NOTE = pattern_of(
    r"^[(（【\[*※]*(?:备注|填表须知|填报须知|须知|填表要求|填报要求|附注|注释|注意事项|注意|注|说明|填表说明|填报说明|填写说明|提示|特此说明)"
    r"[一二三四五\d]*[)）】\]]*[:：.、。]"
    r"|^[-—─\s(（]*(?:以下空白|以下无正文|以下无|此页无正文|续下页|接上页|续表|完)[-—─\s)）。]*$"
    r"|^第\d+页"
)
_SIGN = pattern_of(
    r"(?:填表|制表|审核|复核|审批|负责|经办|填报|统计|分管|联系|登记|编制|报送|上报|主管|校对|核对|录入)"
    r"(?:人员|人|员|领导|单位|部门|日期|时间)?(?:姓名|电话|签名|签字|签章|盖章)?(?:[(（][^)）]*[)）])?[:：]"
    r"|[(（](?:盖章|公章|签字|签章)[)）]|(?:^|\s)(?:签字|签名|盖章|日期|电话|单位)[:：]"
)
_SIGN_WORD = pattern_of(
    r"(?:填表|制表|审核|复核|经办|填报|统计|编制|上报|报送|校对)(?:人|人员|日期|时间|单位|负责人|签字|签名)?"
    r"|(?:单位|部门|社区|村)?(?:负责人|主要领导|分管领导)(?:签字|签名)"
)
_OFFICE = pattern_of(r"(?:社区|村|委员会|居委会|村委会|街道|办事处|街道办|工作站|服务中心)$")
_EXAMPLE = pattern_of(
    r"^[(（【\[]?(?:例如?|示例|样例|范例|举例|填写示例|填写范例|样表)(?:[)）】\]:：]|\d*$)"
)
_DAY = pattern_of(
    r"^(?:20\d\d|二〇[〇一二三四五六七八九]{2})?\s*年\s*[\d一二三四五六七八九十]*\s*月\s*[\d一二三四五六七八九十]*\s*日$"
)
_CAPTION = pattern_of(
    r"^附(?:件|表)?\s*[\d一二三四五六七八九十]*[:：]?$|[:：]|^[(（].*[)）]$|^截[至止]|^单位[:：]"
    r"|^(?:19|20)\d\d年(?:\d{1,2}月)?(?:\d{1,2}日)?$"
)
_BRACKETED = pattern_of(r"^[【\[「〔(（<《].*[】\]」〕)）>》]$")
_HINT = pattern_of(
    r"^[①-⑳].*[①-⑳]|^(?:必填|选填|可不填|示例|例[:：如]|如[:：]|格式|下拉|单选|多选|填写|文本(?:$|格式))"
)
_SOFT_HINT = pattern_of(
    r"格式|填写|必填|选填|可选|请选|下拉|单选|多选|文本|数字|如[:：]|例如|示例|年.?月|yyyy|"
    r"^(?:元|人|户|次|小时|周岁|位|\d+位|是否|是/否|有/无|√)$|[/、].+[/、]|^.{1,4}/.{1,4}$",
    re.IGNORECASE,
)
_REGISTER = pattern_of(r"台账|名单|名册|清单|登记|明细|记录|汇总|统计|附件|表(?:[)）（(]|$)")
_TITLE_END = pattern_of(r"(?:台账|[一-龥]表|名册|名单|清单)(?:[(（].*[)）])?$")
# Words of a form about itself: such a text is nobody's entry.
_FORM = pattern_of(
    r"本表|本台账|此表|填报|上报|报送|^[(（【]?(?:必填|选填|可不填)(?:项?$|[,，、:：（()）】])|勾选|"
    r"(?:请|如实|按.{0,8}|必须|统一|认真|据实|由.{0,10})填写|填写(?:说明|要求|示例|格式|完整|真实|规范|人|单位|日期)|"
    r"下拉(?:选择|框|菜单|列表|选取)|[单多]选(?:$|[:：，,（()）])|格式[:：为如是)）]|^.{0,6}格式$|"
    r"(?:示例|样例)(?:[:：)）】]|$|行|数据)|不得空|空白|须知|口径|一式|盖章|公章|签字|签章|签名|签收|审核人|"
    r"审核[:：]|制表|填表(?:人|单位|日期|时间|说明[:：]|须知|要求)|负责人[（(:：]|编制|无正文|第\d+页(?:$|[共/，,（(])|续[下上接]|截[至止]到?(?:\d|填报|填表|本|上)|18位|"
    r"月底前|日前|留存|归档|零报告|单位[:：（(]|^附[件表]|^联系人及电话"
)
_PLAIN_TOTAL = pattern_of(
    rf"(?:[^，,。；;:：\d]{{0,10}}|截[至止].{{1,14}})?"
    rf"(?:合计|小计|总计|共计|总数|累计|汇总|总共|共有|全部|共|总[户人件]数)"
    rf"(?:[:：]?[（(]?(?:[，,、；;]?(?:其中|核定|选定)?{_COUNT}(?:{_UNIT})?)*[）)]?)[:：]?"
    rf"|其中[:：][\u4e00-\u9fff]{{0,4}}(?:{_COUNT}(?:{_UNIT})?)?|(?:平均|均值|占比|比例)[:：]?"
)
_OPTIONS = pattern_of(r"[①-⑳].+[①-⑳]|^[①-⑳]?[^①-⑳]{1,6}[、/／|][^、/／|]{1,6}(?:[、/／|].*)?$")
_UNIT_WORD = pattern_of(
    r"[(\[【]?(?:(?:计量|金额|数据|货币)?单位[:为]?|金额)?[(]?"
    r"(?:(?:人民币)?(?:[十百千万亿]{0,2}元|小时|分钟|户次?|人次?|次)(?:/[月人户次年])?)?[)\]】]{0,2}"
)
_ASKS = pattern_of(
    r"^请(?:如实|按|填|选|写|勿|注明|参照|从|用|输入|核对|务必|勾选|下拉|在此|在本|在表|统一)"
)
_NOTHING = pattern_of(r"[/\\\-—–─…。.·、~]+|无|N/A", re.IGNORECASE)
# As they stand in cells, for a quick look at a whole column.
CROSSES = frozenset(
    {"/", "//", "\\", "-", "--", "—", "——", "–", "…", "……", "...", "无", "、", "。"}
)
_SECTION = pattern_of(
    r"^[(（]?[一二三四五六七八九十]+[)）、.．]|(?:村|组|社区|小区|网格|街道|镇|乡|片区|楼栋|部分)[:：]?$"
)
_UNUSUAL = pattern_of(r"[计共总:：注说章汇提人日名知要其平均占比以此续接完页]")
_SENTENCE = pattern_of(r"[。；;!！?？]|，.*，")


def is_total(raw: object) -> bool:
    """`合计`, `本页小计`, `张庄村合计`, `合计28户，核定28户`, `共12户`."""
    if not isinstance(raw, str) or len(raw) > 60:
        return False
    text = squeeze(raw)
    return bool(_TOTAL.match(text) or _COUNTED.match(text))


def is_note(raw: object) -> bool:
    """`备注：1.本表…`, `填表人：　审核人：`, `（盖章）`."""
    if not isinstance(raw, str):
        return False
    text = trim(raw)
    return bool(_NOTE.match(squeeze(text[:12])) or _SIGN.search(text.replace("\u3000", " ")))


def is_remark(text: str) -> bool:
    """A note by its first word, no signature: `备注：…`, `说明：…`."""
    return bool(_NOTE.match(squeeze(text[:12])))


def is_label(raw: object) -> bool:
    """A text that announces the next cell: `审核人：`, `填表日期`."""
    return isinstance(raw, str) and (trim(raw).endswith((":", "：")) or is_signature(raw))


def is_signature(raw: object) -> bool:
    """A word of a signature line that stands in a cell of its own: `填表人`."""
    return isinstance(raw, str) and bool(_SIGN_WORD.fullmatch(squeeze(raw)))


def is_closing(cells: Sequence[object]) -> bool:
    """Who and when at the end of a page: `幸福社区居民委员会` beside `2022年6月30日`."""
    texts = [squeeze(c) for c in cells if isinstance(c, str)]
    if not 1 < len(texts) == len(cells) < 4:
        return False
    offices = [t for t in texts if _OFFICE.search(t)]
    return bool(offices) and sum(map(is_day, texts)) == len(texts) - len(offices) > 0


def is_example(raw: object) -> bool:
    """`例：张三`, `示例`: a row that shows how, not a record."""
    return isinstance(raw, str) and bool(_EXAMPLE.match(trim(raw)))


def is_day(raw: object) -> bool:
    """`2022年6月30日`, `年　月　日`: the day of a signature."""
    return isinstance(raw, str) and bool(_DAY.match(trim(raw)))


def is_caption(raw: object) -> bool:
    """`填报单位：…`, `附件1`, `（2022年上半年）`, `单位：元`."""
    return isinstance(raw, str) and bool(_CAPTION.search(trim(raw)))


def is_hint(raw: object) -> bool:
    """`【城市、农村】`, `（格式：2022-06-01）`, `①城市 ②农村`, `请按户填写`."""
    if not isinstance(raw, str):
        return False
    text = trim(raw)
    return bool(_BRACKETED.search(text) or _HINT.search(text)) or asks(text)


def asks(text: str) -> bool:
    """`请如实填写`: an instruction, where `请求维修路灯` is an entry."""
    return bool(_ASKS.match(text)) and len(text) <= 40


def of_the_form(raw: object) -> bool:
    """A text about the form itself (`本表每月5日前上报`), or nothing but options to choose from."""
    if not isinstance(raw, str):
        return False
    text = trim(raw)
    inner = squeeze(text).strip("【】[]「」〔〕()（）<>《》")
    if _FORM.search(squeeze(text)) or asks(text):
        return True
    return bool(_BRACKETED.search(text)) and bool(
        _SOFT_HINT.search(inner) or _OPTIONS.search(inner)
    )


def is_unit(raw: object) -> bool:
    """`百元`, `（人）`, `单位：千元`, or the label `单位` by itself."""
    return isinstance(raw, str) and bool(_UNIT_WORD.fullmatch(squeeze(raw)))


def is_plain_total(raw: object) -> bool:
    """Nothing but a total: `合计`, `张庄村小计`, `共2户4人`; not `3栋电梯故障累计5次`."""
    return isinstance(raw, str) and bool(_PLAIN_TOTAL.fullmatch(squeeze(raw)))


def is_soft_hint(raw: object) -> bool:
    """A word that explains rather than fills in: `18位`, `是/否`, `元`, `yyyy-mm-dd`."""
    return is_hint(raw) or (isinstance(raw, str) and bool(_SOFT_HINT.search(squeeze(raw))))


def is_title(raw: object) -> bool:
    """A text that names a register: `幸福社区低保台账`."""
    return isinstance(raw, str) and bool(_REGISTER.search(raw))


def names_a_register(text: str) -> bool:
    """A title, whatever it is merged over: `低保台账`, `花名册（2022年）`."""
    return bool(_TITLE_END.search(trim(text)))


def is_nothing(raw: object) -> bool:
    """A mark that says there is nothing: `/`, `—`, `……`."""
    return isinstance(raw, str) and bool(_NOTHING.fullmatch(squeeze(raw)))


def is_section(raw: object) -> bool:
    """A heading between groups of rows: `一、东风村`, `第三村民小组`."""
    return isinstance(raw, str) and len(raw) <= 30 and bool(_SECTION.search(squeeze(raw)))


def is_sentence(raw: object) -> bool:
    """Prose, longer or more punctuated than a cell of a record."""
    if not isinstance(raw, str):
        return False
    text = trim(raw)
    return len(text) > 40 or bool(_SENTENCE.search(text)) or bool(re.match(r"^\d+[、.．]\D", text))


def is_numbering(cells: list[object]) -> bool:
    """A row that numbers the columns: `1 2 3 4`, `(1) (2) (3)`, `甲 乙 1 2`."""
    texts = [squeeze(typed(c)).strip("()[]") for c in cells]
    while texts and texts[0] in tuple("甲乙丙丁戊"):
        texts.pop(0)
    if len(texts) < 4 or texts[0] not in ("1", "2", "3"):
        return False
    first = int(texts[0])
    return texts == [str(n) for n in range(first, first + len(texts))]


def unusual(text: str) -> bool:
    """A total or a note; the cheap look comes first."""
    return bool(_UNUSUAL.search(text)) and (is_total(text) or is_note(text) or is_signature(text))
