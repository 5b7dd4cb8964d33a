"""An applicant from Ghana who lives in Maharashtra, in German, on a phone."""

import re
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import Page, Response, expect

from consular.core import clock
from tests.journeys import applying, letters
from tests.journeys.conftest import NewContext, Service
from tests.journeys.mailbox import mails
from tests.journeys.people import Applicant, follow, look, press, sign_in_applicant

AMA = Applicant(
    "Mensah",
    "Ama Serwaa",
    "ama.mensah@example.org",
    nationality="GHA",
    country="IN",
    state="IN-MH",
    answers={
        "surname_at_birth": "Owusu",
        "civil_status": "other",
        "civil_status_other": "Customary marriage",
        "has_other_destinations": "yes",
        "other_destinations": ["FRA", "AUT"],
    },
)


def test_an_applicant_finds_the_mission_applies_and_books_in_german_on_a_phone(
    new_context: NewContext, service: Service, tmp_path: Path
) -> None:
    page = new_context("de", phone=True).new_page()
    answers = AMA.all_answers()

    page.goto("/find/?service=schengen_visa&nationality=GHA&country=IN&state=IN-MH")
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.locator("#mission")).to_contain_text("Mumbai")
    expect(page.locator("#mission ~ .lead")).not_to_be_empty()
    expect(page.locator("main dl").first).to_contain_text("90,00")
    expect(page.locator("main .checklist li").nth(3)).to_be_visible()
    applying.find_and_start(page, AMA, look)
    follow(page.locator("main a.kern-btn--primary"))

    _wrong_date(page, answers)
    _switch_language(page)
    press(page)
    expect(page.locator("[name=civil_status_other]")).to_be_visible()
    follow(page.locator("main .back-link"))
    applying.fill_draft(page, answers, look)

    expect(page.locator("main")).to_contain_text("Owusu")
    look(page)
    follow(page.locator("main .actions a.kern-btn--primary"))
    look(page)
    sign_in_applicant(page, service.mail_url, AMA.email)
    reference = applying.declare_and_send(page, look)
    letter = letters.download(page, tmp_path)
    assert "Mensah, Ama Serwaa" in letters.text(letter)
    assert "Owusu" in letters.text(letter)
    look(page)

    _book_and_move(page)
    page.goto("/my/")
    expect(page.locator("main")).to_contain_text(reference)
    look(page)
    assert all("Mensah" not in mail.subject for mail in mails(service.mail_url, AMA.email))


def _is_page(answer: Response) -> bool:
    """The answer to a button, not to what the script saves meanwhile."""
    return answer.request.method == "POST" and answer.request.is_navigation_request()


def _wrong_date(page: Page, answers: dict[str, object]) -> None:
    """A birthday next year: refused with everything typed still there, the summary in focus."""
    wrong = clock.today() + timedelta(days=365)
    applying.fill(page, answers | {"birth_date": wrong})
    with page.expect_response(_is_page) as posted:
        press(page)
    assert posted.value.status == 422
    expect(page.locator("#error-summary")).to_be_focused()
    expect(page.locator("#error-summary a").first).to_have_attribute("href", "#id_birth_date")
    expect(page.locator("[name=surname]")).to_have_value("Mensah")
    expect(page.locator("[name=birth_date_year]")).to_have_value(str(wrong.year))
    expect(page.locator("[name=nationality]")).to_have_value("GHA")
    expect(page.locator("[name=sex][value=female]")).to_be_checked()
    look(page)
    applying.fill(page, {"birth_date": answers["birth_date"]})


def _switch_language(page: Page) -> None:
    """In the middle of the page to French and back; what was typed and not yet saved stays."""
    page.locator("[name=birth_place]").fill("Kumasi, halb getippt")
    for language in ("fr", "de"):
        follow(page.locator(f"button[name=switch_to][value={language}]"))
        expect(page.locator("html")).to_have_attribute("lang", language)
        expect(page.locator("[name=birth_place]")).to_have_value("Kumasi, halb getippt")
        expect(page.locator("[name=civil_status][value=other]")).to_be_checked()
        look(page)


def _book_and_move(page: Page) -> None:
    applying.book(page, look)
    first = page.locator("main dl").inner_text()
    follow(page.locator("main a[href$='/move/']"))
    look(page)
    follow(page.locator("main nav li a").nth(1))
    page.locator("input[name=slot]").last.check()
    press(page)
    expect(page).to_have_url(re.compile("/appointment/(#.*)?$"))
    assert page.locator("main dl").inner_text() != first
    follow(page.locator("main .back-link"))
    expect(page.locator("#appointment ~ p strong")).to_be_visible()
    look(page)
