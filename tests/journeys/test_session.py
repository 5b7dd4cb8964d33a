"""A session that ends in the middle of a page: sign in again, and be where one was, with the text still there."""

import re

from playwright.sync_api import expect

from tests.journeys import applying
from tests.journeys.conftest import NewContext, Service
from tests.journeys.people import follow, look, press, sign_in_applicant

EMAIL = "forgotten@example.org"
TYPED = {"surname": "Keita", "given_names": "Lena", "birth_place": "Halb getippt"}


def test_what_was_typed_is_there_after_signing_in_again(new_context: NewContext, service: Service) -> None:
    context = new_context("ar", phone=True)
    page = context.new_page()
    page.goto(
        "/sign-in/?next=/find/%3Fservice%3Dschengen_visa%26nationality%3DBRA%26country%3DBR%26state%3DBR-SP"
    )
    sign_in_applicant(page, service.mail_url, EMAIL)
    press(page, within="main form[action*='/apply/']")
    follow(page.locator("main a.kern-btn--primary"))
    draft = page.url

    context.clear_cookies(name=re.compile("session"))
    applying.fill(page, TYPED)
    expect(page.locator("[data-status]")).to_have_class(re.compile("warning"))
    look(page)
    press(page)
    expect(page).to_have_url(re.compile("/sign-in/"))
    sign_in_applicant(page, service.mail_url, EMAIL)

    assert page.url == draft
    for name, text in TYPED.items():
        expect(page.locator(f"[name={name}]")).to_have_value(text)
    look(page)
