"""The sample district: two streets with three communities each. No such place exists."""

from ledgersync.workspace import Unit

DISTRICT = Unit(code="360797", name="示范区", level="district")
STREETS = (
    Unit(code="360797001", name="清河街道", level="street", parent="360797"),
    Unit(code="360797002", name="松林街道", level="street", parent="360797"),
)
_COMMUNITIES = (
    ("360797001001", "清河桥社区", 620),
    ("360797001002", "柳荫社区", 480),
    ("360797001003", "北塘社区", 540),
    ("360797002001", "松林社区", 700),
    ("360797002002", "石榴园社区", 430),
    ("360797002003", "南山社区", 510),
)
COMMUNITIES = tuple(
    Unit(
        code=code,
        name=name,
        level="community",
        parent=code[:9],
        households=homes,
        residents=round(homes * 2.4),
    )
    for code, name, homes in _COMMUNITIES
)
LATE = "360797002003"  # has sent nothing yet: the roll-up must name it, never count it as zero
