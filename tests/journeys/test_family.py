"""A family of four with one minor, in Arabic, on a phone, over a slow line."""

import re
from datetime import timedelta
from typing import Any

from playwright.sync_api import CDPSession, Page, expect

from consular import formspec
from consular.core import clock
from tests.journeys import applying
from tests.journeys.conftest import NewContext, Service
from tests.journeys.people import Applicant, follow, look, press, sign_in_applicant

EMAIL = "rania.saleh@example.org"
GIRL = {
    "birth_date": clock.today() - timedelta(days=3000),
    "guardians-0-guardian_surname": "Saleh",
    "guardians-0-guardian_given_names": "Rania",
    "guardians-0-guardian_capacity": "sole",
    "guardians-0-guardian_phone": "+4930123456",
    "guardians-0-guardian_nationality": "JOR",
}
RANIA, OMAR, HUDA, NOOR = (
    Applicant("Saleh", name, EMAIL, nationality="JOR", country="TR", state="TR-34", answers=answers)
    for name, answers in (("Rania", {}), ("Omar", {"sex": "male"}), ("Huda", {}), ("Noor", GIRL))
)
ADD = "main form[action^='/people/'][action$='/add/'] button"
SLOW = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
"""400 kbit/s each way, and 400 ms until an answer begins."""
FAST = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}


def test_a_family_of_four_types_the_journey_once_and_sends_together(
    new_context: NewContext, service: Service
) -> None:
    page = new_context("ar", phone=True).new_page()
    line = page.context.new_cdp_session(page)
    applying.find_and_start(page, RANIA, look)
    _first_page(page, line)
    applying.fill_draft(page, RANIA.all_answers(), look)
    look(page)
    follow(page.locator("main .back-link"))
    follow(page.locator(ADD))
    sign_in_applicant(page, service.mail_url, EMAIL)
    for person in (OMAR, HUDA, NOOR):
        follow(page.locator(ADD))
        if person is NOOR:
            applying.fill_draft(page, _own(person), look)
        else:
            applying.fill_unseen(page, _own(person))
        follow(page.locator("main .back-link"))
        follow(page.locator("main a[href*='/groups/']"))

    expect(page.locator("main article.card")).to_have_count(4)
    page.emulate_media(color_scheme="dark")
    look(page)
    follow(page.locator("main .actions a.kern-btn--primary"))
    look(page)
    for box in page.locator("main input[type=checkbox]").all():
        box.check()
    line.send("Network.emulateNetworkConditions", SLOW)
    press(page)
    line.send("Network.emulateNetworkConditions", FAST)

    expect(page).to_have_url(re.compile("/groups/"))
    references = page.locator("main article .reference").all_inner_texts()
    assert len(set(references)) == 4
    expect(page.locator("main article a[href^='/cases/']")).to_have_count(4)
    look(page)
    page.goto(f"/cases/{references[3]}/")
    expect(page.locator("main .lead")).to_contain_text("Noor")
    expect(page.locator("main .lead")).not_to_contain_text("Rania")


def _first_page(page: Page, line: CDPSession) -> None:
    """The first page over the slow line: what is typed is there when the button is pressed at once."""
    line.send("Network.emulateNetworkConditions", SLOW)
    follow(page.locator("main a.kern-btn--primary"))
    applying.fill(page, RANIA.all_answers())
    press(page)
    expect(page).to_have_url(re.compile("/passport/$"))
    line.send("Network.emulateNetworkConditions", FAST)
    follow(page.locator("main .back-link"))


def _own(person: Applicant) -> dict[str, Any]:
    """What only this person answers: nothing that the family has in common is typed again."""
    form = formspec.latest("schengen_visa").form
    shared = tuple(question.id for each in form.pages for question in each.questions if question.shared)
    answers = {"nationality": person.nationality} | person.all_answers()
    return {name: answer for name, answer in answers.items() if not name.startswith(shared)}
