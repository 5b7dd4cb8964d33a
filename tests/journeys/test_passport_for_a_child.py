"""A passport for a minor: the other parent gets a link by mail and agrees."""

from datetime import timedelta

from playwright.sync_api import expect

from consular.core import clock
from consular.formspec import postal_codes
from tests.journeys import applying
from tests.journeys.conftest import NewContext, Service
from tests.journeys.mailbox import mailed_code, mailed_link
from tests.journeys.people import follow, look, press, sign_in_applicant

MOTHER, FATHER = "clara.muster@example.org", "ben.muster@example.org"
PARENT = {
    "parent_surname": "Muster",
    "parent_birth_date": clock.today() - timedelta(days=12_000),
    "parent_birth_place": "Bonn",
    "parent_nationality": "DEU",
    "parent_has_custody": "yes",
    "parent_consent": "comes",
}
CHILD = {
    "case_type": "first",
    "document": "EPASS",
    "more_pages": "no",
    "express": "no",
    "can_come": "yes",
    "delivery": "collect",
    "surname": "Muster",
    "given_names": "Jona",
    "name_change": "none",
    "birth_date": clock.today() - timedelta(days=3000),
    "birth_place": "Bonn",
    "birth_country": "DEU",
    "height": "128",
    "eye_colour": "grün",
    "sex": "unspecified",
    "residence_country": "BRA",
    "residence_area": "BR-SP",
    "home_address_lines": "1 Example Street",
    "home_address_postal_code": postal_codes.example("BRA"),
    "home_address_place": "Exampletown",
    "applies_at": "residence",
    "nationality": "DEU",
    "citizenship_by": "birth",
    "has_other_nationalities": "no",
    "foreign_forces": "no",
    "custody": "joint",
    **{
        f"parents-{number}-{name}": answer
        for number, given in enumerate(("Clara", "Ben"))
        for name, answer in (PARENT | {"parent_given_names": given}).items()
    },
}


def test_the_other_parent_agrees_by_the_link_from_the_mailbox(
    new_context: NewContext, service: Service
) -> None:
    page = new_context("de", phone=True).new_page()
    page.goto("/find/?service=passport&nationality=DEU&country=BR&state=BR-SP")
    press(page, within="main form[action*='/apply/']")
    applying.fill_draft(page, CHILD, look)
    look(page)
    follow(page.locator("main .back-link"))
    follow(page.locator("main a[href$='/consent/']"))
    sign_in_applicant(page, service.mail_url, MOTHER)
    look(page)
    applying.fill(page, {"name": "Ben Muster", "email": FATHER, "language": "ar"})
    press(page, within="#page-form")
    asked = page.url
    look(page)

    father = new_context("ar", phone=True).new_page()
    father.goto(mailed_link(service.mail_url, FATHER, "/consent/"))
    expect(father.locator("main")).not_to_contain_text("Jona")
    look(father)
    follow(father.locator("form[action$='/code/'] button"))
    look(father)
    father.locator("input[name=code]").fill(mailed_code(service.mail_url, FATHER))
    follow(father.locator("form:has(input[name=code]) button"))
    expect(father.locator("main")).to_contain_text("Jona")
    look(father)
    follow(father.locator("button[name=agree]"))
    look(father)

    page.goto(asked)
    expect(page.locator("main .tag")).to_have_text("Zugestimmt")
    look(page)
    follow(page.locator("main .back-link"))
    follow(page.locator("main a.kern-btn--primary"))
    follow(page.locator("main .actions a.kern-btn--primary"))
    applying.declare_and_send(page)
