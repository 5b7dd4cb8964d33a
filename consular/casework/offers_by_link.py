"""Taking or declining times that are kept for somebody by the link in a mail, without signing in.

As with `by_link`, whoever can read the mail could sign in with a code sent to the same mailbox. It acts for the owner
of the case, and the history says that it was a link.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from consular.accounts.models import User
from consular.appointments import inviting, offer_links
from consular.appointments.models import Booking, Invitation, Offer, Slot, State
from consular.appointments.offer_links import Link, Of
from consular.cases.models import Case, Phase
from consular.casework import appointments, by_hand, together
from consular.casework.by_link import not_ours
from consular.casework.verb import verb
from consular.core import clock
from consular.core.errors import Refused
from consular.missions.models import Mission
from consular.notifications import sending
from consular.notifications.models import Kind, Notification


@dataclass(frozen=True)
class Offered:
    """What a link is for: the times, each with its end, until when they are kept, for whom and where; `held` keeps a
    place of the list.
    """

    owner: User
    case: int
    until: datetime
    times: tuple[tuple[Slot, datetime], ...]
    held: Booking | None = None

    @property
    def mission(self) -> Mission:
        """Where it is; its clock is the one that counts."""
        return self.times[0][0].calendar.mission


def offered_by(token: str) -> Offered:
    """The times that a link is for.

    Refused: (404) `not_found` when the link is not ours, (410) `over` when they were taken or declined, are not kept
    any more, or the application needs no appointment.
    """
    link = offer_links.read(token)
    if link is None:
        raise not_ours()
    found = _standing(link)
    if found is None:
        raise Refused(
            _("This time is not kept for you any more, or you have answered already."),
            code="over",
            status=410,
        )
    return found


@verb
def take_by_link(token: str, slot_id: int) -> Booking:
    """Take one of the times of a link. Refused as `offered_by` and `take_time` are: (409) `gone` for another time."""
    cases, made = _locked(token)
    if made.held is None:
        return by_hand.taken(cases[made.case], slot_id, actor=made.owner, by_link=True)
    if made.held.slot.pk != slot_id:
        raise Refused(_("This time is not kept for you any more."), code="gone", field="slot")
    if made.held.people > 1:
        return together.confirmed(cases, made.held.party, actor=made.owner, how="by_link")
    return appointments.confirmed(cases[made.case], made.held.reference, actor=made.owner, by_link=True)


@verb
def decline_by_link(token: str) -> None:
    """None of the times of a link is suitable: they are let go. Refused as `offered_by` is."""
    cases, made = _locked(token)
    if made.held is None:
        by_hand.declined(cases[made.case], actor=made.owner, by_link=True)
    elif made.held.people > 1:
        together.cancelled(cases, made.held.party, actor=made.owner, how="by_link")
    else:
        appointments.cancelled(cases[made.case], made.held.reference, actor=made.owner, by_link=True)


def _locked(token: str) -> tuple[dict[int, Case], Offered]:
    """The case, or those of all who come together, locked, and the offer as it stands then."""
    first = offered_by(token)
    held = first.held
    is_one = held is None or held.people == 1
    whose = {"pk": first.case} if held is None or is_one else {"bookings__party": held.party}
    locked = Case.objects.select_for_update(of=("self",)).exclude(phase=Phase.DRAFT)
    cases = {case.pk: case for case in locked.filter(**whose, owner=first.owner.pk).order_by("pk")}
    if first.case not in cases:
        raise Refused(_("There is no such appointment."), code="not_found", status=404)
    return cases, offered_by(token)


def _standing(link: Link) -> Offered | None:
    """What was offered, as long as it can be taken."""
    found = _place(link.offer) if link.of == Of.PLACE else _times(link.offer)
    case = Case.objects.select_related("owner").get(pk=found.pop("case")) if found else None
    if case is None or case.owner is None or not case.owner.is_active or not appointments.is_bookable(case):
        return None
    return Offered(case.owner, case.pk, **found)


def _place(offer: int) -> dict[str, Any]:
    """A place of the waiting list, which is held by a booking."""
    rows = Offer.objects.select_related("booking__place__slot").filter(pk=offer, answer="")
    made = rows.filter(booking__state=State.HELD, booking__active_until__gt=clock.now()).first()
    if made is None:
        return {}
    held = made.booking
    return {"case": held.case_id, "until": made.until, "times": ((held.slot, held.ends_at),), "held": held}


def _times(invitation: int) -> dict[str, Any]:
    """Times that the mission keeps."""
    made = Invitation.objects.filter(pk=invitation, outcome="", until__gt=clock.now()).first()
    if made is None:
        return {}
    times = tuple((one.slot, one.ends_at) for one in inviting.times(made))
    return {"case": made.case_id, "until": made.until, "times": times}


@sending.last_word(Kind.PLACE_OFFERED, Kind.TIMES_OFFERED)
def _offered(row: Notification) -> dict[str, Any] | None:
    """The link; nothing goes out when the times are not kept any more."""
    link = Link(Of.PLACE if row.kind == Kind.PLACE_OFFERED else Of.TIMES, int(row.key.rpartition(":")[2]))
    made = _standing(link)
    return None if made is None else {"token": offer_links.issue(link)}
