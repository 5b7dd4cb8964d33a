"""The page of absences."""

from datetime import timedelta

import pytest
from django.test import Client

from consular.accounts.models import Role
from consular.core import clock
from consular.missions.models import Absence
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)
DAY = timedelta(days=1)


def days(first: int, last: int, **more: object) -> dict[str, object]:
    today = clock.today()
    return {"enter": "yes", "first": today + first * DAY, "last": today + last * DAY, **more}


def test_an_officer_enters_and_ends_an_absence() -> None:
    officer = factories.official(Role.DECIDER, mission=factories.mission())
    browser = factories.signed_in(Client(), officer)
    assert "Nobody is away" in browser.get("/desk/absences/").content.decode()

    assert browser.post("/desk/absences/", days(0, 4)).status_code == 302

    absence = Absence.objects.get()
    assert (absence.user, absence.entered_by) == (officer, officer)
    assert browser.post("/desk/absences/", {"end": absence.pk}).status_code == 302
    assert not Absence.objects.exists()


def test_a_head_of_section_enters_it_for_somebody_of_the_section() -> None:
    mission = factories.mission()
    head = factories.official(Role.HEAD_OF_SECTION, mission=mission)
    officer = factories.official(Role.DECIDER, mission=mission)
    abroad = factories.official(Role.DECIDER, mission=factories.mission())
    browser = factories.signed_in(Client(), head)

    assert browser.post("/desk/absences/", days(0, 4, user=officer.pk)).status_code == 302
    assert browser.post("/desk/absences/", days(0, 4, user=abroad.pk)).status_code == 422

    assert Absence.objects.get().user == officer
    text = browser.get("/desk/absences/").content.decode()
    assert officer.name in text
    assert abroad.name not in text


def test_an_officer_cannot_enter_one_for_others() -> None:
    mission = factories.mission()
    officer, other = (factories.official(Role.DECIDER, mission=mission) for _ in range(2))

    factories.signed_in(Client(), officer).post("/desk/absences/", days(0, 4, user=other.pk))

    assert Absence.objects.get().user == officer


@pytest.mark.parametrize("wrong", ["", "x", "2026-02-31", "\x00", "9" * 10_000, "<b>", "\u202e2026-01-01"])
def test_days_that_are_none_are_refused_and_stay_typed(wrong: str) -> None:
    officer = factories.official(Role.DECIDER, mission=factories.mission())
    browser = factories.signed_in(Client(), officer)

    answer = browser.post("/desk/absences/", days(0, 1) | {"last": wrong})

    assert answer.status_code == 422
    assert clock.today().isoformat() in answer.content.decode()
    assert not Absence.objects.exists()


def test_a_refusal_stands_at_its_field_and_others_above() -> None:
    officer = factories.official(Role.DECIDER, mission=factories.mission())
    browser = factories.signed_in(Client(), officer)

    assert browser.post("/desk/absences/", days(2, 1)).status_code == 422
    for end in ("", "0", "x", "9" * 99, "²"):
        assert browser.post("/desk/absences/", {"end": end}).status_code == 404
