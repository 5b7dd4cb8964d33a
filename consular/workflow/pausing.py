"""Clocks that stand still in some phases of the case, and go on afterwards with the time that was left.

Where a process names no such phase no clock stops: the 15 and 45 days of Visa Code art. 23 run on while the
applicant is asked for more.
"""

from datetime import UTC, date, datetime, timedelta

from consular.workflow import days
from consular.workflow.days import Clock
from consular.workflow.state import Held, Token, Waits
from consular.workflow.timing import Ends, Timing

_DAY = timedelta(days=1)


def turned(token: Token, timing: Timing, phase: str, clock: Clock) -> Token:
    """The token with its clock stopped or started as the phase wants it; the same one when nothing changes.

    A clock that has run out is never stopped: what is late stays late, and its timer still fires. A timer that stands
    still has no due moment, so that nothing can fire it; a task keeps the old one as its place in the queue.
    """
    stands = phase in timing.pauses
    if token.held is None and token.due is not None and stands and token.due > clock.now:
        held = Held(clock.now.astimezone(UTC), token.due)
        return token._replace(held=held, due=None if token.kind is Waits.TIMER else token.due)
    if token.held is not None and not stands:
        return token._replace(held=None, due=resumed(timing, token.held, clock))
    return token


def resumed(timing: Timing, held: Held, clock: Clock) -> datetime:
    """When it is due now that a stopped clock goes on; never earlier than before.

    At its moment: later by the time it stood still. Where it ends with a day: by as many days; of the day on which it
    stopped and that on which it goes on only one counts. In working days: those that were left are counted anew.
    """
    stood = clock.now.astimezone(UTC) - held.since
    if stood <= timedelta():  # somebody set the clock back
        return held.due
    try:
        if timing.ends is not Ends.MOMENT:
            return max(held.due, _end_of_days(timing, held, clock))
        if timing.working:
            return max(held.due, _working_time(held, clock))
        return held.due + stood
    except (
        ValueError,
        OverflowError,
    ):  # nobody works there any more, or the calendar ends: days are days again
        return held.due + min(stood, datetime.max.replace(tzinfo=UTC) - held.due)


def _end_of_days(timing: Timing, held: Held, clock: Clock) -> datetime:
    stopped, today = clock.local(held.since).date(), clock.now.date()
    last = days.last_day(held.due, clock.zone)
    if timing.working and _is_near(stopped, last):
        left = days.working_between(stopped, last, clock)
        last = days.working_after(today, left, clock) if left else days.working_from(today, clock)
    else:
        last += today - stopped
    if timing.ends is Ends.WORKING_DAY:
        last = days.working_from(last, clock)
    return days.end_of(last, clock.zone)


def _working_time(held: Held, clock: Clock) -> datetime:
    """The time left on working days alone, each of which has 24 hours: closed days are cut out of it."""
    (first, since), (last, due) = _at_work(held.since, clock), _at_work(held.due, clock)
    if not _is_near(first, last):
        return held.due + (clock.now.astimezone(UTC) - held.since)
    today, now = _at_work(clock.now, clock)
    whole, rest = divmod(now + due - since, _DAY)
    left = days.working_between(first, last, clock) + whole
    return days.put(days.working_after(today, left, clock), rest, clock.zone)


def _at_work(moment: datetime, clock: Clock) -> tuple[date, timedelta]:
    """Where a moment lies on working days: the day and the time on it; a closed day is the start of the next one."""
    local = clock.local(moment)
    day = days.working_from(local.date(), clock)
    if day != local.date():
        return day, timedelta()
    return day, days.shown(local)


def _is_near(first: date, last: date) -> bool:
    """Whether working days between two days can be counted at all; a moment far away is moved by plain days."""
    return (last - first).days < 2 * days.MOST_WORKING_DAYS
