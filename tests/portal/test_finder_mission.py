"""What a mission says of itself is told by the finder from its day on, and taken back with the change."""

from datetime import timedelta

import pytest
from django.test import Client

from consular import casework
from consular.accounts.models import Role
from consular.core import clock
from tests import factories, stages

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("missions")]
ADDRESS = "/find/?service=schengen_visa&nationality=GHA&country=IN&state=IN-MH&age=adult"


def told(client: Client, language: str = "en") -> str:
    return client.get(ADDRESS, headers={"accept-language": language}).content.decode()


def test_the_finder_tells_what_holds_today_in_the_language_of_the_reader(client: Client) -> None:
    mission = stages.ministry().mission
    head = factories.official(Role.HEAD_OF_SECTION, mission=mission)
    today = clock.today(mission.time_zone)
    before = told(client)
    hours = {"en": "Nine to noon", "de": "Neun bis zwölf", "fr": "<b>De neuf</b>"}

    made = casework.set_detail(mission.pk, casework.Saying("hours", hours, today), actor=head)
    casework.set_detail(
        mission.pk, casework.Saying("address", "2 New Road", today + timedelta(days=3)), actor=head
    )
    rate = {"currency": "INR", "per_euro": "123.45", "step": "100"}
    casework.set_detail(mission.pk, casework.Saying("rate", rate, today), actor=head)

    assert "Nine to noon" in told(client)
    assert "Neun bis zwölf" in told(client, "de")
    assert "&lt;b&gt;De neuf" in told(client, "fr")
    assert '<p lang="en"><bdi>Nine to noon' in told(client, "ar")
    assert "123.45" in told(client)
    assert "2 New Road" not in told(client)
    with clock.at(clock.now() + timedelta(days=4)):
        assert "2 New Road" in told(client)
    casework.undo_mission_change(made.pk, actor=head)
    assert "Nine to noon" not in told(client)
    assert "Nine to noon" not in before
