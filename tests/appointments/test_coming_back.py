"""A place that is given back can be taken again at a moment nobody knows, and that needs no worker."""

from datetime import timedelta

import pytest

from consular.appointments import booking, slots, sql
from consular.appointments.models import Calendar, Place, Slot
from consular.core.errors import Refused
from tests.appointments import factories
from tests.appointments.factories import NOW
from tests.harm import alter

pytestmark = pytest.mark.django_db

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def calendar(after: int = 5, before: int = 120, **fields: object) -> Calendar:
    return factories.calendar(returns_after=after, returns_before=before, **fields)


def given_back(slot: Slot) -> timedelta:
    """Book a place and cancel it: how long it stays away."""
    gone = booking.cancel(factories.confirmed(slot).reference, now=NOW)
    return Place.objects.get(pk=gone.place_id).free_from - NOW


def test_cancelled_places_come_back_between_the_minutes_of_the_calendar() -> None:
    slot = factories.slot(calendar(), capacity=60)

    away = [given_back(slot) for _ in range(60)]

    assert 5 * MINUTE <= min(away) <= 40 * MINUTE  # 60 of them all later: one time in a thousand million
    assert 85 * MINUTE <= max(away) < 120 * MINUTE
    assert len(set(away)) == 60


def test_it_comes_back_by_the_clock_alone() -> None:
    slot = factories.slot(calendar(30, 30))
    given_back(slot)

    with pytest.raises(Refused, match="no free place"):
        factories.held(slot, now=NOW + 29 * MINUTE)
    assert slots.days(slot.calendar, now=NOW + 29 * MINUTE) == ()
    assert len(slots.days(slot.calendar, now=NOW + 30 * MINUTE)) == 1
    assert factories.held(slot, now=NOW + 30 * MINUTE).slot == slot


def test_the_old_place_of_a_move_comes_back_later_too() -> None:
    old = factories.slot(calendar(30, 30))
    new = factories.slot(old.calendar, starts_at=NOW + 8 * DAY)
    mine = factories.confirmed(old)

    booking.move(mine.reference, new.pk, now=NOW)

    assert Place.objects.get(slot=old).free_from == NOW + 30 * MINUTE
    assert Place.objects.get(slot=new).free_from == new.ends_at


def test_a_time_that_was_only_held_comes_back_at_once() -> None:
    slot = factories.slot(calendar(30, 30))

    booking.cancel(factories.held(slot).reference, now=NOW)

    assert factories.held(slot).slot == slot


@pytest.mark.parametrize(
    ("notice", "ahead", "away"),
    [(0, DAY, 60), (0, 60 * MINUTE, 30), (24, DAY + 60 * MINUTE, 30), (24, DAY, 0), (48, DAY, 0)],
)
def test_a_place_that_can_be_booked_only_a_little_longer_is_not_lost(
    notice: int, ahead: timedelta, away: int
) -> None:
    slot = factories.slot(calendar(60, 60, notice_hours=0), starts_at=NOW + ahead)
    mine = factories.confirmed(slot)
    Calendar.objects.update(notice_hours=notice)

    booking.cancel(mine.reference, now=NOW)

    assert Place.objects.get(slot=slot).free_from == NOW + away * MINUTE


def test_without_the_delay_who_waits_beside_it_gets_every_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """The seller cancels, the buyer asks in the same moment, as those who trade in appointments do."""

    def swaps(slot: Slot) -> int:
        given_back(slot)
        try:
            factories.held(slot)
        except Refused:
            return 0
        return 1

    places = [factories.slot(calendar(), starts_at=NOW + n * DAY) for n in range(1, 11)]
    assert sum(swaps(slot) for slot in places[:5]) == 0

    later = "THEN back.free_from ELSE"
    alter(monkeypatch, sql, "CANCEL", (later, "THEN %(now)s ELSE"))
    assert sum(swaps(slot) for slot in places[5:]) == 5
