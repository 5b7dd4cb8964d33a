"""A visa is granted: applicant in French, officers at Los Angeles, each in a language of their own."""

from datetime import timedelta
from pathlib import Path

from django.utils import translation
from django.utils.translation import gettext
from playwright.sync_api import Page, expect

from consular.core import clock
from tests.journeys import applying, demo, desk, letters
from tests.journeys.conftest import AtDesk, NewContext, Service
from tests.journeys.mailbox import mails_with
from tests.journeys.people import follow, look, press

QUESTION = "Please send us the <b>day</b> of your return flight."
TOLD = (
    "Your sign-in code",
    "We have received your application",
    "You have a new message",
    "It is your turn",
    "Your appointment is confirmed",
    "Your application has been decided",
    "Ready for collection",
)
LODGED = {
    "identity_checked": "yes",
    "biometrics": "taken",
    "fee": "paid",
    "documents_seen": ["travel_document", "photograph", "insurance"],
}
ADMISSIBLE = {"admissibility": "admissible"}
SEARCHED = {"registers": ["vis", "sis"], "hits": "none"}


def test_a_case_is_asked_about_lodged_proposed_approved_and_handed_over(
    new_context: NewContext, at_desk: AtDesk, service: Service, tmp_path: Path
) -> None:
    page = new_context("fr", phone=True).new_page()
    reference = demo.at_home(page, demo.DIALLO, service.mail_url)
    clerk = at_desk("intake-clerk.losa@example.org", "de")
    caseworker = at_desk("caseworker.losa@example.org", "en")
    decider = at_desk("decider.losa@example.org", "fr")

    desk.complete(clerk, reference, {"complete": "no", "request": QUESTION})
    _answer(page)
    desk.complete(clerk, reference, {"complete": "yes"})
    page.reload()
    applying.book(page, look)
    page.goto(f"/cases/{reference}/")
    desk.complete(clerk, reference, LODGED)

    for entries in (ADMISSIBLE, SEARCHED, _proposal()):
        desk.complete(caseworker, reference, entries)
    expect(caseworker.locator(desk.TASK)).to_have_count(0)
    desk.open_case(decider, reference)
    expect(decider.locator("main section.card dl").first).to_contain_text("Caseworker LOSA")
    desk.complete(decider, reference, {"approved": "yes"})

    letter = letters.download(page, tmp_path, count=3)
    assert "Diallo" in letters.text(letter)
    look(page)
    _check(new_context("en").new_page(), letter)
    desk.complete(clerk, reference, {"handed_to": "applicant"})
    page.reload()
    with translation.override("fr"):
        expect(page.locator("#state ~ p .tag").first).to_have_text(gettext("Closed"))
    follow(page.locator("main a[href$='/appointment/']"))
    expect(page.locator("main a[href$='/move/']")).to_have_count(0)
    look(page)
    expect(clerk.locator(desk.TASK)).to_have_count(0)
    _mails(service.mail_url, reference)


def _answer(page: Page) -> None:
    """The applicant reads the question, as text and not as markup, and answers it."""
    page.reload()
    expect(page.locator("main article.card")).to_contain_text(QUESTION)
    look(page)
    page.locator("textarea[name=text]").fill("The flight back is on the tenth day.")
    follow(page.locator("form[action$='/messages/'] button"))
    expect(page.locator("main article.card")).to_have_count(2)


def _proposal() -> dict[str, object]:
    first = clock.today() + timedelta(days=50)
    return {
        "checked": ["document", "purpose", "means"],
        "recommendation": "grant",
        "visa_type": "C",
        "valid_from": first,
        "valid_until": first + timedelta(days=26),
        "entries": "1",
        "days": "11",
    }


def _check(page: Page, letter: Path) -> None:
    """Anybody checks the letter: by its code, by its file, and by a file in which one byte is another."""
    page.goto(f"/verify/{letters.code(letter)}/")
    expect(page.locator("main .kern-alert--success")).to_be_visible()
    expect(page.locator("main")).not_to_contain_text("Diallo")
    look(page)
    for file, verdict in ((letter, "success"), (letters.changed(letter), "danger")):
        page.goto("/verify/")
        page.locator("input[type=file]").set_input_files(file)
        press(page, within="main form[enctype]")
        expect(page.locator(f"main .kern-alert--{verdict}")).to_be_visible()
        look(page)


def _mails(mail_url: str, reference: str) -> None:
    """There is a mail about each step, in French, and none says whom or which case it is about."""
    with translation.override("fr"):
        subjects = {gettext(subject) for subject in TOLD}
    for mail in mails_with(mail_url, demo.DIALLO.email, subjects):
        for personal in ("Diallo", "Moussa", reference, QUESTION):
            assert personal not in mail.subject
            assert personal not in mail.body
