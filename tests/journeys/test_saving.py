"""With scripts each field is saved as it is left, and questions come and go without a button."""

import re

from playwright.sync_api import Page, expect

from tests.journeys import applying
from tests.journeys.conftest import NewContext
from tests.journeys.people import Applicant

LENA = Applicant("Keita", "Lena", "lena.keita@example.org", nationality="BRA", country="BR", state="BR-SP")


def leave(page: Page, name: str, text: str) -> None:
    """Type into a field and go on to the next one."""
    page.locator(f"[name={name}]").fill(text)
    page.keyboard.press("Tab")


def test_each_field_is_saved_as_it_is_left(new_context: NewContext) -> None:
    context = new_context("en", phone=True)
    page = context.new_page()
    applying.find_and_start(page, LENA)
    page.locator("main a.kern-btn--primary").click()

    leave(page, "surname", "Keita")
    expect(page.get_by_role("status")).to_contain_text("saved")
    other = context.new_page()
    other.goto(page.url)
    expect(other.locator("[name=surname]")).to_have_value("Keita")

    page.locator("[name=given_names]").fill("Lena")
    page.locator("[name=civil_status][value=other]").check()
    expect(page.locator("[name=civil_status_other]")).to_be_visible()
    expect(page.locator("[name=given_names]")).to_have_value("Lena")
    expect(page.locator(":focus")).to_have_attribute("name", "civil_status")

    leave(other, "surname", "Other")
    expect(other.get_by_role("status")).to_contain_text("changed in another window")
    page.locator("main .actions button").first.click()
    expect(page.locator("#error-summary")).to_be_visible()
    expect(page.locator("[name=surname]")).to_have_value("Keita")
    expect(page).to_have_url(re.compile("/identity/"))
