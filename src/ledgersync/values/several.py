"""Cells that hold several values where one belongs: two names, two codes, two ids.

Pure. What merely has a blank inside (`张　三`, `DB 001`, an id in three groups) is one value.
"""

import re

from ledgersync.patterns import pattern_of
from ledgersync.privacy import COMPOUND_SURNAMES
from ledgersync.values.text import HIDDEN, squeeze, trim

_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩邓冯曹彭曾肖萧田董潘袁蔡蒋余于杜叶程魏苏吕丁"
    "任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付傅方邹熊白孟秦邱侯江尹薛闫阎段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴"
    "严莫孔向常汤康易乔赖文温庞樊兰殷施洪翟安颜倪牛芦骆葛卫褚尤戚郎鲁章苗俞柳鲍滕毕岑时皮齐伍卜平穆祁纪"
    "舒屈项祝阮蓝闵席季麻路娄童梅盛刁丘虞支柯管房裘缪解应宗宣郁单杭包诸左吉邢裴荣翁荀甄曲封芮储靳焦巴谷"
    "车全班仲伊宫宁仇栾甘厉祖符景詹卓蔺屠蒙池申冉桑桂濮边燕尚农庄晏柴瞿连习艾容古耿满匡国寇聂晁敖冷辛简"
    "饶沙丰关查荆游权岳商佘佟苟米代原麦楚楼"
)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# what stands in a name's place and names nobody, and what says who it is but not the name
NO_NAMES = _words("""
    略 空 无 无人 没人 没有 暂无 不详 不清 不清楚 不明 未知 不知道 待查 待定 待补 待核
    待填 待核实 待补充 待确认 见附件 见附表 见备注 见上 见上表 见名单 已故 去世 已去世
    代签 拒签 拒绝 不在家 不在 外出 空户 空房 空置 出租 单身 多人 全家 同户主 未填
    未登记 保密 匿名 测试
""")
RELATIONS = _words("""
    本人 户主 家属 家人 亲属 亲戚 邻居 父亲 母亲 父母 儿子 女儿 儿媳 女婿 配偶 妻子 丈夫
    老伴 爱人 子女 孙子 孙女 哥哥 弟弟 姐姐 妹妹 租户 租客 房东 房客 保姆 护工 村民 居民
    业主 群众 村干部 网格员 社区 居委会 村委会 志愿者 负责人 联系人 监护人 老人 孩子
    学生
""")
_LINES = pattern_of(r"[\r\n\v\u2028\u2029\x85]+")
_BETWEEN = pattern_of(r"[、，,;；/／|｜\s\u3000或和与及~～至到]+")
_BETWEEN_CODES = pattern_of(r"[、，;；|｜\n或和与及~～至到]")  # no code has one of these inside
_HAN = pattern_of(r"[\u3400-\u9fff\U00020000-\U0003ffff·]{2,}")
_PERSON = pattern_of(r"[\u3400-\u9fff]{2,4}")
_SHAPE = (pattern_of(r"[A-Za-z]"), pattern_of(r"\d"))
_IDS = pattern_of(r"(?<!\d)(?:\d{17}[\dXx]|\d{15})(?!\d)")


def several_names(raw: str) -> list[str] | None:
    """The names of a cell in which lines or blanks stand between them, None for one name."""
    text = HIDDEN.sub("", trim(raw))
    lines = [squeeze(part) for part in _LINES.split(text) if squeeze(part)]
    if len(lines) > 1 and all(map(_HAN.fullmatch, lines)) and lines[0] not in COMPOUND_SURNAMES:
        return lines
    words = [squeeze(part) for part in text.split()]
    if len(words) > 1 and all(map(_is_person, words)) and words[0] not in COMPOUND_SURNAMES:
        return words
    return None


def listed_names(name: str) -> bool:
    """`王芳、李娜`: two or more names with a sign between them."""
    words = [w for w in re.split(r"[、，,;；/／&+|｜]", name) if w]
    if len(words) > 1:
        return all(map(_PERSON.fullmatch, words))
    pair = re.split(r"[和与及或]", name)
    return len(pair) == 2 and all(map(_is_person, pair))


def _is_person(word: str) -> bool:
    if not _PERSON.fullmatch(word):
        return False
    return word[0] in _SURNAMES or word[:2] in COMPOUND_SURNAMES


def several_codes(raw: str) -> bool:
    """`DB001、DB002`, or two long numbers of one length: codes of one shape beside each other."""
    words = [w for w in _BETWEEN.split(trim(raw)) if w]
    shapes = {_shape(w) for w in words}
    if len(words) < 2 or len(shapes) > 1:
        return False
    shape = next(iter(shapes))
    least = 3 if _BETWEEN_CODES.search(raw.strip()) else 4 if "A" in shape else 6
    return "9" in shape and len(shape) >= least


def _shape(word: str) -> str:
    letter, digit = _SHAPE
    return digit.sub("9", letter.sub("A", squeeze(word)))


def several_ids(raw: str) -> bool:
    """Two or more whole identity numbers in one cell."""
    return len(_IDS.findall(trim(raw))) > 1
