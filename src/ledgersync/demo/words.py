"""Names, roads and counties that synthetic people are made of. Nobody here exists."""


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


SURNAMES = tuple(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
    "姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
DOUBLE_SURNAMES = _words("欧阳 上官 诸葛 司马 司徒 夏侯 皇甫 尉迟")
MALE_GIVEN = _words("""
    建国 志强 伟 军 国庆 永福 德胜 明 学文 建华 勇 俊杰 浩然 志远 家俊 子轩 宇航 长根 福生 玉柱
    卫东 海涛 晓峰 立新 振华 根宝 春生 兴旺 大勇 金山 广平 天佑 鹏飞 文博 一鸣 景行 喆 㟃 煜 𬭎 䶮
""")
FEMALE_GIVEN = _words("""
    秀英 桂兰 玉珍 凤英 淑华 丽 敏 静 红梅 春燕 素芬 美华 雪梅 海燕 小红 婷婷 雨欣 梓涵 诗琪 欣怡
    月娥 金花 招娣 巧云 惠芳 爱珍 翠萍 彩霞 晓燕 玉兰 佳怡 思雨 若曦 兰芝 娟 芳 燕 瑾 婧 堃
""")
# Names of minorities, with the middle dot that ledgers so often lose.
DOTTED_NAMES = _words("""
    迪力夏提·艾山 阿依古丽·买买提 吉克·阿果 古丽娜尔·吐尔逊 扎西·多吉
    阿卜杜拉·热合曼 沙马·拉且 帕提古丽·依明
""")
ROADS = _words("""
    解放路 人民路 新华路 建设路 文化路 滨河路 和平路 光明路 青年路 中山路 朝阳街 幸福路 复兴路
""")
ESTATES = _words("""
    锦绣花园 阳光新村 翠湖苑 桃源小区 金桂苑 丽景家园 纺织宿舍 安居苑 梅园新村 东方雅居
""")
# County codes of the GB/T 2260 kind; a resident is mostly from the community's own.
COUNTIES = _words("""
    320213 330106 360702 410105 500113 520221 371302 320602 420106 510107 430104 350203 610113
""")
MOBILE_PREFIXES = _words("""
    130 131 132 133 135 136 137 138 139 150 151 152 155 158 159 177 178 180 181 185 186 187 188 199
""")
