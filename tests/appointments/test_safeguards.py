"""Safeguards of booking, switched off alone: here the harm is done that each keeps away."""

from datetime import timedelta

import pytest

from consular.appointments import booking, sql
from consular.core.errors import Refused
from tests.appointments import factories
from tests.appointments.factories import NOW
from tests.harm import alter

pytestmark = pytest.mark.django_db


def test_without_the_count_of_moves_places_would_be_traded(monkeypatch: pytest.MonkeyPatch) -> None:
    calendar = factories.calendar()
    mine = factories.confirmed(factories.slot(calendar))
    others = [factories.slot(calendar, starts_at=NOW + timedelta(days=8 + n)) for n in range(4)]
    monkeypatch.setattr(booking, "MOVES", 99)

    for number, slot in enumerate(others, 1):
        assert booking.move(mine.reference, slot.pk, now=NOW).sequence == number


@pytest.mark.parametrize("clause", ["k.mission_id = c.mission_id AND ", ""])
def test_only_its_mission_keeps_a_case_out_of_calendars_elsewhere(
    clause: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = factories.bookable_case(factories.calendar())
    elsewhere = factories.slot(factories.calendar())
    if clause:
        alter(monkeypatch, sql, "HOLD", (clause, ""))

    def hold() -> booking.Booking:
        return booking.hold(
            elsewhere.pk, owner=case.owner, case_id=case.pk, identity=factories.person(), now=NOW
        )

    if clause:
        assert hold().slot == elsewhere
    else:
        with pytest.raises(Refused, match="no free place"):
            hold()


def test_without_the_notice_one_could_book_what_has_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    slot = factories.slot(starts_at=NOW - timedelta(minutes=10))
    with pytest.raises(Refused):
        factories.held(slot)

    notice = "AND s.starts_at >= %(now)s + make_interval(hours => c.notice_hours)"
    alter(monkeypatch, sql, "HOLD", (notice, ""))

    assert factories.held(slot).slot == slot
