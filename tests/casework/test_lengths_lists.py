"""Whoever stays through several slots on a waiting list, in a draw, and where places are released by and by or come
back after a cancellation.
"""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from consular import casework
from consular.accounts.models import Role
from consular.appointments import booking, lots, offer_links, outlook, slots, together
from consular.appointments.models import Booking, Calendar, Place, Slot
from consular.appointments.offer_links import Link, Of
from consular.appointments.waiting import Offer, Waiting, Waits
from consular.cases.models import Case
from consular.casework import offers_by_link, waiting
from consular.core import clock
from tests import factories as people
from tests.appointments import factories
from tests.appointments.factories import NOW
from tests.appointments.test_lengths import calendar
from tests.appointments.test_lots import SIGNATURE
from tests.appointments.test_together import FIRST, HALF, checked, row
from tests.casework.test_drawing import CLOSES, DECIDES, OPENS
from tests.casework.test_lengths import booked, long_case, taken

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with clock.at(NOW):
        yield


def waits(case: Case, minutes: int = 0) -> Case:
    with clock.at(NOW + minutes * MINUTE):
        casework.join([case.pk], actor=case.owner)
    return case


def offers() -> list[int]:
    """To whom a run of the worker has offered what stands then, in the order of the offers."""
    waiting.offer_places()
    return list(Offer.objects.filter(answer="").order_by("pk").values_list("booking__case", flat=True))


def test_whose_length_does_not_fit_is_passed_over_and_keeps_the_rank() -> None:
    on = calendar(mode="list")
    first = row(on, 1)[0]
    long, short = waits(long_case(on)), waits(factories.bookable_case(on), 1)

    with clock.at(NOW + 10 * MINUTE):
        assert offers() == [short.pk]
        entry = waiting.of(long.pk)
        assert (entry.since, entry.passes, outlook.position(entry, clock.now()).place) == (NOW, 0, 1)
        nxt = factories.slot(on, 1, FIRST + HALF)
        third = waits(factories.bookable_case(on), 2)
        booking.cancel(booking.current(short.pk, now=clock.now()).reference, now=clock.now())

    with clock.at(
        NOW + 15 * MINUTE
    ):  # now two lie side by side: the first on the list gets them, and nobody else
        assert offers() == [long.pk]
        made = Offer.objects.get(answer="")
        assert taken(on) == [first.pk, nxt.pk]
        assert set(Place.objects.values_list("free_from", flat=True)) == {made.until + 10 * MINUTE}
        token = offer_links.issue(Link(Of.PLACE, made.pk))
        assert offers_by_link.offered_by(token).times == ((first, nxt.ends_at),)
        done = offers_by_link.take_by_link(token, first.pk)
        checked()
        assert (done.ends_at, taken(on)) == (nxt.ends_at, [first.pk, nxt.pk])
        assert offers() == []
        assert Waiting.objects.get(case=long).state == Waits.SERVED
        assert waiting.of(third.pk).state == Waits.WAITING


def test_an_offer_that_is_declined_or_lapses_gives_all_its_places_back() -> None:
    on = calendar(mode="list", passes_kept=1)
    row(on, 1, 1)
    long, short = waits(long_case(on)), waits(factories.bookable_case(on), 1)

    with clock.at(NOW + 10 * MINUTE):
        assert offers() == [long.pk]
        offers_by_link.decline_by_link(offer_links.issue(Link(Of.PLACE, Offer.objects.get().pk)))
        checked()
        assert taken(on) == []
        assert offers() == [long.pk]  # its first time keeps the rank
        assert waiting.of(long.pk).passes == 1
    with clock.at(NOW + timedelta(hours=25)):
        assert offers() == [short.pk]
        assert waiting.of(long.pk).since == clock.now()
    assert Booking.objects.filter(part=1).count() == 2


def test_who_is_drawn_first_and_stays_long_is_passed_over_and_keeps_the_turn() -> None:
    with clock.at(OPENS - timedelta(days=1)):
        on = calendar(mode="draw", horizon_days=900)
        head, steward = (
            people.official(r, mission=on.mission) for r in (Role.HEAD_OF_SECTION, Role.SLOT_MANAGER)
        )
        draw = casework.announce_draw(on.pk, OPENS, CLOSES, 2, actor=head)
        long, short = long_case(on), factories.bookable_case(on)
    with clock.at(OPENS + MINUTE):
        for case in (long, short):
            casework.join([case.pk], actor=case.owner)
        ticket = Waiting.objects.get(case=long).ticket
        urgent = casework.propose_hardship(draw.pk, ticket, "A child is ill.", actor=head)
        casework.agree_to_hardship(urgent.pk, actor=steward)
    with clock.at(CLOSES + MINUTE):
        casework.publish_lists()
    with clock.at(DECIDES + MINUTE):
        casework.draw_by(draw.pk, SIGNATURE, actor=head)
        draw.refresh_from_db()
        assert lots.problem(casework.public_file(draw)) is None
        begins = (DECIDES + timedelta(days=7)).replace(minute=0, second=0, microsecond=0)
        factories.slot(on, 1, begins)
        Place.objects.update(opens_at=NOW.replace(year=2000))
        assert Waiting.objects.get(case=long).turn == 1
        assert offers() == [short.pk]
        for n in (2, 3):
            factories.slot(on, 1, begins + n * HALF)
        assert offers() == [short.pk, long.pk]
        assert waiting.of(long.pk).turn == 1


def shown(on: Calendar) -> list[Slot]:
    free = slots.free(on, FIRST.date(), FIRST.date(), now=clock.now())
    return [slot.id for slot in together.starts(free, 1, 2)]


def test_a_time_is_shown_when_all_of_it_is_released_and_has_come_back() -> None:
    on = calendar(returns_after=20, returns_before=40)
    first, second, third = row(on, 1, 1, 1)
    Place.objects.filter(slot=second).update(opens_at=NOW + timedelta(hours=1))
    assert shown(on) == []

    with clock.at(NOW + timedelta(hours=1)):
        assert shown(on) == [first.pk, second.pk]
        mine = booked(long_case(on), first)
        assert shown(on) == []
        booking.cancel(mine.reference, now=clock.now())
        back = set(Place.objects.filter(slot__in=[first, second]).values_list("free_from", flat=True))
        assert len(back) == 1
        assert timedelta(minutes=20) <= back.pop() - clock.now() <= timedelta(minutes=40)
        assert shown(on) == []
    with clock.at(NOW + timedelta(hours=1, minutes=41)):
        assert shown(on) == [first.pk, second.pk]
