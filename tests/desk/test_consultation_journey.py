"""A caseworker reads the consultations of a case in a real browser and enters an answer that came on paper."""

import shutil
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, sync_playwright

from consular.cases.consultations import Consultation
from consular.cases.models import Case
from consular.core import clock
from tests import factories, stages
from tests.casework import asking
from tests.journeys import people
from tests.journeys.conftest import CHROMIUM, CHROMIUM_FLAGS

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        shutil.which("chromium") is None, reason="needs Debian's chromium: apt-get install chromium"
    ),
]
SCREENS = {"en": 1280, "de": 375, "fr": 375, "ar": 375}


@pytest.fixture
def case(monkeypatch: pytest.MonkeyPatch) -> Case:
    """Four partners: one silent and late, one that wants more data, one that has objected, one that was not reached."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    post = stages.ministry()
    case = stages.at_examination(post)
    silent = asking.answered(case, answer="consent", by=None, is_deemed=True)
    silent.answers.create(
        answer="objection", at=clock.now(), by=post.caseworker, is_late=True, text="لا مانع\nNo."
    )
    asking.answered(
        case, partner="foreigners", name="Foreigners authority", token=2, answer="more_data", text="Contract"
    )
    asking.answered(case, partner="security", name="Security authority", token=3, answer="objection")
    unread = asking.answered(case, partner="expert", name="Employment agency", token=4, answer="more_time")
    Consultation.objects.filter(pk=unread.pk).update(closed_at=None, unreached_at=clock.now())
    return case


@pytest.fixture
def pages(live_server, case: Case) -> Iterator[dict[str, Page]]:
    """The page of the case in each language, the last two as on a phone."""
    officer = factories.official(*asking.ENTERS, mission=case.mission)
    cookie = factories.signed_in(Client(), officer).cookies[settings.SESSION_COOKIE_NAME].value
    kept = {"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        opened = {}
        for language, width in SCREENS.items():
            screen = {"width": width, "height": 800}
            context = chromium.new_context(base_url=live_server.url, locale=language, viewport=screen)
            context.add_cookies([kept])
            opened[language] = context.new_page()
            opened[language].goto(f"/desk/cases/{case.reference}/")
        yield opened
        chromium.close()


def test_every_language_reads_well_and_an_answer_is_entered(pages: dict[str, Page], case: Case) -> None:
    for page in pages.values():
        for details in page.locator("section[aria-labelledby=consultations] details").all():
            details.locator("summary").click()
        people.look(page)
    page = pages["en"]

    card = page.get_by_role("region", name="Foreigners authority")
    card.get_by_label("Consent with conditions").check()
    card.get_by_role("button", name="Enter the answer").click()
    refused = page.get_by_role("alert").first.inner_text()
    people.look(page)
    card.get_by_label("Conditions, reasons or missing data").fill("Only for 30 days.")
    card.get_by_role("button", name="Enter the answer").click()
    page.get_by_text("Only for 30 days.").wait_for()

    assert "Say which conditions apply" in refused
    assert asking.given(case, "foreigners")[-1] == ("conditions", False, True)
