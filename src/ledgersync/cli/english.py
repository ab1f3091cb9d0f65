"""The help texts of the commands in English, by what they say in Chinese."""

ENGLISH: dict[str, str] = {
    # the list of commands
    "新建工作区，生成四本空台账": "Make a workspace with four empty ledgers",
    "把现有工作簿收为主台账": "Make an existing workbook the primary ledger",
    "建一个示例区，从头到尾走一遍": "Make a sample district and take it all the way",
    "生成空白台账": "Write an empty ledger",
    "给人员发台账副本": "Write a person's copies of the ledgers",
    "人员：查看、加入、离岗交接": "Staff: list, add, hand over",
    "看工作簿里读到了什么": "Show what is seen in a workbook",
    "确认一次不认识的表头": "Say once what unknown headers mean",
    "校验工作簿，问题定位到单元格": "Check workbooks; every finding at its cell",
    "收表并合并进主台账": "Merge what was sent into the primaries",
    "一直守着收件箱，来一份合一份": "Watch the inbox and merge what comes",
    "收表、冲突、退回、待写入一览": "Where everything stands",
    "列出冲突，或导出冲突清单": "List conflicts, or export them as a workbook",
    "裁定冲突": "Decide conflicts",
    "没有收进来或存疑的行和格子": "Rows and cells that were left out or are in doubt",
    "放行或驳回被拦下的成批删除": "Let held removals through, or refuse them",
    "最近的修订；一条记录谁改过": "The last revisions; who changed a record",
    "撤销一次合并（以新修订抵消）": "Undo a merge (by a new revision)",
    "重放日志，与主台账和原件核对": "Replay the journal and compare",
    "逐级汇总": "Figures for every unit below",
    "一个数字背后的每一行": "The rows behind a number",
    "定时任务": "Scheduled tasks",
    "表格函数及说明": "The worksheet functions and what they do",
    "安装或卸载表格插件": "Install or remove the spreadsheet plugin",
    "检查这台电脑上什么能用": "What works on this machine",
    # options of the program
    "社区台账同步：校验、合并、逐级汇总；Excel 工作簿始终是主台账。": (
        "Ledgers of communities: check, merge, roll up; the Excel workbooks stay the ledgers."
    ),
    "工作区文件夹": "Folder of the workspace",
    "语言": "Language",
    "只说要紧的": "Say only what matters",
    "多说一些": "Say more",
    "显示版本号": "Show the version",
    "输出一个 JSON 文档": "Write one JSON document",
    "文件有打开密码：按提示输入（或设环境变量 LEDGERSYNC_PASSWORD）": (
        "The file has a password: ask for it (or set LEDGERSYNC_PASSWORD)"
    ),
    # init, adopt, demo, template, issue
    "新建工作区：文件夹、ledgersync.toml 和四本空的主台账。": (
        "Make a workspace: its folders, ledgersync.toml and four empty primaries."
    ),
    "单位名称，如 幸福社区": "Name of the unit",
    "12 位统计用区划代码（街道 9 位、区县 6 位也可）": (
        "Statistical code of 12 digits (9 for a street, 6 for a county will do)"
    ),
    "单位是社区、街道还是区县": "What the unit is",
    "把现有工作簿（连同格式）收为某本台账的主台账。": (
        "Make an existing workbook, with its formats, the primary of a ledger."
    ),
    "建一个示例区（2 街道 6 社区，人物都是虚构的），从收表一直走到汇总。": (
        "Make a sample district (2 streets, 6 communities, nobody in it exists) and take it "
        "from the first files to the roll-up."
    ),
    "生成空白台账：表头、下拉列表、校验列、填表说明齐全，直接填写。": (
        "Write an empty ledger with headers, drop-downs, checks and instructions, to be filled in."
    ),
    "写到这个文件（默认：台账名.xlsx）": "File to write (default: the ledger's name.xlsx)",
    "带宏的 .xlsm（Windows 版 Excel）": "An .xlsm with macros (Excel on Windows)",
    "给人员发台账副本：issued/<姓名>/，不写台账名就是全部。": (
        "Write a person's copies to issued/<name>/; without a ledger, all of them."
    ),
    "发给谁": "Who gets them",
    # staff
    "人员：查看、加入、离岗交接、网格交接。": "Staff: list, add, hand over work or a grid.",
    "谁在这里工作，负责什么范围，手里有几份副本、几件在办的事；网格交接到哪一步。": (
        "Who works here, on what, with how many copies and open matters; where each hand-over "
        "of a grid stands."
    ),
    "加一个人；--grid 限定发给此人的台账范围。": (
        "Add a person; --grid limits what their copies show."
    ),
    "负责的网格，可写多次": "A grid in their care; may be repeated",
    "离岗交接：在办的事转给接手人，其副本作废；以往的记录仍署原名。": (
        "Somebody leaves: open matters pass on, their copies end, past entries keep their name."
    ),
    "由谁接手": "Who takes over",
    "转出一个网格；对方接收以前仍由原来的人负责。": (
        "Offer a grid to a colleague; until it is accepted nothing changes."
    ),
    "谁转出": "Who gives it",
    "谁接收": "Who takes it",
    "接收一个网格：范围、在管人员、在办问题和副本都随之改过来。": (
        "Accept a grid: scope, people in care, open issues and copies follow."
    ),
    "撤回还没有接收的网格交接。": "Take back an offer that was not accepted yet.",
    # read, map, check
    "看工作簿里读到了什么：表、表头行、记录、跳过的行及原因。": (
        "Show what is seen in workbooks: tables, header rows, records, rows passed over and why."
    ),
    "确认一次不认识的表头，本工作区以后都按此读取。": (
        "Say once what unknown headers mean; this workspace reads them so from then on."
    ),
    "采用全部建议，不逐条询问": "Take every proposal without asking",
    "直接指明，如 --set 救助对象=户主姓名；字段写“-”表示不属于台账": (
        "Say it here; a field of - means that the column is none of ours"
    ),
    "表头=字段": "HEADER=FIELD",
    "校验工作簿，问题定位到单元格。\n\n"
    "不写文件名时，校验工作区的全部主台账，并做跨台账核对。有错误或警告时退出码为 1。": (
        "Check workbooks; every finding at its cell.\n\n"
        "Without files: all primaries of the workspace, and the rules across ledgers. "
        "The exit code is 1 when there are errors or warnings."
    ),
    "另存标注副本：问题单元格着色并加批注；工作区里的文件存到其报表文件夹，别处的存在原文件旁边": (
        "Write an annotated copy (faulty cells coloured, with comments): of a file in a workspace "
        "into its reports, of another beside it"
    ),
    # merge, watch, status
    "收表并合并：收件箱里的（或指定的）工作簿合进主台账。\n\n"
    "这次发现读不了的文件：退出码 3。以前说过、一直没有换过的，只记一句，退出码 1。": (
        "Merge the workbooks of the inbox, or those named, into the primaries.\n\n"
        "The exit code is 3 for a file that turned out to be unreadable now, and 1 for one that "
        "was reported before and has not changed since."
    ),
    "这些文件是谁交的；不写文件时只合并此人的收件箱": (
        "Who sent these files; without files, merge this person's inbox only"
    ),
    "只看会怎样，不写任何东西": "Only show what would happen",
    "守着收件箱：来一份合一份；Ctrl-C 随时可停。": (
        "Watch the inbox and merge what comes; Ctrl-C stops it at any time."
    ),
    "只看一遍就结束，供定时任务用": "Look once and end, for schedulers",
    "秒": "SECONDS",
    "按秒轮询（网络共享会自动这样）": "Look every so many seconds (network shares: by itself)",
    "文件静止多少秒才收（测试用）": "How long a file rests before it is taken (for tests)",
    "收表、冲突、退回、拦下的删除、待写入、谁还没交。": (
        "Files that came, conflicts, returned cells, held removals, pending writes, who is missing."
    ),
    # conflicts, resolve, held, history, undo, verify
    "列出待裁定的冲突；个人信息已遮盖，冲突清单.xlsx 里是原样。": (
        "List open conflicts; personal data are masked here, and whole in 冲突清单.xlsx."
    ),
    "导出成带下拉的工作簿": "Export them as a workbook with drop-downs",
    "裁定冲突：按编号一条，或交回填好的冲突清单。": (
        "Decide one conflict by its number, or hand back the filled-in list."
    ),
    "ours 保留主台账，theirs 采用提交，base 恢复原值，或直接写一个值": (
        "ours keeps the primary, theirs takes the submission, base restores what was, or a value"
    ),
    "谁裁定的；不写就是当前登录用户": "Who decides; by default whoever is logged in",
    "没有收进来的、收了但存疑的行和格子；更正后自动消去，确认无误的用 dismiss。": (
        "Rows and cells that were left out, or taken with a doubt; they go once they are mended, "
        "and dismiss takes those away that may stay."
    ),
    "看过了，不用收（或收得对）：以后不再提醒。": "Looked at, and it may stay: not told again.",
    "成批删除被拦下后：release 放行，dismiss 驳回（记录留着）。": (
        "Removals that were held: release removes the records, dismiss keeps them."
    ),
    "一条记录的来龙去脉；不写记录号，列出最近的修订。\n\n"
    "可以写业务编号（如走访编号），或隐藏列 _LS_ID 里的记录号；修订号可用于 undo。": (
        "The story of a record; without one, the latest revisions.\n\n"
        "A record goes by its own number (as of a visit) or the id in the hidden column _LS_ID; "
        "undo takes the number of a revision."
    ),
    "不写记录号时，列最近多少次修订": "How many revisions to list when no record is given",
    "显示完整个人信息的理由（会记入日志）": "Why personal data are shown whole (it is journalled)",
    "撤销一次修订：写一次相反的修订；后来又改过的格子变成冲突。\n\n"
    "修订号见不带记录号的 history。已经撤销过的不再撤销，什么都不改。撤销带来新的冲突、\n"
    "或主台账暂时写不进去时，退出码为 1。": (
        "Undo a revision by one that takes it back; cells changed since become conflicts.\n\n"
        "For numbers see history without a record. What was undone already stays as it is. "
        "The exit code is 1 when there are new conflicts, or a primary cannot be written yet."
    ),
    "谁撤销的；不写就是当前登录用户": "Who undoes it; by default whoever is logged in",
    "还要逐条核对编号唯一、每步操作、计数、冲突、副本和印记": (
        "Also check unique keys, every operation, counts, conflicts, copies and stamps"
    ),
    "重放日志，与主台账和存档原件核对；主台账的手工修改先收进来，另行说明。\n\n"
    "主台账里有没有收进来或存疑的，退出码 1；有损坏或不一致，退出码 4。": (
        "Replay the journal and compare it with primaries and archived originals; edits by hand "
        "are taken in first, and said.\n\nThe exit code is 1 where something in a primary was "
        "left out or is in doubt, 4 where something is damaged or differs."
    ),
    # rollup, trace
    "逐级汇总：本单位和下级各单位的指标，并写出汇总表。\n\n"
    "没有 --level 所要的那一级单位时是用法错误。": (
        "The figures of this unit and of every unit below, and the summary workbooks.\n\n"
        "It is a usage error when there is no unit of the level that --level asks for."
    ),
    "2022-06、2022上半年、2022Q2、上月、近三个月 等": "2022-06, 2022Q2, 2022H1, 2022, last-month …",
    "只要这一级的数": "Only the figures of this level",
    "汇总表写到哪里": "Where the summary workbooks go",
    "计算引擎": "What computes",
    "exact 精确数；public 隐藏小于5的关爱类计数；默认按 ledgersync.toml": (
        "exact figures; public hides counts of people in care below 5; default: ledgersync.toml"
    ),
    "一个数字背后的每一行：哪个单位、哪个文件、哪张表、第几行。": (
        "The rows behind a number: unit, file, sheet and row."
    ),
    "单位代码或名称；不写即本单位及全部下级": (
        "Code or name of a unit; by default this one and all below"
    ),
    # schedule
    "定时任务：查看、执行到期的、登记到操作系统。": (
        "Scheduled tasks: list, run what is due, register with the operating system."
    ),
    "每个任务下次什么时候跑、上次跑得怎样。": "When each task runs next, and how it went last.",
    "执行到期的任务，每个一次；关机错过的会补上。": (
        "Run what is due, each once; what was missed while the machine was off is made up for."
    ),
    "登记到 Windows 任务计划、systemd 或 cron；不需要管理员权限。": (
        "Register with the Windows Task Scheduler, systemd or cron; no administrator is needed."
    ),
    "watch 服务，而不是定时任务": "The watch service instead of the scheduled tasks",
    "默认按这台电脑": "By default what this machine has",
    "只看会写什么": "Only show what would be written",
    "撤销登记，不留东西。": "Take the registration back; nothing stays.",
    # functions, addin, doctor
    "表格函数（LS_…）及说明。": "The worksheet functions (LS_…) and what they do.",
    "输出 docs/functions.md": "Write docs/functions.md",
    "表格插件：安装、卸载、查看；不需要管理员权限。": (
        "The spreadsheet plugin: install, uninstall, status; no administrator is needed."
    ),
    "安装或更新插件，并记下工作区、姓名和 Python 的位置。": (
        "Install or renew the plugin, and note the workspace, the name and where Python is."
    ),
    "哪个程序；不写为这台电脑上的全部": "Which program; by default all on this machine",
    "以谁的名义提交": "In whose name entries are sent",
    "卸载插件，不留下任何东西。": "Remove the plugin; nothing stays.",
    "插件装在哪里。": "Where the plugin is.",
    "检查这台电脑：Python、Excel、LibreOffice、字体、工作区。": (
        "Look at this machine: Python, Excel, LibreOffice, fonts, workspace."
    ),
    # what stands for a value
    "编号": "NUMBER",
    "网格": "GRID",
}
