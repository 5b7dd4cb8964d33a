"""What a mission gives out by hand: times offered to one case, and emergencies that an officer looks at.

Locked in this order: the case, the invitation, the place, the booking, the process.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from consular.accounts import throttle
from consular.accounts.models import User
from consular.accounts.throttle import Limit
from consular.appointments import booking, inviting
from consular.appointments.invitations import Emergency, Ended, Invitation, Verdict
from consular.appointments.models import Booking, State
from consular.cases.models import Audience, Case
from consular.casework import appointments, correspondence, record
from consular.casework.verb import verb
from consular.core import clock
from consular.core.errors import Refused
from consular.missions.postings import duties
from consular.notifications import outbox

MOST_DAYS = inviting.LONGEST.days
EMERGENCIES = Limit("emergencies of an identity", 3, timedelta(days=30))


@verb
def offer_times(reference: str, slots: Sequence[int], days: int, *, actor: User) -> Invitation:
    """Keep one to three times for a case, for some days; an emergency that was asked for is answered by it.

    Internal places and times without notice, too. Refused (404) for applicants; (409) `gone`, `not_now`, `together`.
    """
    now = clock.now()
    case = _of_official(reference, actor)
    appointments.require_open(case)
    _require_alone(booking.current(case.pk, now=now))
    until = now + timedelta(days=min(max(days, 1), MOST_DAYS))
    made = inviting.keep(case, slots, until=until, by=actor, now=now)
    _answer(case, Verdict.GIVEN, actor, now)
    record.event(
        case, "times_offered", actor=actor, at=now, until=made.until.isoformat(), times=len(set(slots))
    )
    if case.owner is not None:
        outbox.promise("times_offered", to=case.owner, case=case, key=f"times_offered:{made.pk}")
    return made


@verb
def take_time(case_id: int, slot_id: int, *, actor: User) -> Booking:
    """Take one of the times that are kept for a case; an appointment moves to it. Refused (409) `gone`."""
    return taken(appointments.locked(actor, pk=case_id), slot_id, actor=actor)


@verb
def decline_times(case_id: int, *, actor: User) -> None:
    """None of the times is suitable: they are let go. Twice changes nothing."""
    declined(appointments.locked(actor, pk=case_id), actor=actor)


@verb
def ask_emergency(case_id: int, reason: str, *, actor: User) -> Emergency:
    """Ask for an appointment that cannot wait, with a reason that an officer reads.

    Refused (409) `already_asked` while a request of the same person is open; (429) after three in thirty days.
    """
    now = clock.now()
    case = appointments.locked(actor, pk=case_id)
    appointments.require_open(case)
    who, text = appointments.identity_of(case.answers.data), correspondence.tidy(reason)
    stale = Emergency.objects.filter(identity=who, verdict="").exclude(case__phase__in=appointments.BOOKABLE)
    stale.update(verdict=Verdict.ENDED, answered_at=now)
    try:
        with transaction.atomic():
            made = Emergency.objects.create(case=case, identity=who, reason=text, asked_at=now)
    except IntegrityError:
        sentence = _("You have asked already. An officer will look at it and write to you.")
        raise Refused(sentence, code="already_asked") from None
    throttle.require([(EMERGENCIES, who.hex())])
    record.event(case, "emergency_asked", actor=actor, at=now)
    return made


@verb
def refuse_emergency(reference: str, reason: str, *, actor: User) -> None:
    """Say no, and why: the person reads it as a message. Refused (409) `answered` when a colleague was faster."""
    now = clock.now()
    case = _of_official(reference, actor)
    if not _answer(case, Verdict.REFUSED, actor, now):
        raise Refused(_("A colleague has answered this request already."), code="answered")
    correspondence.send(case, reason, audience=Audience.APPLICANT, actor=actor)
    record.event(case, "emergency_refused", actor=actor, at=now)


def taken(case: Case, slot_id: int, *, actor: User, by_link: bool = False) -> Booking:
    """Take one of the times that are kept for a case, which is locked."""
    now = clock.now()
    appointments.require_open(case)
    made = _standing(case)
    before = booking.current(case.pk, now=now)
    _require_alone(before)
    if before is not None and before.state == State.CONFIRMED:
        done = _moved(before, made, slot_id, now)
        if done.changed_at == now:
            appointments.recorded("appointment_moved", case, done, actor, now, by_link=by_link)
            appointments.promise("appointment_moved", case, done, actor)
        return done
    if before is not None:
        booking.cancel(before.reference, now=now)
    who = appointments.identity_of(case.answers.data)
    owner = appointments.owner_of(case, actor)
    done = inviting.take(made, slot_id, owner=owner, identity=who, now=now)
    appointments.booked(case, done, actor, now, by_link=by_link)
    return done


def declined(case: Case, *, actor: User, by_link: bool = False) -> None:
    """Let the times go that are kept for a case, which is locked."""
    now = clock.now()
    made = inviting.current(case.pk)
    if made is not None:
        inviting.end(made, Ended.DECLINED, now=now)
        more: dict[str, Any] = {"by_link": True} if by_link else {}
        record.event(case, "times_declined", actor=actor, at=now, **more)


def emergencies(actor: User) -> QuerySet[Emergency]:
    """The open requests that this officer can answer, the oldest first."""
    mine = duties(actor).missions_with(appointments.BOOKERS)
    found = Emergency.objects.filter(
        verdict="", case__mission__in=mine, case__phase__in=appointments.BOOKABLE
    )
    return found.select_related("case__mission").order_by("asked_at", "pk")


def emergency_of(case: Case) -> Emergency | None:
    """The last request of a case."""
    return Emergency.objects.filter(case=case).order_by("-pk").first()


def _moved(before: Booking, made: Invitation, slot_id: int, now: datetime) -> Booking:
    place = inviting.kept_at(made, slot_id, now=now)
    kept = [place.pk] if before.slots_each == 1 else inviting.kept_places(made)
    done = booking.move_displaced(before.reference, slot_id, kept=kept, now=now)
    inviting.end(made, Ended.TAKEN, now=now)
    return done


def _standing(case: Case) -> Invitation:
    made = inviting.current(case.pk)
    if made is None or made.until <= clock.now():
        raise inviting.not_kept()
    return made


def _answer(case: Case, verdict: Verdict, actor: User, now: datetime) -> bool:
    asked = Emergency.objects.filter(case=case, verdict="")
    return asked.update(verdict=verdict, answered_by=actor, answered_at=now) > 0


def _of_official(reference: str, actor: User) -> Case:
    if not actor.is_official:
        raise Refused(_("There is no such case."), code="not_found", status=404)
    return appointments.locked(actor, reference=reference)


def _require_alone(before: Booking | None) -> None:
    """Whoever is booked together comes together."""
    if before is not None and before.people > 1:
        sentence = _("These people are booked together: times cannot be offered to one of them.")
        raise Refused(sentence, code="together")
