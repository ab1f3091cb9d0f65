"""The page in English: what stands on it in Chinese, and what to say instead.

`#` stands for a number. What the ledgers name themselves (indicators, ledgers) keeps its name and
gets its translation, where there is one, or its id; definitions stay as the ledgers declare them.
"""

from collections.abc import Iterator

from ledgersync.messages import Message, literal, message
from ledgersync.messages.catalogue import translated
from ledgersync.report.annex.meanings import defined_in
from ledgersync.report.board import Board
from ledgersync.report.marks import STATES
from ledgersync.report.wording import HINT_TEXT
from ledgersync.rollup.handins import STATES as HANDED_IN
from ledgersync.rollup.units.tree import LEVEL_NAMES

_PAGE = (
    message("跳到正文"),
    message("统计期"),
    message("报出日期"),
    message("看哪个单位"),
    message("浅色、深色或随系统"),
    message("颜色"),
    message("随系统"),
    message("浅色"),
    message("深色"),
    message("打印"),
    message("本页内容"),
    message("主要数字"),
    message("走势"),
    message("单位比较"),
    message("全部指标"),
    message("报送情况"),
    message("数据质量"),
    message("口径与出处"),
    message("单位层级"),
    message("近十二个月走势"),
    message("数见“走势”"),
    message("走势（逐月）"),
    message("走势是填报单位的；要看所选单位的走势，用 report --unit 另出该单位的看板。"),
    message("折线图"),
    message("数见下面的表"),
    message("看数"),
    message("比哪个指标"),
    message("哪一级"),
    message("单位比较（表）"),
    message("下级："),
    message("条形图"),
    message("找指标"),
    message("如 走访、新增、办结"),
    message("台账"),
    message("全部指标（表）"),
    message("本年累计"),
    message("上年同期"),
    message("没有要说明的。"),
    message("齐：每本台账都有；部分：有的台账没有；其余写明原因。"),
    message("齐"),
    message("部分"),
    message("指标口径与数据出处"),
    message("行号是工作簿里的行号；命令在本单位的 LedgerSync 里运行，列出每一行（姓名等已遮盖）。"),
    message("数据出处"),
    message("另有 # 处没有列出，用上面的命令列出全部。"),
    message("回到全部指标"),
    message("由 LedgerSync 从台账生成；只有数字，不含个人信息。"),
    message("现在看的是"),
    message("列出 # 项，共 # 项"),
    message("追到行："),
)
_TABLES = (
    message("报送总数"),
    message("数"),
    message("各社区台账（有数据的起始日）"),
    message("逐月台账"),
    message("缺报的单位和台账（未计入合计，不按零处理）"),
    message("原因"),
    message("上报包的报送"),
    message("状态"),
    message("版本"),
    message("应报日期"),
    message("收到日期"),
    message("是否按时"),
    message("按时"),
    message("未到期"),
    message("迟报，已过#天"),
    message("迟报#天"),
    message("第#版"),
    message("#-#-# 起"),
    message("# 个单位有缺报"),
    message("各单位数据质量"),
    message("有错误的记录"),
    message("全部记录"),
    message("按时报送"),
    message("应报送"),
    message("没有计入或不能确定的行"),
    message("情况"),
    message("涉及的指标"),
    message("数据不平衡，请核对"),
    message("应当相等"),
    message("左边"),
    message("右边"),
    message("由上报包合并的数（相加而未跨单位去重的，可能偏大）"),
    message("说明"),
    message("其他说明"),
    message("类型"),
    message("口径"),
    message("追到行的写法"),
    message("时期数"),
    message("时点数"),
    message("综合"),
    message("工作簿"),
    message("工作表"),
    message("计入的行"),
    message("由上报包，行在报送单位"),
    message("按名称计数。"),
)
_FIGURES = (
    message("不可比"),
    message("不少于#"),
    message("+#个百分点"),
    message("-#个百分点"),
    message("#万"),
    message("户"),
    message("人"),
    message("名"),
    message("个"),
    message("户次"),
    message("人次"),
    message("次"),
    message("件"),
    message("条"),
    message("份"),
    message("行"),
    message("场"),
    message("天"),
    message("类"),
    message("小时"),
    message("元"),
)
# Of which a sentence elsewhere says something else in English.
_HEADS = (
    literal("填报单位", "Reporting unit"),
    literal("单位", "Unit"),
    literal("上级", "Above"),
    literal("全部", "All"),
    literal("合计", "Total"),
    literal("指标", "Indicator"),
    literal("计量单位", "Measured in"),
    literal("本期", "This period"),
    literal("同比", "YoY"),
    literal("环比", "PoP"),
    literal("分子", "Numerator"),
    literal("分母", "Denominator"),
    literal("已报", "reported"),
    literal("缺报", "not reported"),
    literal("备注", "Remarks"),
)
_SIGNS = (literal("，", ", "), literal("：", ": "), literal("。", ". "))


def words(board: Board) -> dict[str, str]:
    """By Chinese text the English one; only of what the page says."""
    return {text.zh: text.en for text in _messages(board) if text.zh != text.en}


def _messages(board: Board) -> Iterator[Message]:
    yield from (*STATES.values(), *HANDED_IN.values())
    yield from (*_PAGE, *_TABLES, *_FIGURES, *_HEADS, *_SIGNS)
    yield HINT_TEXT
    yield from (literal(zh, level) for level, zh in LEVEL_NAMES.items())
    yield from (board.title, board.span)
    yield from (missing.reason for missing in board.found.missing)
    yield from (remark.text for remark in board.found.remarks)
    yield from _names(board)
    for unit in board.units:
        for row in unit.rows:
            yield from row.notes


def _names(board: Board) -> Iterator[Message]:
    """Ledgers and indicators: their own name, with its translation or the id."""
    for ledger in board.catalog:
        yield _named(ledger.name, ledger.id)
    for defined in defined_in(board.reading):
        yield _named(defined.indicator.name.replace("{}", "…"), defined.id)
    for line in board.found.lines:
        yield _named(line.name, line.id)


def _named(name: str, known_as: str) -> Message:
    english = translated(name, None, "en")
    return literal(name, f"{name} ({known_as if english == name else english})")
