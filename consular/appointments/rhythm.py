"""On which days the rules of a calendar hold, and between which times: pure, in local days and times.

Where rules overlap on a day, the more particular one counts: one day before the n-th weekday of a month before every n
weeks before every week. On a day with hours of its own nothing else holds.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from consular.appointments.opening import Span, moment, spans

LAST = -1
"""`nth` of a rule for the last such weekday of a month."""

_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Rule:
    """What an opening rule says; see `consular.appointments.hours.OpeningRule`."""

    weekday: int
    opens_at: time
    closes_at: time
    valid_from: date
    capacity: int = 1
    internal: int = 0
    every: int = 1
    nth: int | None = None
    on_day: date | None = None
    pause_from: time | None = None
    pause_to: time | None = None
    valid_to: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether the rule speaks of this day."""
        if self.on_day is not None:
            return day == self.on_day
        return (
            self.weekday == day.weekday()
            and self.valid_from <= day
            and (self.valid_to is None or day < self.valid_to)
            and _in_its_week(self, day)
            and (self.nth is None or _is_nth(self.nth, day))
        )

    @property
    def times(self) -> tuple[tuple[time, time], ...]:
        """When it is open, without the pause."""
        if self.pause_from is None or self.pause_to is None:
            return ((self.opens_at, self.closes_at),)
        return ((self.opens_at, self.pause_from), (self.pause_to, self.closes_at))

    @property
    def rank(self) -> int:
        """How particular it is: the lowest counts first."""
        return 0 if self.on_day else 1 if self.nth else 2 if self.every > 1 else 3


@dataclass(frozen=True)
class Window:
    """A time in which so many people can be served at once, `internal` of them booked by staff; UTC."""

    starts_at: datetime
    ends_at: datetime
    capacity: int
    internal: int


def rules_of(day: date, rules: Iterable[Rule]) -> list[Rule]:
    """The rules that hold on a day, the most particular first."""
    found = [rule for rule in rules if rule.holds_on(day)]
    alone = [rule for rule in found if rule.on_day is not None]
    return sorted(alone or found, key=lambda rule: (rule.rank, rule.opens_at))


def windows(day: date, rules: Iterable[Rule], zone: ZoneInfo) -> Iterator[Window]:
    """The open times of a day; two overlap only where a more particular rule lies over another one."""
    for rule in rules_of(day, rules):
        for opens, closes in rule.times:
            start, end = moment(day, opens, zone), moment(day, closes, zone)
            if start < end:
                yield Window(start, end, rule.capacity, min(rule.internal, rule.capacity))


def day_spans(day: date, rules: Iterable[Rule], length: timedelta, zone: ZoneInfo) -> list[tuple[Span, Rule]]:
    """The slots the rules want on a day, in order; what overlaps one of a more particular rule is left out."""
    found: list[tuple[Span, Rule]] = []
    for rule in rules_of(day, rules):
        above = [span for span, other in found if other.rank < rule.rank]
        for opens, closes in rule.times:
            found += [
                (span, rule) for span in spans(day, opens, closes, length, zone) if not _meets(span, above)
            ]
    return sorted(found, key=lambda row: row[0].starts_at)


def _meets(span: Span, others: list[Span]) -> bool:
    return any(span.starts_at < other.ends_at and other.starts_at < span.ends_at for other in others)


def _in_its_week(rule: Rule, day: date) -> bool:
    """Whether a day lies in a week of the rhythm: the first is that of `valid_from`."""
    weeks = (_monday(day) - _monday(rule.valid_from)) // _WEEK
    return weeks % rule.every == 0


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _is_nth(nth: int, day: date) -> bool:
    if nth == LAST:
        return (day + _WEEK).month != day.month
    return (day.day - 1) // 7 + 1 == nth
