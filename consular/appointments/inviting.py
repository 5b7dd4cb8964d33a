"""Keeping places for one case, giving one of them to it, and letting the others go. The caller has locked the case."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from consular.accounts.models import User
from consular.appointments import booking, calendars, sql, together, together_sql
from consular.appointments.invitations import Ended, Invitation
from consular.appointments.models import Booking, Place, Slot, State
from consular.appointments.together import Comer, Group
from consular.cases.models import Case
from consular.core.errors import Refused
from consular.core.prepared import exchanged, first_row, run

MOST = 3
LONGEST = timedelta(days=7)

_STANDS = (
    "SELECT id FROM appointments_invitation WHERE case_id = %(case)s AND outcome = '' AND until > %(now)s"
)

# An internal place first: those for the public stay for the public.
_KEEP = """
WITH free AS (
    SELECT p.id FROM appointments_place p
    JOIN appointments_slot s ON s.id = p.slot_id
    JOIN appointments_calendar c ON c.id = s.calendar_id
    WHERE s.id = %(slot)s AND s.starts_at > %(now)s AND p.number <= s.capacity AND p.free_from <= %(now)s
      AND p.staff_from <= %(now)s AND (p.opens_at IS NULL OR p.opens_at <= %(now)s)
      AND c.mission_id = %(mission)s AND %(service)s = ANY (c.services)
    ORDER BY p.opens_at IS NOT NULL, p.number LIMIT 1
    FOR NO KEY UPDATE OF p SKIP LOCKED
)
UPDATE appointments_place p SET free_from = %(until)s FROM free WHERE p.id = free.id RETURNING p.id
"""

_RELEASE = """
WITH kept AS (
    SELECT p.id FROM appointments_place p JOIN appointments_invitation_places i ON i.place_id = p.id
    WHERE i.invitation_id = %(invitation)s AND p.free_from = %(until)s FOR NO KEY UPDATE OF p SKIP LOCKED
)
UPDATE appointments_place p SET free_from = %(now)s FROM kept WHERE p.id = kept.id
"""


# What is kept, before what the mission may give out: a service may take longer now than when the time was kept.
_KEPT = f"""
    s.starts_at > %(now)s AND p.number <= s.capacity
    AND (p.id = ANY(%(kept)s::bigint[]) AND p.free_from = %(kept_until)s OR {sql.FREE_FOR_STAFF})
    AND EXISTS (
        SELECT FROM cases_case k
        WHERE k.id = ANY(%(cases)s::bigint[]) AND k.mission_id = c.mission_id AND k.service = ANY (c.services))
"""

_HOLD_KEPT = exchanged(
    together_sql.holding(_KEPT),
    ("ORDER BY p.free_from", "ORDER BY (p.id = ANY(%(kept)s::bigint[])) IS NOT TRUE, p.free_from"),
)


@dataclass(frozen=True)
class Kept:
    """One of the kept times: the place with which it begins, and when it ends."""

    place: Place
    ends_at: datetime

    @property
    def slot(self) -> Slot:
        """The slot with which it begins."""
        return self.place.slot


def keep(case: Case, slots: Sequence[int], *, until: datetime, by: User, now: datetime) -> Invitation:
    """Keep a place from each of these slots on for a case, as long as its service takes; what was offered before is let
    go.

    Refused (409) `gone` when one has no place any more; (422) for none or too many.
    """
    wanted = sorted(set(slots))
    starts = Slot.objects.filter(pk__in=wanted).order_by("starts_at").values_list("starts_at", flat=True)
    if not 1 <= len(wanted) <= MOST or not starts:
        raise Refused(_("Choose one to three times."), code="invalid", field="slots", status=422)
    end(current(case.pk), Ended.REPLACED, now=now)
    until = min(until, now + LONGEST, starts[0])
    mine = {"mission": case.mission_id, "service": case.service, "until": until, "now": now}
    slots_each = _length(case, wanted[0], now)
    kept = [
        first_row(_KEEP, {**mine, "slot": slot}) for one in wanted for slot in _following(one, slots_each)
    ]
    if until <= now or None in kept:
        raise Refused(_("One of these times has no free place any more."), code="gone", field="slots")
    made = Invitation.objects.create(case=case, made_by=by, made_at=now, until=until, slots_each=slots_each)
    made.places.set([row[0] for row in kept if row])
    return made


def current(case_id: int) -> Invitation | None:
    """What was offered to a case and not answered, whether its time is over or not."""
    return Invitation.objects.select_for_update().filter(case=case_id, outcome="").first()


def standing(case_id: int, now: datetime) -> Invitation | None:
    """What a case can take now."""
    return Invitation.objects.filter(case=case_id, outcome="", until__gt=now).first()


def stands(case_id: int, now: datetime) -> bool:
    """Whether a case can take one of the times that were offered to it."""
    return first_row(_STANDS, {"case": case_id, "now": now}) is not None


def times(invitation: Invitation) -> list[Kept]:
    """The kept times, earliest first."""
    left = list(invitation.places.select_related("slot__calendar").order_by("slot__starts_at", "pk"))
    found = []
    while left:
        first = last = left.pop(0)
        for _further in range(invitation.slots_each - 1):
            last = next((one for one in left if one.slot.starts_at == last.slot.ends_at), last)
            if last in left:
                left.remove(last)
        found.append(Kept(first, last.slot.ends_at))
    return found


def take(invitation: Invitation, slot: int, *, owner: User, identity: bytes, now: datetime) -> Booking:
    """The appointment at one of the kept times; the others are let go. Refused (409) `gone` when it is none of them.

    It is never shorter than what was kept. Where the service takes longer by now, it is as long as that if the time
    after it is free for the mission, and otherwise as long as was promised.
    """
    kept_at(invitation, slot, now=now)
    needed = calendars.slots_from(slot, [invitation.case.service])
    values = {"kept": kept_places(invitation), "kept_until": invitation.until, "until": now + booking.HOLD}
    for slots_each in sorted({invitation.slots_each, max(needed, invitation.slots_each)}, reverse=True):
        group = Group(owner, [Comer(invitation.case_id, identity)], slots_each)
        held = together.place(_HOLD_KEPT, slot, group, now=now, **values)
        if held:
            done = booking.confirm(held[0].reference, now=now)
            end(invitation, Ended.TAKEN, now=now)
            return done
    raise not_kept()


def kept_at(invitation: Invitation, slot: int, *, now: datetime) -> Place:
    """The place with which one of the kept times begins; Refused (409) `gone` when it is none of them."""
    found = next((one.place for one in times(invitation) if one.place.slot_id == slot), None)
    if found is None or invitation.until <= now:
        raise not_kept()
    return found


def kept_places(invitation: Invitation) -> list[int]:
    """All places that are kept, whatever time they belong to."""
    return list(invitation.places.order_by("pk").values_list("pk", flat=True))


def not_kept() -> Refused:
    """What is said when nothing is kept any more."""
    return Refused(_("This time is not kept for you any more."), code="gone", field="slot")


def _length(case: Case, slot: int, now: datetime) -> int:
    """How many slots are kept: as many as the case's appointment has, which moves there, or as its service takes."""
    mine = booking.current(case.pk, now=now)
    if mine is not None and mine.state == State.CONFIRMED:
        return mine.slots_each
    return calendars.slots_from(slot, [case.service])


def _following(slot: int, slots_each: int) -> list[int]:
    """A slot and those that follow it without a gap, so many in all; one that is not there is named 0."""
    found = [slot]
    while len(found) < slots_each:
        before = Slot.objects.filter(pk=found[-1]).values("calendar", "ends_at").first()
        after = (
            before
            and Slot.objects.filter(
                calendar=before["calendar"], starts_at=before["ends_at"], capacity__gt=0
            ).first()
        )
        found.append(after.pk if after else 0)
    return found


def end(invitation: Invitation | None, outcome: Ended, *, now: datetime) -> None:
    """It is answered: what is still kept is free again; a place that somebody has locked is so by itself later."""
    if invitation is None:
        return
    is_over = invitation.until <= now
    if not is_over:
        run(_RELEASE, {"invitation": invitation.pk, "until": invitation.until, "now": now})
    invitation.outcome = Ended.LAPSED if is_over else outcome
    invitation.save(update_fields=["outcome"])
