"""What else there is to a case for an officer, as links beside it: what came, what can be done besides its tasks."""

from dataclasses import dataclass, replace

from consular.accounts.models import User
from consular.cases import arrivals
from consular.cases.models import Case, Phase
from consular.casework import appointments, proceedings, relocating
from consular.casework.contents import Contents
from consular.decisions.choices import Outcome
from consular.desk.appointments import BOOKS
from consular.missions.postings import Duties


@dataclass(frozen=True)
class Links:
    """How many documents nobody has opened yet, and whether a withdrawal can be entered now.

    `annulments` are the numbers of cases about the visa that was granted here; `can_annul` whether one can be opened.
    """

    unread: int
    can_withdraw: bool
    can_annul: bool = False
    can_offer_times: bool = False
    can_hand_over: bool = False
    annulments: tuple[str, ...] = ()


def of(case: Case, officer: User, held: Duties, there: Contents, *, writes: bool) -> Links:
    """The links for an officer who may write on the case, or may not."""
    books = appointments.is_bookable(case) and any(held.has(role, case.mission_id) for role in BOOKS)
    unread = arrivals.unread(case) if there.arrivals else 0
    links = Links(
        unread,
        can_withdraw=writes and there.can_be_withdrawn,
        can_offer_times=books,
        can_hand_over=case.phase != Phase.CLOSED and relocating.may_hand_over(case.mission_id, held),
    )
    if case.outcome != Outcome.GRANTED:
        return links
    found = proceedings.about(case).filter(pk__in=Case.objects.visible_to(officer, held))
    opens = proceedings.may_open(case.mission_id, held) and proceedings.standing_grant(case) is not None
    return replace(links, can_annul=opens, annulments=tuple(found.values_list("reference", flat=True)))
