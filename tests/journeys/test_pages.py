"""The pages that are open to everybody, in every language, on the narrowest screen."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import AtDesk, NewContext
from tests.journeys.people import look, press

LANGUAGES = {"en": "ltr", "de": "ltr", "fr": "ltr", "ar": "rtl"}
PAGES = (
    "/",
    "/find/",
    "/find/?service=schengen_visa&nationality=GHA&country=IN&state=IN-MH",
    "/find/?service=schengen_visa&nationality=&country=XX",
    "/find/?service=schengen_visa&nationality=GHA&country=KE&view=steps",
    "/find/?service=schengen_visa&nationality=GHA&country=AQ",
    "/sign-in/",
    "/my/",
    "/verify/",
    "/verify/0000-0000-0000-0000-0000-0000/",
    "/privacy/",
    "/accessibility/",
    "/imprint/",
    "/desk/sign-in/",
    "/no-such-page/",
)
OFFICERS_PAGES = (
    "/desk/",
    "/desk/?show=mine",
    "/desk/absences/",
    "/desk/appointments/",
    "/desk/jobs/",
    "/desk/factors/",
    "/desk/factors/app/",
    "/desk/password/",
    "/desk/watch/",
    "/desk/watch/?show=tasks",
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_open_pages_are_accessible_and_fit_the_screen(new_context: NewContext, language: str) -> None:
    page = new_context(language, phone=True).new_page()

    for address in PAGES:
        page.goto(address)
        expect(page.locator("html")).to_have_attribute("lang", language)
        expect(page.locator("html")).to_have_attribute("dir", LANGUAGES[language])
        expect(page.locator("h1")).to_have_count(1)
        look(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_forms_with_mistakes_are_accessible(new_context: NewContext, language: str) -> None:
    page = new_context(language, phone=True).new_page()

    page.goto("/sign-in/")
    page.locator("[name=email]").fill("nobody")
    press(page)
    expect(page.locator("#error-summary")).to_be_focused()
    look(page)
    page.goto("/verify/")
    page.locator("[name=letter_code]").fill("<b>")
    press(page)
    expect(page.locator("#error-summary")).to_be_focused()
    look(page)


@pytest.mark.parametrize(
    ("email", "language"),
    [
        ("administrator@example.org", "ar"),
        ("intake-clerk.losa@example.org", "de"),
        ("head-of-section.losa@example.org", "ar"),
    ],
)
def test_pages_of_officers_are_accessible(at_desk: AtDesk, email: str, language: str) -> None:
    page = at_desk(email, language)

    for address in OFFICERS_PAGES:
        page.goto(address)
        expect(page.locator("h1")).to_have_count(1)
        look(page)
