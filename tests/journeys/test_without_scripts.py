"""Without JavaScript the whole way to the mission is open."""

from playwright.sync_api import expect

from tests.journeys import applying
from tests.journeys.conftest import NewContext, Service
from tests.journeys.people import Applicant, follow, press, sign_in_applicant

ANA = Applicant("Souza", "Ana", "ana.souza@example.org", nationality="BRA", country="BR", state="BR-SP")


def test_an_application_is_sent_without_scripts(new_context: NewContext, service: Service) -> None:
    page = new_context("en", phone=True, scripts=False).new_page()

    applying.find_and_start(page, ANA)
    follow(page.locator("main a.kern-btn--primary"))
    page.locator("[name=surname]").fill("Souza")
    press(page)
    expect(page.locator("#error-summary a")).not_to_have_count(0)
    expect(page.locator("[name=surname]")).to_have_value("Souza")
    follow(page.locator("button[name=switch_to][value=ar]"))
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.locator("[name=surname]")).to_have_value("Souza")
    follow(page.locator("main .back-link"))
    applying.fill_draft(page, ANA.all_answers())
    follow(page.locator("main .actions a.kern-btn--primary"))
    sign_in_applicant(page, service.mail_url, ANA.email)
    reference = applying.declare_and_send(page)
    applying.book(page)

    page.goto("/my/")
    expect(page.locator("main")).to_contain_text(reference)
