"""What the database refuses about parties, waiting lists and draws, and the harm it keeps away."""

from datetime import timedelta

import pytest

from consular.accounts.models import User
from consular.appointments.draws import Draw, Hardship
from consular.appointments.models import Booking, Calendar, Offer, Reordering, Waiting
from tests import factories as people
from tests import harm
from tests.appointments import factories
from tests.appointments.factories import NOW

pytestmark = pytest.mark.django_db


def waits(**fields: object) -> Waiting:
    case = factories.bookable_case(factories.calendar())
    values = {
        "calendar": case.mission.calendars.get(),
        "case": case,
        "owner": case.owner,
        "category": "visa_c",
    }
    moments = dict.fromkeys(("since", "joined_at", "changed_at"), NOW)
    return Waiting.objects.create(**{**values, **moments, "identity": factories.person(), **fields})


def two(**fields: object) -> None:
    waits(**fields)
    waits(**fields)


def same_case() -> None:
    first = waits()
    waits(case=first.case, calendar=first.calendar, owner=first.owner)


def offered(entry: Waiting, **fields: object) -> Offer:
    made = {"booking": factories.held(factories.slot()), "made_at": NOW, "until": NOW}
    return Offer.objects.create(entry=entry, **{**made, **fields})


def two_offers() -> None:
    entry = waits()
    offered(entry)
    offered(entry)


def same_place() -> None:
    booking = factories.held(factories.slot())
    offered(waits(), booking=booking)
    offered(waits(), booking=booking)


def officer() -> User:
    return people.official("slot_manager", mission=people.mission())


def reordered(entry: Waiting | None = None, **fields: object) -> None:
    values = {"since": NOW, "before": NOW, "reason": "why", "proposed_by": officer(), "proposed_at": NOW}
    Reordering.objects.create(entry=entry or waits(), **{**values, **fields})


def twice_open() -> None:
    entry = waits()
    reordered(entry)
    reordered(entry)


def by_one() -> dict[str, User]:
    return dict.fromkeys(("proposed_by", "approved_by"), officer())


def hardship(entry: Waiting | None = None, **fields: object) -> None:
    values = {"reason": "why", "proposed_by": officer(), "proposed_at": NOW}
    Hardship.objects.create(entry=entry or waits(), **{**values, **fields})


def two_hardships() -> None:
    entry = waits()
    hardship(entry)
    hardship(entry)


def draw(**fields: object) -> Draw:
    values = {
        "calendar": factories.calendar(), "opens_at": NOW, "closes_at": NOW + timedelta(days=1), "winners": 1,
        "chain": "c", "public_key": "k", "genesis": 1, "period": 3, "round": 1, "round_at": NOW + timedelta(days=2),
        "made_by": officer(),
    }  # fmt: skip
    return Draw.objects.create(**{**values, **fields})


def one_ticket_twice() -> None:
    two(draw=draw(), ticket="t")


LATER = NOW + timedelta(days=2)
CONSTRAINTS = [
    (Booking, "a_party_has_people_and_a_name", lambda: _alter(factories.held(factories.slot()), people=0)),
    (Calendar, "an_offer_stands_for_hours_to_a_week", lambda: factories.calendar(offer_hours=0)),
    (Calendar, "one_to_twenty_people_come_together", lambda: factories.calendar(most_people=0)),
    (Waiting, "one_person_waits_once_in_a_category", lambda: two(identity=b"x" * 32)),
    (Waiting, "one_case_waits_once", same_case),
    (Waiting, "who_waits_is_a_hash", lambda: waits(identity=b"C01X")),
    (Waiting, "a_ticket_is_on_a_list_once", one_ticket_twice),
    (Offer, "one_open_offer_for_an_entry", two_offers),
    (Offer, "booking", same_place),
    (Reordering, "a_change_of_order_has_a_reason", lambda: reordered(reason="")),
    (Reordering, "two_officers_change_the_order", lambda: reordered(**by_one())),
    (Reordering, "one_open_change_of_order", twice_open),
    (Hardship, "a_hardship_has_a_reason", lambda: hardship(reason="")),
    (Hardship, "two_officers_see_a_hardship", lambda: hardship(**by_one())),
    (Hardship, "entry", two_hardships),
    (Draw, "a_draw_has_winners", lambda: draw(winners=0)),
    (Draw, "a_draw_opens_closes_and_is_drawn", lambda: draw(closes_at=NOW)),
    (Draw, "a_list_is_published_before_its_round", lambda: draw(published_at=LATER, commitment="c")),
    (Draw, "nothing_is_drawn_without_list_and_round", lambda: draw(drawn_at=LATER, signature="s")),
]


def _alter(booking: Booking, **fields: object) -> None:
    """In one statement, past the trigger that keeps parties as they are."""
    with harm.without_trigger("appointments.Booking:a_party_is_never_joined"):
        Booking.objects.filter(pk=booking.pk).update(**fields)


test_a_constraint_refuses_the_harm = harm.refused(CONSTRAINTS)
test_without_the_constraint_the_harm_is_done = harm.done_without(CONSTRAINTS)


def test_without_the_trigger_somebody_joins_a_party() -> None:
    mine = factories.held(factories.slot())
    _alter(mine, people=2, party="OTHER")
    mine.refresh_from_db()
    assert mine.party == "OTHER"
    with pytest.raises(Exception, match="Cannot update"):
        Booking.objects.filter(pk=mine.pk).update(party="ANOTHER")
