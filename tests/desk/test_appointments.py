"""The list of the day, for the counter."""

from datetime import timedelta

import pytest
from django.test import Client

from consular.accounts.models import Role
from tests import factories, stages

pytestmark = pytest.mark.django_db


def test_the_day_shows_who_comes_when_by_the_missions_clock() -> None:
    post = stages.ministry()
    case = stages.sent()
    booking = stages.booked(case)
    client = factories.signed_in(Client(), factories.official(Role.SLOT_MANAGER, mission=post.mission))
    local = booking.slot.starts_at + timedelta(hours=5, minutes=30)

    page = client.get("/desk/appointments/", {"day": local.date().isoformat()}).content.decode()

    assert f"{local:%H:%M}" in page
    assert "Mensah, Ama" in page


def test_other_missions_days_stay_theirs() -> None:
    stages.ministry()
    case = stages.sent()
    booking = stages.booked(case)
    client = factories.signed_in(Client(), factories.official(Role.SLOT_MANAGER, mission=factories.mission()))

    page = client.get(
        "/desk/appointments/", {"day": booking.slot.starts_at.date().isoformat()}
    ).content.decode()

    assert "Mensah" not in page


@pytest.mark.parametrize("day", ["", "x", "2026-02-30", "0001-01-01", "9999-12-31", "\x00", "99999-01-01"])
def test_any_day_somebody_types_gets_an_answer(day: str) -> None:
    client = factories.signed_in(Client(), factories.official(Role.SLOT_MANAGER, mission=factories.mission()))

    assert client.get("/desk/appointments/", {"day": day}).status_code == 200
