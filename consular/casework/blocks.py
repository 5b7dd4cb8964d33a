"""Keeping places back for a while, with a reason and an end, and in the open: head of section and auditor see a list.

What is booked stays booked, and in the list of the day.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from consular.accounts.models import User
from consular.appointments import slots
from consular.appointments.changes import Block
from consular.appointments.models import Calendar
from consular.casework import steering
from consular.casework.verb import verb
from consular.core import clock
from consular.core.errors import Refused

LONGEST_REASON = 300


@dataclass(frozen=True)
class Wish:
    """Which time is to be blocked, how many places of each slot (None: all), why, and until when at most."""

    starts_at: datetime
    ends_at: datetime
    places: int | None
    reason: str
    until: datetime


@verb
def block(calendar_id: int, wish: Wish, *, actor: User) -> Block:
    """Give out no more places of this time until the block ends.

    Refused (422): no reason, a time that is over or ends before it begins, an end later than the rules of the service
    allow; (403) for whoever does not steer the calendar.
    """
    calendar = _locked(calendar_id, actor)
    now = clock.now()
    reason = " ".join(wish.reason.split())
    if not reason or len(reason) > LONGEST_REASON:
        raise _invalid("reason", _("Say why these places are blocked. Others read it."))
    if wish.ends_at <= max(wish.starts_at, now):
        raise _invalid("ends", _("The blocked time ends before it begins, or is over."))
    if not now < wish.until <= now + timedelta(days=settings.BLOCK_DAYS):
        raise _invalid("until", _("A block ends within %(days)s days.") % {"days": settings.BLOCK_DAYS})
    made = Block.objects.create(
        calendar=calendar,
        starts_at=wish.starts_at,
        ends_at=wish.ends_at,
        places=wish.places,
        reason=reason,
        made_at=now,
        made_by=actor,
        until=wish.until,
    )
    _write_anew(calendar)
    return made


@verb
def lift(block_id: int, *, actor: User) -> None:
    """End a block now; twice changes nothing. The places are given out again at once."""
    found = Block.objects.filter(pk=block_id).first()
    if found is None:
        raise Refused(_("There is no such block."), code="not_found", status=404)
    calendar = _locked(found.calendar_id, actor)
    lifted = Block.objects.filter(pk=block_id, lifted_at=None)
    if lifted.update(lifted_at=clock.now(), lifted_by=actor):
        _write_anew(calendar)


def _locked(calendar_id: int, actor: User) -> Calendar:
    rows = Calendar.objects.select_for_update(of=("self",)).select_related("mission")
    found = rows.filter(pk=calendar_id).first()
    if found is None:
        raise Refused(_("There is no such calendar."), code="not_found", status=404)
    steering.require_steerer(found.mission_id, actor)
    return found


def _write_anew(calendar: Calendar) -> None:
    slots.generate(calendar, steering.last_day(calendar, calendar.horizon_days, clock.now()))


def _invalid(field: str, sentence: object) -> Refused:
    return Refused(sentence, code="invalid", field=field, status=422)  # type: ignore[arg-type]
