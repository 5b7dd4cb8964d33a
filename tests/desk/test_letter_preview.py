"""The page of samples of letters: for administrators and heads of section, of their missions."""

from datetime import timedelta

import pytest
from django.test import Client

from consular.accounts.models import Role
from consular.core import clock
from consular.decisions.models import Letter
from tests import factories

pytestmark = pytest.mark.django_db
PAGE = "/desk/letters/preview/"


def test_a_head_of_section_sees_samples_of_the_own_mission_and_nobody_else_does() -> None:
    mission, other = factories.mission(), factories.mission()
    client = factories.signed_in(Client(), factories.official(Role.HEAD_OF_SECTION, mission=mission))
    today = clock.today()
    asked = {
        "letter": "L02",
        "language": "ar",
        "person": "chinese",
        "mission": mission.code,
        "on": str(today),
    }

    empty = client.get(PAGE)
    sample = client.get(PAGE, asked)

    assert (empty.status_code, other.code in empty.content.decode()) == (200, False)
    assert (sample.status_code, sample["Content-Type"]) == (200, "application/pdf")
    assert sample.content.startswith(b"%PDF")
    assert not Letter.objects.exists()
    for wrong in (
        {"mission": other.code}, {"letter": "L99"}, {"letter": ""}, {"person": "\x00"}, {"language": "xx"},
        {"on": "0001-01-01"}, {"on": str(today - timedelta(days=1))}, {"on": "9999-12-31"},
    ):  # fmt: skip
        assert client.get(PAGE, asked | wrong).status_code == 422
    for roles in ((Role.CASEWORKER, Role.DECIDER), (Role.AUDITOR,)):
        stranger = factories.signed_in(Client(), factories.official(*roles, mission=mission))
        assert stranger.get(PAGE, asked).status_code == 403
