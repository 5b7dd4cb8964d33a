"""Waiting for an appointment: who is first, what fits, what is offered, and what stays the person's."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from consular import casework, formspec
from consular.accounts.models import Role
from consular.appointments import booking, leaving, offering, slots
from consular.appointments.models import Booking, Calendar, Place, Slot, State
from consular.appointments.waiting import Answer, Offer, Reordering, Waiting, Waits
from consular.cases.models import Answers, Case, Event
from consular.casework import appointments, letter_facts, waiting
from consular.core import clock
from consular.core.errors import Refused
from consular.notifications.models import Notification
from tests import factories as people
from tests.appointments import factories
from tests.appointments.factories import NOW

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
SOON = NOW + timedelta(days=7)


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with clock.at(NOW):
        yield


@pytest.fixture
def calendar() -> Calendar:
    return factories.calendar(mode="list")


def waits(on: Calendar, size: int = 1, minutes: int = 0) -> list[Case]:
    """Cases of one account that wait since a moment."""
    owner = people.applicant()
    with clock.at(NOW + timedelta(minutes=minutes)):
        cases = [factories.bookable_case(on, owner=owner) for _ in range(size)]
        casework.join([case.pk for case in cases], actor=owner)
    return cases


def offered(*, after: timedelta = timedelta()) -> list[int]:
    """To whom a run of the worker has offered something that stands then: cases, in the order of the offers."""
    with clock.at(NOW + HOUR + after):
        waiting.offer_places()
        open_now = Booking.objects.active(clock.now()).filter(state=State.HELD, offer__answer="")
        return list(open_now.order_by("offer__pk").values_list("case", flat=True))


def code(act: object, *given: object, **named: object) -> str:
    with pytest.raises(Refused) as refused, transaction.atomic():
        act.__wrapped__(*given, **named)
    return refused.value.code


def test_places_are_offered_in_the_order_of_waiting_and_to_nobody_else(calendar: Calendar) -> None:
    slot = factories.slot(calendar, 2, SOON)
    second, first, third = (waits(calendar, minutes=minutes)[0] for minutes in (2, 1, 3))
    passer_by = factories.bookable_case(calendar)
    assert code(appointments._hold, passer_by.pk, slot.pk, actor=passer_by.owner) == "not_direct"

    assert offered() == [first.pk, second.pk]
    assert offered() == [first.pk, second.pk]

    made = Offer.objects.get(booking__case=first)
    assert made.until == NOW + HOUR + timedelta(hours=24)
    assert Notification.objects.filter(kind="place_offered").count() == 2
    assert [event.kind for event in Event.objects.filter(case=first, kind__contains="a").order_by("pk")][
        -2:
    ] == [
        "waiting_joined",
        "place_offered",
    ]
    with clock.at(NOW + HOUR):
        casework.confirm_booking(made.booking.reference, actor=first.owner)
    assert offered() == [second.pk]
    made.refresh_from_db()
    assert (made.answer, made.entry.state) == (Answer.ACCEPTED, Waits.SERVED)
    assert waiting.of(third.pk).state == Waits.WAITING


def test_a_declined_or_lapsed_offer_goes_to_the_next_and_its_first_time_keeps_the_rank(
    calendar: Calendar,
) -> None:
    factories.slot(calendar, 1, SOON)
    first, second = waits(calendar)[0], waits(calendar, minutes=1)[0]
    since = waiting.of(first.pk).since

    assert offered() == [first.pk]
    with clock.at(NOW + HOUR):
        held = booking.current(first.pk, now=clock.now())
        casework.cancel_booking(held.reference, actor=first.owner)
    # The rank is kept: the next run offers it to the first again, who lets it lapse, and is the last now.
    assert offered() == [first.pk]
    assert (waiting.of(first.pk).passes, waiting.of(first.pk).since) == (1, since)
    assert offered(after=timedelta(hours=25)) == [second.pk]
    assert (waiting.of(first.pk).passes, waiting.of(first.pk).since) == (0, NOW + HOUR + timedelta(hours=25))
    answers = Offer.objects.order_by("pk").values_list("answer", flat=True)
    assert list(answers) == [Answer.DECLINED, Answer.LAPSED, ""]
    passed = Event.objects.filter(case=first, kind="place_passed").order_by("pk")
    assert [event.data["to_the_end"] for event in passed] == [False, True]


def test_whom_nothing_fits_is_passed_over_and_keeps_the_rank(calendar: Calendar) -> None:
    factories.slot(calendar, 1, SOON)
    family, single = waits(calendar, 3), waits(calendar, minutes=1)

    assert offered() == [single[0].pk]
    assert (waiting.of(family[0].pk).passes, waiting.of(family[2].pk).since) == (0, NOW)

    for n in (1, 2):
        factories.slot(calendar, 2, SOON + timedelta(days=1, minutes=30 * n))
    assert set(offered()) == {single[0].pk, family[0].pk}
    assert {booking.current(case.pk, now=NOW + HOUR).state for case in family} == {State.HELD}
    made = offering.current(family[1].pk, NOW + HOUR)
    assert made.entry.case_id == family[0].pk
    with clock.at(NOW + HOUR):
        casework.confirm_together(made.booking.party, actor=family[0].owner)
        second = letter_facts.about_now(family[1], "L02")
        told = letter_facts.facts(family[1], "L02", second, formspec.folder("schengen_visa", 1))
    assert (told.reference, second.split(":")[0] == told.reference) == (made.booking.party, False)
    offered()
    assert {row.state for row in Waiting.objects.filter(owner=family[0].owner)} == {Waits.SERVED}


def test_a_place_given_back_goes_to_the_list_before_anybody_can_book_it() -> None:
    calendar = factories.calendar(returns_after=20, returns_before=40)
    slot = factories.slot(calendar, 2, SOON)
    kept = [factories.confirmed(slot) for _ in range(2)]
    first = waits(calendar)[0]
    assert offered() == []

    with clock.at(NOW + HOUR):
        booking.cancel(kept[0].reference, now=clock.now())
        assert slots.free(calendar, SOON.date(), SOON.date(), now=clock.now()) == ()
    assert offered() == [first.pk]
    place = Place.objects.get(bookings__case=first)
    assert place.free_from == NOW + HOUR + timedelta(hours=24) + offering.AFTER

    with clock.at(NOW + 2 * HOUR):
        casework.leave(first.pk, actor=first.owner)
        place.refresh_from_db()
        assert place.free_from - clock.now() >= timedelta(minutes=20)

    other = factories.calendar(list_first=False)
    assert not waiting.has_list(other)
    case = factories.bookable_case(other)
    assert code(casework.join, [case.pk], actor=case.owner) == "no_list"


def test_the_rank_moves_with_the_person_to_another_mission(calendar: Calendar) -> None:
    there = factories.calendar(mode="list")
    mine = waits(calendar)[0]
    rival = waits(there, minutes=1)[0]
    other = factories.bookable_case(there, owner=mine.owner)
    Answers.objects.filter(case=other).update(data=mine.answers.data)

    with clock.at(NOW + timedelta(hours=5)):
        entry = casework.join([other.pk], actor=mine.owner)
        assert casework.join([other.pk], actor=mine.owner).pk == entry.pk
    assert (entry.since, entry.calendar) == (NOW, there)
    assert [row.case_id for row in offering.in_order(there, NOW)] == [other.pk, rival.pk]
    assert list(offering.in_order(calendar, NOW)) == []

    thief = factories.bookable_case(calendar)
    Answers.objects.filter(case=thief).update(data=mine.answers.data)
    assert code(casework.join, [thief.pk], actor=thief.owner) == "already_waiting"

    waiting.follow(other, calendar.mission)
    Case.objects.filter(pk=other.pk).update(mission=calendar.mission)
    assert [(row.case_id, row.since) for row in offering.in_order(calendar, NOW)] == [(other.pk, NOW)]


def test_who_came_along_joins_alone_and_keeps_the_rank(calendar: Calendar) -> None:
    Calendar.objects.update(most_people=4)
    first, second = waits(calendar, 2)
    with clock.at(NOW + HOUR):
        alone = casework.join([second.pk], actor=second.owner)
    assert (alone.case, alone.head, alone.people, alone.since) == (second, None, 1, NOW)
    assert first.pk not in [row.case_id for row in offering.in_order(calendar, NOW)]


def test_who_moves_from_a_draw_to_a_list_is_not_before_those_who_wait_longer(calendar: Calendar) -> None:
    drawn = factories.calendar(mode="draw")
    head = people.official(Role.HEAD_OF_SECTION, mission=drawn.mission)
    casework.announce_draw(drawn.pk, NOW - HOUR, NOW + timedelta(days=3), 5, actor=head)
    first, late = waits(calendar)[0], waits(drawn, minutes=5)[0]

    waiting.follow(late, calendar.mission)
    Case.objects.filter(pk=late.pk).update(mission=calendar.mission)
    moved = waiting.of(late.pk)
    assert (moved.draw, moved.ticket, moved.turn) == (None, "", 0)
    assert [row.case_id for row in offering.in_order(calendar, NOW)] == [first.pk, late.pk]


def test_two_officers_change_the_order_with_a_reason(calendar: Calendar) -> None:
    first, second = waits(calendar)[0], waits(calendar, minutes=5)[0]
    entry = waiting.of(second.pk)
    head, steward = (
        people.official(role, mission=calendar.mission) for role in (Role.HEAD_OF_SECTION, Role.SLOT_MANAGER)
    )
    clerk = people.official(Role.INTAKE_CLERK, mission=calendar.mission)
    day, propose = date(2027, 1, 4), casework.propose_order

    assert code(propose, entry.pk, day, " ", actor=head) == "no_reason"
    assert code(propose, entry.pk, date(2027, 3, 2), "Was here", actor=head) == "future"
    assert code(propose, entry.pk, day, "Was here", actor=clerk) == "not_found"
    made = propose(entry.pk, day, "Was registered in another system.", actor=head)
    assert code(propose, entry.pk, day, "Again", actor=head) == "open"
    twin = people.official(Role.HEAD_OF_SECTION, mission=calendar.mission, person=head.person)
    waiting_too = people.official(Role.HEAD_OF_SECTION, mission=calendar.mission, person=second.owner.person)
    assert code(propose, entry.pk, day, "Mine", actor=waiting_too) == "own_case"
    for officer, why in ((head, "own"), (twin, "own"), (waiting_too, "own_case")):
        assert code(casework.agree_to_order, made.pk, actor=officer) == why
    assert [row.case_id for row in offering.in_order(calendar, NOW)] == [first.pk, second.pk]

    casework.agree_to_order(made.pk, actor=steward)
    assert [row.case_id for row in offering.in_order(calendar, NOW)] == [second.pk, first.pk]
    assert Event.objects.filter(case=second, kind="waiting_reordered").count() == 1
    assert code(casework.agree_to_order, made.pk, actor=steward) == "done"

    dropped = propose(entry.pk, day, "Wrong", actor=head)
    casework.drop_order(dropped.pk, actor=steward)
    assert not Reordering.objects.filter(pk=dropped.pk).exists()


def test_who_leaves_who_books_and_whose_case_is_over_is_offered_nothing(calendar: Calendar) -> None:
    slot = factories.slot(calendar, 5, SOON)
    left, booked, closed = (waits(calendar, minutes=n)[0] for n in range(3))
    casework.leave(left.pk, actor=left.owner)
    factories_booked = factories.slot(factories.calendar(), 1, SOON)
    factories.confirmed(factories_booked, owner=booked.owner, who=bytes(waiting.of(booked.pk).identity))
    Case.objects.filter(pk=closed.pk).update(phase="closed")

    assert offered() == []
    assert waiting.of(left.pk) is None
    assert isinstance(slot, Slot)
    again = casework.join([left.pk], actor=left.owner)
    assert again.state == Waits.WAITING


def test_whose_case_is_over_leaves_a_party_and_the_next_one_is_the_first(calendar: Calendar) -> None:
    family, rival = waits(calendar, 3), waits(calendar, minutes=1)[0]
    Waiting.objects.filter(case=family[0]).update(ticket="ab", turn=2, passes=1)
    Case.objects.filter(pk__in=[family[1].pk, family[0].pk]).update(phase="closed")
    factories.slot(calendar, 1, SOON)
    assert offered() == [rival.pk]  # as long as the two are on it, nothing is offered to the third
    factories.slot(calendar, 1, SOON + HOUR)

    assert [leaving.over(family[n].pk, NOW) for n in (1, 0, 0)] == [True, True, False]

    entry = waiting.of(family[2].pk)
    assert (entry.case_id, entry.people, entry.since) == (family[2].pk, 1, NOW)
    assert (entry.ticket, entry.turn, entry.passes) == ("ab", 2, 1)
    assert sorted(offered()) == sorted([rival.pk, family[2].pk])
    for gone in family[:2]:
        assert Waiting.objects.get(case=gone).state == Waits.LEFT


@pytest.mark.parametrize("booked", [0, 1])
def test_whom_the_counter_has_booked_leaves_a_family_that_goes_on_waiting(
    calendar: Calendar, booked: int
) -> None:
    Calendar.objects.update(passes_kept=0)
    family, rival = waits(calendar, 3), waits(calendar, minutes=1)[0]
    factories.slot(calendar, 1, SOON + HOUR * 24)
    slots_of_three = [factories.slot(calendar, 1, SOON + n * HOUR / 2) for n in range(3)]
    assert family[0].pk in offered()
    clerk = people.official(Role.INTAKE_CLERK, mission=calendar.mission)
    with clock.at(NOW + HOUR):
        spare = factories.slot(calendar, 1, SOON + HOUR * 48)
        casework.book_at_counter(family[booked].reference, spare.pk, actor=clerk)
        kept = {booking.current(case.pk, now=clock.now()).slot for case in family}
    assert kept == {spare, *slots_of_three} - {slots_of_three[booked]}

    assert sorted(offered(after=timedelta(hours=25))) == sorted(
        [rival.pk] + [case.pk for n, case in enumerate(family) if n != booked][:1]
    )
    rest = [case for n, case in enumerate(family) if n != booked]
    entry = waiting.of(rest[1].pk)
    assert (entry.case_id, entry.people, entry.passes) == (rest[0].pk, 2, 0)
    assert Waiting.objects.get(case=family[booked]).state == Waits.SERVED
    assert waiting.of(family[booked].pk) is None


def test_one_person_waits_once_in_the_world_and_only_the_constraint_says_so(calendar: Calendar) -> None:
    mine = waits(calendar)[0]
    row = Waiting.objects.get(case=mine)
    row.pk, row.case = None, factories.bookable_case(calendar)

    with pytest.raises(IntegrityError, match="one_person_waits_once_in_a_category"), transaction.atomic():
        row.save(force_insert=True)
