"""Handing whole cases over on the page: looked at first, done by the worker, undone from the list of results."""

import re

import pytest
from django.test import Client

from consular.accounts.models import Role
from consular.cases.models import Batch, Case
from consular.core import jobs
from consular.missions.models import Mission
from tests import factories, stages

pytestmark = pytest.mark.django_db(transaction=True)

ADDRESS = "/desk/section/cases/"


def test_what_was_not_looked_at_is_not_handed_over_and_what_was_can_be_undone() -> None:
    post = stages.ministry()
    delhi = Mission.objects.get(code="NEWD")
    factories.official(Role.INTAKE_CLERK, mission=delhi)
    head = factories.official(Role.HEAD_OF_SECTION, mission=post.mission)
    browser = factories.signed_in(Client(), head)
    abroad = factories.signed_in(Client(), factories.official(Role.HEAD_OF_SECTION, mission=delhi))
    case, other = stages.sent(), stages.sent()

    page = browser.get(f"/desk/cases/{case.reference}/").content.decode()
    link = f"{ADDRESS}?mission={post.mission.code}&amp;case={case.reference}"
    assert link in page
    assert (
        "Hand the whole case"
        not in factories.signed_in(Client(), post.clerk)
        .get(f"/desk/cases/{case.reference}/")
        .content.decode()
    )
    alone = browser.get(link.replace("&amp;", "&")).content.decode()
    assert (f'value="{case.pk}" checked' in alone or "checked" in alone, other.reference in alone) == (
        True,
        False,
    )
    assert browser.get(ADDRESS, {"case": "nonsense"}).status_code == 422
    assert abroad.get(ADDRESS, {"mission": post.mission.code}).status_code == 404
    assert case.reference not in abroad.get(ADDRESS).content.decode()

    asked = {"chosen": [case.pk], "to": delhi.pk, "reason": "Flood"}
    assert browser.post(ADDRESS, asked | {"reason": "", "look": "yes"}).status_code == 422
    looked = browser.post(ADDRESS, asked | {"hand": "yes", "seen": ""}).content.decode()
    assert "1 open task goes into the queue there." in looked
    assert not Batch.objects.exists(), "nobody has looked yet"
    seen = re.search(r'name="seen" value="([^"]*)"', looked).group(1)
    more = asked | {"chosen": [case.pk, other.pk], "hand": "yes", "seen": seen}
    assert browser.post(ADDRESS, more).status_code == 200
    assert not Batch.objects.exists(), "one of them was not looked at"

    begun = browser.post(ADDRESS, asked | {"hand": "yes", "seen": seen})
    jobs.work()
    results = browser.get(begun["Location"]).content.decode()
    assert Case.objects.get(pk=case.pk).mission == delhi
    assert "A case you no longer see" in results
    undo = re.search(r'action="([^"]*undo/)"', results).group(1)
    assert abroad.post(undo).status_code == 302
    assert Batch.objects.count() == 1
    assert browser.post(undo).status_code == 302
    jobs.work()
    assert Case.objects.get(pk=case.pk).mission == post.mission
    assert (
        browser.post(
            "/desk/batches/", {"act": "transfer", "chosen": [stages.open_task(case).pk], "begin": "1"}
        ).status_code
        == 422
    )
