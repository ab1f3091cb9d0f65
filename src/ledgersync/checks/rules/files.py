"""Files of the inbox that were not taken in."""

from ledgersync.checks.rules.rule import Group, Rule
from ledgersync.messages import message

GROUP = Group(
    "文件",
    intro=(
        "合并时看收件箱里的每一个文件：是不是工作簿，由内容定，不由名字定。收不进来的，`"
        "merge` 和 `status` 点名并说怎么办；程序自己的文件（`~$…`、"
        "`.DS_Store`、正在传的 `.tmp` 等）不提。"
    ),
    rules=(
        Rule.of(
            "file.name",
            "e",
            message("文件名像临时文件或备份"),
            meaning="名字像程序的临时文件或自动备份：没有收。放了一小时以上的临时文件才提。",
            example="`台账.xlsx.crdownload`、`台账.xlsx.bak`",
            source="–",
        ),
        Rule.of(
            "file.format",
            "e",
            message("不是工作簿"),
            meaning=(
                "不是工作簿：苹果 Numbers、压缩包（列出里面的工作簿）、PDF、文档、图片、网"
                "页存档（MHTML）、快捷方式。"
            ),
            example="`走访.zip`、`名册.numbers`",
            source="–",
        ),
        Rule.of(
            "file.unread",
            "ew",
            message("文件没有收进来"),
            meaning=(
                "错误：文件坏了、加了密，或里面没有认出台账。警告：有改动的工作簿放在收件箱"
                "以外（副本改了还没交，退回件改在原处，同步冲突副本）。"
            ),
            example="`issued/王芳/走访台账.xlsx` 存过没交",
            source="–",
        ),
        Rule.of(
            "stamp.foreign",
            "e",
            message("别的单位的工作簿"),
            meaning=(
                "文件里的印记写明是别的单位的：没有收，原件已存档，请交还给对方。"
                "`check` 在本单位的工作区里校验这样的文件时也会说。"
            ),
            example="光明社区的副本放进了幸福社区的收件箱",
            source="–",
        ),
    ),
)
