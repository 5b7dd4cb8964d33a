"""Mission staff steer their calendars: look at what a change would do, make exactly that change, undo it.

Locked in this order: the calendars by their ids, who was displaced before, places, bookings. What the people concerned
are told, and what the history of their cases says, is written afterwards by jobs, one for each.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Max, QuerySet
from django.utils.translation import gettext_lazy as _

from consular.accounts.models import Role, User
from consular.appointments import displacing, outlooks, planning, proposing, slots
from consular.appointments.changes import Change, Displacement, Outcome, Subject
from consular.appointments.models import Calendar, Slot
from consular.appointments.planning import Plan
from consular.appointments.proposing import Proposal
from consular.casework.verb import verb
from consular.core import clock, jobs
from consular.core.errors import Refused
from consular.missions.postings import duties

STEERERS = frozenset({Role.SLOT_MANAGER, Role.HEAD_OF_SECTION})
"""Who changes calendars; every other officer of the mission may look."""

MARGIN = timedelta(days=7)
"""How far beyond the days one can book the slots are written."""


@dataclass(frozen=True)
class Preview:
    """What a proposal would do, and the mark by which it is known again when it is saved."""

    proposal: Proposal
    plans: tuple[Plan, ...]
    fingerprint: str
    is_change: bool

    @property
    def touched(self) -> int:
        """How many appointments could not stay."""
        return sum(len(plan.people) for plan in self.plans)

    @property
    def lasting(self) -> int:
        """How many keep their slots though their services would take another number of them."""
        return sum(len(plan.lasting) for plan in self.plans)


def preview(proposal: Proposal, *, actor: User) -> Preview:
    """What would happen, without anything happening. Refused (403) for all but those who may change it."""
    require_steerer(proposal.mission, actor)
    return _previewed(proposal, clock.now())


@verb
def change(proposal: Proposal, fingerprint: str, *, actor: User) -> Change:
    """Do what was previewed: write it and the slots anew, keep times for those who cannot stay, promise to tell them.

    Refused (409) with `changed` when it would not do any more what the preview said; then nothing has happened.
    """
    require_steerer(proposal.mission, actor)
    now = clock.now()
    which = proposing.calendars_of(proposal)
    calendars = list(
        Calendar.objects.select_for_update(of=("self",))
        .select_related("mission")
        .filter(pk__in=which)
        .order_by("pk")
    )
    waiting = list(_waiting(which).select_for_update(of=("self",)).order_by("pk"))
    seen = _previewed(proposal, now)
    if seen.fingerprint != fingerprint:
        raise Refused(
            _("Something has changed since the preview. Look at the new preview, and save again."),
            code="changed",
        )
    made = _write(seen, actor, now)
    for calendar, plan in zip(calendars, seen.plans, strict=True):
        _carry_out(calendar, plan, made, now)
    fits = frozenset().union(*(plan.fits for plan in seen.plans))
    for one in waiting:
        if one.booking_id in fits:
            displacing.settle(one, Outcome.STANDS, now=now)
            _promise_to_tell(one)
    return made


def undoing(change_id: int, *, actor: User) -> Proposal:
    """The proposal that undoes a change; Refused (409) when it was undone, or something was changed after it."""
    made = Change.objects.select_related("calendar").filter(pk=change_id).first()
    if made is None:
        raise Refused(_("There is no such change."), code="not_found", status=404)
    require_steerer(made.mission_id, actor)
    proposal = Proposal(Subject(made.subject), made.mission_id, made.calendar_id, made.before, made.pk)
    if Change.objects.filter(undoes=made).exists() or proposing.state_of(proposal) != made.after:
        raise Refused(
            _("This was undone already, or changed again afterwards. Undo the later change first."),
            code="changed",
        )
    return proposal


def displace_unnoticed(calendar: Calendar, until: date) -> int:
    """Tell those who are booked at times that are not open, and have not been told; the caller holds the calendar."""
    now = clock.now()
    found = displacing.unnoticed(calendar, until, now=now)
    for booking in found:
        for one in displacing.displace({booking: None}, calendar.pk, change=None, now=now):
            _promise_to_tell(one)
    displacing.tidy(calendar, now=now)
    return len(found)


def require_steerer(mission: int, actor: User) -> None:
    """Refused (403) for whoever may not change the calendars of a mission."""
    held = duties(actor)
    if not any(held.has(role, mission) for role in STEERERS):
        raise Refused(
            _("Only a slot manager or a head of section of the mission can do this."),
            code="forbidden",
            status=403,
        )


def _waiting(calendars: Sequence[int]) -> QuerySet[Displacement]:
    return Displacement.objects.filter(settled_at=None, booking__place__slot__calendar__in=calendars)


def _previewed(proposal: Proposal, now: datetime) -> Preview:
    before = proposing.state_of(proposal)
    plans = tuple(_plan(proposal, pk, now) for pk in proposing.calendars_of(proposal))
    essence: list[object] = [proposal.subject, proposal.calendar, proposal.mission, before, proposal.state]
    essence += [plan.essence for plan in plans]
    return Preview(proposal, plans, _mark(essence), is_change=before != proposal.state)


def _mark(essence: list[object]) -> str:
    return hashlib.sha256(json.dumps(essence).encode()).hexdigest()


def _plan(proposal: Proposal, pk: int, now: datetime) -> Plan:
    calendar = Calendar.objects.select_related("mission").get(pk=pk)
    first = now.astimezone(outlooks.zone_of(calendar)).date()
    horizon = proposal.state["horizon_days"] if proposal.subject == Subject.SETUP else calendar.horizon_days
    last = last_day(calendar, horizon, now)
    before = outlooks.of(calendar, first, max(last, first + planning.WEEKS * 7 * outlooks.DAY))
    after = proposing.outlook(proposal, before, first, max(last, first + planning.WEEKS * 7 * outlooks.DAY))
    return planning.compare(before, after, last=last, now=now)


def last_day(calendar: Calendar, horizon: int, now: datetime) -> date:
    """Up to which local day slots are written: as far as one can book, and as far as there are any already."""
    zone = outlooks.zone_of(calendar)
    far = now.astimezone(zone).date() + timedelta(days=max(horizon, calendar.horizon_days)) + MARGIN
    latest = Slot.objects.filter(calendar=calendar).aggregate(latest=Max("starts_at"))["latest"]
    return max(far, latest.astimezone(zone).date()) if latest else far


def _write(seen: Preview, actor: User, now: datetime) -> Change:
    proposal = seen.proposal
    before = proposing.state_of(proposal)
    proposing.write(proposal)
    return Change.objects.create(
        mission_id=proposal.mission,
        calendar_id=proposal.calendar,
        subject=proposal.subject,
        before=before,
        after=proposing.state_of(proposal),
        made_at=now,
        made_by=actor,
        undoes_id=proposal.undoes,
    )


def _carry_out(calendar: Calendar, plan: Plan, made: Change, now: datetime) -> None:
    until = last_day(calendar, calendar.horizon_days, now)
    fresh = Calendar.objects.select_related("mission").get(pk=calendar.pk)
    slots.generate(fresh, max(until, last_day(fresh, fresh.horizon_days, now)))
    there = set(Displacement.objects.filter(settled_at=None).values_list("booking", flat=True))
    offers = {one.booked.id: one.offer for one in plan.touched if one.booked.id not in there}
    for group in planning.together([one.booked for one in plan.touched if one.booked.id in offers]):
        wanted = {one.id: offers[one.id] for one in group}
        for found in displacing.displace(wanted, calendar.pk, change=made, now=now):
            _promise_to_tell(found)
    displace_unnoticed(fresh, until)


def _promise_to_tell(one: Displacement) -> None:
    key = f"casework.tell_displaced:{one.pk}:{one.outcome}"
    jobs.promise("casework.tell_displaced", key=key, payload={"displacement": one.pk})
