"""Months, of an address and of a moment on the desk's clock. What was published in one is the views' to ask."""

from datetime import date, datetime, timedelta

from django.utils.timezone import localtime, make_aware


class MonthConverter:
    """`2026/03` in an address is that month's first day."""

    regex = "[12][0-9]{3}/(?:0[1-9]|1[0-2])"

    def to_python(self, value: str) -> date:
        year, month = map(int, value.split("/"))
        return date(year, month, 1)

    def to_url(self, start: date) -> str:
        return f"{start:%Y/%m}"


def month_of(at: datetime) -> date:
    """The first day of the month of `at`."""
    return localtime(at).date().replace(day=1)


def ends(start: date) -> tuple[datetime, datetime]:
    """When the month that begins on `start` begins, and when the next one does."""
    following = (start + timedelta(days=31)).replace(day=1)
    first, last = (make_aware(datetime(day.year, day.month, 1)) for day in (start, following))  # noqa: DTZ001
    return first, last
