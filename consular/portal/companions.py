"""Who comes along to an appointment: the other applications of the same account, and the times at which all fit."""

from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from django.http import HttpRequest

from consular import casework
from consular.appointments import adjoining, calendars, slots, together
from consular.appointments.adjoining import Wish as Wish
from consular.appointments.distribution import Mode
from consular.appointments.models import Booking, Calendar
from consular.cases.models import Case
from consular.core import clock, references

FIELD = "with"
"""The name under which the references of the others stand in an address or a form."""


@dataclass(frozen=True)
class Companions:
    """Who may come along, and who of them does."""

    possible: tuple[Case, ...] = ()
    chosen: tuple[Case, ...] = ()

    @property
    def people(self) -> int:
        """How many come, with the person whose page it is."""
        return len(self.chosen) + 1

    @property
    def query(self) -> str:
        """What keeps the choice in an address."""
        return "&" + urlencode([(FIELD, one.reference) for one in self.chosen]) if self.chosen else ""


def of(request: HttpRequest, case: Case, calendar: Calendar | None) -> Companions:
    """The choice that an address or a form makes; of references that are nobody's it knows nothing."""
    if calendar is None or calendar.most_people < 2:
        return Companions()
    possible = tuple(casework.who_may_come_along(case, request.user, clock.now()))
    given = request.POST if request.method == "POST" else request.GET
    wanted = {references.tidy(text) for text in given.getlist(FIELD)}
    chosen = [one for one in possible if one.reference in wanted]
    return Companions(possible, tuple(chosen[: calendar.most_people - 1]))


def is_by_list(case: Case) -> bool:
    """Whether the mission gives out places along a list or by a draw only."""
    calendar = calendars.of(case.mission, case.service)
    return calendar is not None and calendar.mode != Mode.DIRECT


def names(mine: Booking | None) -> list[str]:
    """Who comes together by an appointment, by name; empty for one person."""
    if mine is None or mine.people == 1:
        return []
    coming = together.members(mine.party, now=clock.now())
    return [one.case.applicant_name for one in coming if one.case is not None]


def days(
    calendar: Calendar, wish: Wish, now: datetime, *, before_others: bool = False
) -> tuple[slots.FreeDay, ...]:
    """The days on which so many people find places side by side, each with how many times there are."""
    return adjoining.days(calendar, wish.people, wish.slots_each, now=now, before_others=before_others)


def times(
    calendar: Calendar, day: date, wish: Wish, now: datetime, *, before_others: bool = False
) -> tuple[slots.FreeSlot, ...]:
    """The times of a day from which so many people find places side by side."""
    return adjoining.times(calendar, (day, day), wish, now=now, before_others=before_others)


def hold(request: HttpRequest, case: Case, slot_id: int) -> None:
    """Hold a time for all of the posted applications."""
    chosen = of(request, case, calendars.of(case.mission, case.service)).chosen
    casework.hold_together([case.pk, *(one.pk for one in chosen)], slot_id, actor=request.user)
