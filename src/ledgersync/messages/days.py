"""Days as people read them, in both languages."""

from datetime import date

from ledgersync.messages import Message, literal, message

_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def month_and_day(day: date) -> Message:
    """`11月22日`, “22 Nov”."""
    month = literal(str(day.month), _MONTHS[day.month - 1])
    return message("{month}月{day}日", month=month, day=day.day)
