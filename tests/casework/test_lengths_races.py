"""Who stays through several slots against a block, a move, and a place that is offered, with real connections; the
safeguard also switched off.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection

from consular import casework
from consular.accounts.models import Role
from consular.appointments import booking, offering, together_sql
from consular.appointments.models import ACTIVE, Booking, Calendar, Place
from consular.appointments.slots import FreeSlot
from consular.appointments.waiting import Offer
from consular.casework import appointments, waiting
from consular.casework.blocks import Wish
from consular.core import clock
from tests import factories as people
from tests.appointments import factories
from tests.appointments.factories import NOW
from tests.appointments.test_lengths import calendar
from tests.appointments.test_lengths_races import (
    SKIP,
    groups,
    holding,
    one_during_another,
    whole_and_nothing_double,
)
from tests.appointments.test_races import _many_connections, harm  # noqa: F401
from tests.appointments.test_together import HALF, row
from tests.casework.test_lengths import booked, long_case
from tests.harm import alter

pytestmark = pytest.mark.django_db(transaction=True)

Act = Callable[[], object]
OPENS = NOW + timedelta(days=7)


def at_nine(act: Callable[..., object], *given: object, **named: object) -> Act:
    """An act at the moment of these tests, whichever thread does it."""

    def done() -> object:
        with clock.at(NOW):
            return act(*given, **named)

    return done


def blocking_the_second(on: Calendar) -> tuple[Act, Act]:
    factories.rule(on)
    with clock.at(NOW):
        appointments.generate_slots(on, OPENS.date())
    first, second, *_later = on.slots.order_by("starts_at")
    manager = people.official(Role.SLOT_MANAGER, mission=on.mission)
    wish = Wish(second.starts_at, second.ends_at, None, "Inspection", NOW + timedelta(days=2))
    return at_nine(casework.block.__wrapped__, on.pk, wish, actor=manager), holding(first, *groups(first, 1))


def moving_onto_the_second(on: Calendar) -> tuple[Act, Act]:
    first, second = row(on, 1, 1)
    mine = factories.confirmed(factories.slot(on, 1, OPENS + timedelta(days=1)))
    return lambda: booking.move(mine.reference, second.pk, now=NOW), holding(first, *groups(first, 1))


def moving_there_while_the_second_is_held(on: Calendar) -> tuple[Act, Act]:
    first, second = row(on, 1, 1)
    later = [factories.slot(on, 1, OPENS + timedelta(days=1) + n * HALF) for n in range(2)]
    with clock.at(NOW):
        mine = booked(long_case(on), later[0])
    owner = people.applicant()
    return (
        lambda: factories.confirmed(second, owner=owner),
        lambda: booking.move(mine.reference, first.pk, now=NOW),
    )


RACES = [
    (blocking_the_second, "HOLD"),
    (moving_onto_the_second, "HOLD"),
    (moving_there_while_the_second_is_held, "MOVE"),
]


@pytest.mark.parametrize("race", [race for race, _statement in RACES])
def test_who_stays_gets_nothing_that_is_blocked_or_taken_in_this_moment(
    race: Callable[[Calendar], tuple[Act, Act]],
) -> None:
    first, second = race(calendar(horizon_days=20))

    assert one_during_another(first, second) == ["done", "gone"]

    whole_and_nothing_double()


@pytest.mark.usefixtures("harm")
@pytest.mark.parametrize(("race", "statement"), RACES)
def test_without_lock_and_constraint_who_stays_gets_it(
    race: Callable[[Calendar], tuple[Act, Act]], statement: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = race(calendar(horizon_days=20))
    alter(monkeypatch, together_sql, statement, (SKIP, ""))
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX one_active_booking_per_place")

    assert one_during_another(first, second) == ["done", "done"]

    blocked = Place.objects.filter(opens_at__gt=NOW, bookings__state__in=ACTIVE)
    places = list(Booking.objects.filter(state__in=ACTIVE).values_list("place", flat=True))
    assert blocked.exists() or len(set(places)) < len(places)


def offering_both(on: Calendar) -> tuple[Act, Act]:
    """Staff give the second place to somebody at the counter while the list offers both to who stays."""
    Calendar.objects.filter(pk=on.pk).update(mode="list")
    _first, second = row(on, 1, 1)
    with clock.at(NOW):
        case = long_case(on)
        casework.join([case.pk], actor=case.owner)
    owner = people.applicant()
    who = {"owner": owner, "case_id": None, "identity": factories.person(), "now": NOW}
    return (
        lambda: booking.hold_at_counter(second.pk, **who),
        at_nine(waiting.offer_next.__wrapped__, on.pk),
    )


def test_the_list_offers_no_half_of_it() -> None:
    first, second = offering_both(calendar())

    assert one_during_another(first, second) == ["done", "done"]

    assert whole_and_nothing_double() == 1
    assert not Booking.objects.filter(slots_each=2).exists()


@pytest.mark.usefixtures("harm")
def test_without_lock_and_constraint_the_list_offers_a_place_that_is_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first, second = offering_both(calendar())
    alter(monkeypatch, offering, "HOLD", (SKIP, ""))
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX one_active_booking_per_place")

    assert one_during_another(first, second) == ["done", "done"]

    places = list(Booking.objects.filter(state__in=ACTIVE).values_list("place", flat=True))
    assert len(set(places)) < len(places)
    Offer.objects.all().delete()  # it protects the bookings that make way for the index


def cancelling_while_it_is_offered(on: Calendar) -> tuple[Booking, Act, Act]:
    """Somebody who stays gives both places back while the list looks for two for the next."""
    row(on, 1, 1)
    with clock.at(NOW):
        case = long_case(on)
        casework.join([case.pk], actor=case.owner)
        waiting.offer_places()
        mine = booking.confirm(booking.current(case.pk, now=NOW).reference, now=NOW)
        nxt = long_case(on)
        casework.join([nxt.pk], actor=nxt.owner)
        waiting.settle(on.pk)
    return (
        mine,
        lambda: booking.cancel(mine.reference, now=NOW),
        at_nine(waiting.offer_next.__wrapped__, on.pk),
    )


@pytest.mark.parametrize("commits", [True, False])
def test_what_is_being_given_back_is_offered_when_it_is_and_not_before(commits: bool) -> None:
    mine, cancels, offers = cancelling_while_it_is_offered(calendar(mode="list"))

    assert one_during_another(cancels, offers, commits=commits) == ["done", "done"]

    assert Offer.objects.count() == 1  # that of whoever cancels
    with clock.at(NOW):
        waiting.offer_places()
    assert whole_and_nothing_double() == 1
    assert Booking.objects.active(NOW).filter(party=mine.party).exists() is not commits


@pytest.mark.usefixtures("harm")
def test_without_judging_who_sits_there_the_list_offers_what_is_not_given_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    on = calendar(mode="list")
    _mine, cancels, offers = cancelling_while_it_is_offered(on)
    is_free = """NOT EXISTS (
        SELECT FROM appointments_booking b
        WHERE b.place_id = p.id AND b.state IN ('held', 'confirmed') AND b.active_until > %(now)s)"""
    alter(monkeypatch, offering, "HOLD", (SKIP, ""), (is_free, "true"))
    times = [FreeSlot(*row, 1) for row in on.slots.values_list("id", "starts_at", "ends_at")]
    monkeypatch.setattr(offering, "offerable", lambda *_given: times)
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX one_active_booking_per_place")

    assert one_during_another(cancels, offers, commits=False) == ["done", "done"]

    places = list(Booking.objects.filter(state__in=ACTIVE).values_list("place", flat=True))
    assert len(set(places)) < len(places)
    Offer.objects.all().delete()  # it protects the bookings that make way for the index
