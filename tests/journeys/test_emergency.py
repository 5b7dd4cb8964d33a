"""An emergency travel document: asked for from a phone, in the person's hands the same day."""

from datetime import timedelta

from playwright.sync_api import expect

from consular.core import clock
from tests.journeys import applying, desk
from tests.journeys.conftest import AtDesk, NewContext, Service
from tests.journeys.people import follow, look, press, sign_in_applicant

EMAIL = "tilo.muster@example.org"
ASKED = {
    "nationality": "DEU",
    "lost": "no",
    "present_country": "BRA",
    "present_area": "BR-SP",
    "lives_there": "no",
    "residence_country": "DEU",
    "returns_home": "yes",
    "travel_on": clock.today() + timedelta(days=1),
    "surname": "Muster",
    "given_names": "Tilo",
    "birth_date": clock.today() - timedelta(days=9_000),
    "birth_place": "Bonn",
    "phone": "+4930123456",
}
KNOWN = {
    "established": "yes",
    "identity_by": ["copy"],
    "custody": "adult",
    "photo": "taken",
    "height": "180",
    "eye_colour": "grau",
    "fee": "paid",
}
SEARCHED = {"registers": ["sis", "police"], "alert": "no"}
PRINTED = {
    "printed_document": "REAG",
    "serial_number": "R1234567",
    "valid_until": clock.today() + timedelta(days=10),
}
CLERK, SECOND, CASEWORKER, DECIDER = (
    f"{role}.saop@example.org" for role in ("intake-clerk", "intake-clerk2", "caseworker", "decider")
)


def test_a_document_asked_for_from_a_phone_is_issued_the_same_day(
    new_context: NewContext, at_desk: AtDesk, service: Service
) -> None:
    page = new_context("de", phone=True).new_page()
    page.goto("/find/?service=emergency_travel_document&nationality=DEU&country=BR&state=BR-SP")
    look(page)
    press(page, within="main form[action*='/apply/']")
    applying.fill_draft(page, ASKED, look)
    follow(page.locator("main .actions a.kern-btn--primary"))
    sign_in_applicant(page, service.mail_url, EMAIL)
    reference = applying.declare_and_send(page, look)
    look(page)

    clerk = at_desk(CLERK, "de")
    desk.complete(clerk, reference, KNOWN)
    desk.complete(at_desk(CASEWORKER, "ar"), reference, SEARCHED)
    desk.complete(at_desk(DECIDER, "de"), reference, {"approved": "yes"})
    clerk.reload()
    desk.complete(clerk, reference, PRINTED)
    for entries in ({"faultless": "yes"}, {"handed_to": "applicant"}, {"entered_on": clock.today()}):
        desk.complete(at_desk(SECOND, "de"), reference, entries)

    page.reload()
    expect(page.locator("#state ~ p .tag").first).to_have_text("Abgeschlossen")
    look(page)
