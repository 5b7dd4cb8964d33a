"""A visa is refused: applicant in Arabic on a phone, officers at Istanbul."""

from pathlib import Path

from playwright.sync_api import expect

from tests.journeys import applying, desk, letters
from tests.journeys.conftest import AtDesk, NewContext, Service
from tests.journeys.people import Applicant, follow, look, sign_in_applicant
from tests.journeys.test_grant import ADMISSIBLE, LODGED, SEARCHED

LAYLA = Applicant(
    "Haddad", "Layla", "layla.haddad@example.org", nationality="JOR", country="TR", state="TR-34"
)
DOUBTED = "The letter of the employer names a company that does not exist."


def test_a_refusal_in_arabic_reaches_the_applicant_as_a_signed_letter(
    new_context: NewContext, at_desk: AtDesk, service: Service, tmp_path: Path
) -> None:
    page = new_context("ar", phone=True).new_page()
    applying.find_and_start(page, LAYLA, look)
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    applying.fill_draft(page, LAYLA.all_answers(), look)
    look(page)
    follow(page.locator("main .actions a.kern-btn--primary"))
    look(page)
    sign_in_applicant(page, service.mail_url, LAYLA.email)
    reference = applying.declare_and_send(page, look)
    applying.book(page, look)
    page.goto(f"/cases/{reference}/")
    look(page)

    clerk = at_desk("intake-clerk.ista@example.org", "ar")
    desk.complete(clerk, reference, {"complete": "yes"})
    desk.complete(clerk, reference, LODGED)
    refused = {"recommendation": "refuse", "grounds": ["2", "11"], "ground_11_text": DOUBTED}
    caseworker = at_desk("caseworker.ista@example.org", "de")
    for entries in (ADMISSIBLE, SEARCHED, refused):
        desk.complete(caseworker, reference, entries)
    desk.complete(at_desk("decider.ista@example.org", "en"), reference, {"approved": "yes"})

    letter = letters.download(page, tmp_path, count=2)
    look(page)
    text = letters.text(letter)
    assert "Haddad" in text
    assert DOUBTED in text
    assert text.count("[X] 2.") == 2
    assert text.count("[X] 11.") == 2
    assert "Visum" in text
    assert "visa" in text
    assert "Signature is Valid" in letters.signature(letter)
    assert "Signature is Valid" not in letters.signature(letters.changed(letter))
