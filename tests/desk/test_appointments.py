"""The list of the day, for the counter."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from consular import casework
from consular.accounts.models import Role
from tests import factories, stages

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("missions")]


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


@pytest.mark.parametrize(("role", "may_open"), [(Role.SLOT_MANAGER, False), (Role.INTAKE_CLERK, True)])
def test_only_those_who_may_open_the_case_are_led_to_it(role: Role, may_open: bool) -> None:
    post = stages.ministry()
    case = stages.sent()
    local = stages.booked(case).slot.starts_at.astimezone(ZoneInfo(post.mission.time_zone))
    client = factories.signed_in(Client(), factories.official(role, mission=post.mission))
    address = f"/desk/cases/{case.reference}/"

    page = client.get("/desk/appointments/", {"day": local.date().isoformat()}).content.decode()

    assert case.reference in page
    assert (address in page) is may_open
    assert client.get(address).status_code == (200 if may_open else 404)


def test_somebody_posted_to_no_mission_is_told_so() -> None:
    client = factories.signed_in(Client(), factories.official(Role.HEAD_OF_SECTION))

    assert "You are posted to none." in client.get("/desk/appointments/").content.decode()


def test_a_cancelled_appointment_is_not_in_the_list() -> None:
    post = stages.ministry()
    case = stages.sent()
    booking = stages.booked(case)
    local = booking.slot.starts_at.astimezone(ZoneInfo(post.mission.time_zone))
    casework.cancel_booking(booking.reference, actor=case.owner)
    client = factories.signed_in(Client(), post.clerk)

    page = client.get("/desk/appointments/", {"day": local.date().isoformat()}).content.decode()

    assert case.reference not in page


@pytest.mark.parametrize("day", ["", "x", "2026-02-30", "0001-01-01", "9999-12-31", "\x00", "99999-01-01"])
def test_any_day_somebody_types_gets_an_answer(day: str) -> None:
    client = factories.signed_in(Client(), factories.official(Role.SLOT_MANAGER, mission=factories.mission()))

    assert client.get("/desk/appointments/", {"day": day}).status_code == 200
