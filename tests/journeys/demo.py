"""The people of the demo, whose cases lie at the missions in every stage: nobody has to apply for them again."""

import re
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from tests.journeys.people import sign_in_applicant


@dataclass(frozen=True)
class Someone:
    """An applicant of the demo."""

    surname: str
    email: str


SHARMA = Someone("Sharma", "applicant1@example.org")
IYER = Someone("Iyer", "applicant2@example.org")
HADDAD = Someone("Haddad", "applicant4@example.org")
FERNANDES = Someone("Fernandes", "applicant5@example.org")
DIALLO = Someone("Diallo", "applicant6@example.org")
ALKHATIB = Someone("الخطيب", "applicant10@example.org")


def at_home(page: Page, who: Someone, mail_url: str) -> str:
    """This applicant signs in and opens their one case; its reference."""
    page.goto("/sign-in/?next=/my/")
    sign_in_applicant(page, mail_url, who.email)
    page.locator("main a[href*='/cases/']").first.click()
    expect(page).to_have_url(re.compile(r"/cases/[0-9A-Z-]+/$"))
    return page.url.rstrip("/").rpartition("/")[2]


def found(page: Page, who: Someone) -> str:
    """The reference of this applicant's case, as an officer finds it in the queue."""
    page.goto("/desk/")
    row = page.locator("main tbody tr").filter(has_text=who.surname)
    return row.locator(".reference").first.inner_text()
