"""With the keyboard alone, and always seeing where one is."""

from functools import partial

from playwright.sync_api import Page, expect

from tests.journeys import keys
from tests.journeys.conftest import NewContext, Service
from tests.journeys.mailbox import mailed_code

EMAIL = "keyboard@example.org"
tab_to = partial(keys.tab_to, looking=True)


def test_signing_in_and_a_page_of_the_form_need_only_the_keyboard(
    new_context: NewContext, service: Service
) -> None:
    page = new_context("en").new_page()
    page.goto(
        "/sign-in/?next=/find/%3Fservice%3Dschengen_visa%26nationality%3DIND%26country%3DIN%26state%3DIN-MH"
    )
    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    page.keyboard.press("Enter")
    tab_to(page, "[name=email]")
    page.keyboard.type(EMAIL)
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign-in/code/")
    tab_to(page, "[name=code]")
    page.keyboard.type(mailed_code(service.mail_url, EMAIL))
    page.keyboard.press("Enter")
    page.wait_for_url("**/find/*")
    tab_to(page, "form[action*='/apply/'] button")
    page.keyboard.press("Space")
    page.wait_for_url("**/drafts/*/")
    tab_to(page, "a[href$='/passport/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/passport/")

    _passport(page)
    page.keyboard.press("Enter")
    page.wait_for_url("**/residence/")

    expect(page.locator("h1")).not_to_have_text("Your travel document")
    expect(page.locator("#error-summary")).to_have_count(0)
    page.go_back()
    expect(page.locator("[name=doc_number]")).to_have_value("X7654321")
    expect(page.locator("[name=doc_type][value=service]")).to_be_checked()


def _passport(page: Page) -> None:
    tab_to(page, "[name=doc_type]")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    tab_to(page, "[name=doc_number]")
    page.keyboard.type("X7654321")
    for name, year in (("doc_issue_date", "2025"), ("doc_valid_until", "2034")):
        for part, typed in (("day", "1"), ("month", "2"), ("year", year)):
            tab_to(page, f"[name={name}_{part}]")
            page.keyboard.type(typed)
    tab_to(page, "[name=doc_issued_by]")
    page.keyboard.type("India")
    tab_to(page, "form button.kern-btn--primary")
