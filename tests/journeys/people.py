"""The people of the journeys: who they are, how they sign in, what is looked at on every page they see."""

import base64
import os
import re
import secrets
import time
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from django_otp.oath import TOTP
from playwright.sync_api import Locator, Page, expect

from consular.core import clock
from consular.formspec import places, postal_codes
from tests.journeys.mailbox import mailed_code, mailed_codes

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """rules => axe.run(document, {
  runOnly: {type: 'tag', values: rules}, resultTypes: ['violations'], preload: false,
})"""
BUILD = """() => {
  const told = new Set(['class', 'role', 'type', 'dir', 'scope', 'tabindex', 'hidden', 'aria-hidden', 'aria-invalid',
    'aria-current', 'aria-expanded', 'aria-live']);
  const has = element => Array.from(element.childNodes).some(node => node.nodeType === 3 && node.data.trim());
  const answers = new Set(['value', 'checked', 'selected']);
  const say = ({name, value}) => told.has(name) ? name + '=' + value : name + (value ? '' : ' empty');
  const line = element => [element.tagName, has(element) ? 'text' : '',
    ...Array.from(element.attributes).filter(({name}) => !answers.has(name)).map(say)].join(' ');
  const hashed = text => Array.from(text).reduce((sum, char) => (Math.imul(sum, 31) + char.codePointAt(0)) | 0, 7);
  const ways = new Map(), levels = new Set();
  let level = 0;
  for (const element of document.querySelectorAll('*:not(.languages *)')) {
    ways.set(element, hashed(`${ways.get(element.parentElement)} ${line(element)}`));
    if (/^H[1-6]$/.test(element.tagName)) levels.add(`${level}${level = element.tagName[1]}`);
  }
  const looks = ['(prefers-color-scheme: dark)', '(forced-colors: active)'].map(query => matchMedia(query).matches);
  return [...levels, ...new Set(ways.values())].map(part => [innerWidth, ...looks, part].join('|'));
}"""
"""The parts that axe judges: each element in what it is in, with classes, roles, states and direction, and which
heading follows which; at a width and in colours. Not the words, nor how often there is the same.
"""
JUDGED: set[str] = set()
"""The parts of pages in which axe has found nothing; a page made of nothing else is not judged again."""
MOST_BYTES = 100_000
SIZE = """drawn => {
  const sent = document.documentElement.cloneNode(true);
  sent.querySelectorAll(drawn).forEach(element => element.replaceChildren());
  return new TextEncoder().encode(sent.outerHTML).length;
}"""
NARROWEST = 320
"""Pixels: what remains of 1280 at 400 per cent (WCAG 1.4.10)."""
LIVING = {
    "eu_family": "no",
    "occupation": "none",
    "fingerprints_before": "no",
    "staying": ["accommodation"],
    "accommodations-0-accommodation_name": "Example Hotel",
    "accommodations-0-accommodation_state": "DEU",
    "accommodations-0-accommodation_address_lines": "1 Example Square",
    "accommodations-0-accommodation_address_postal_code": "10115",
    "accommodations-0-accommodation_address_place": "Berlin",
    "costs": ["self"],
    "self_means": ["cash", "credit_card"],
    "filled_by_other": "no",
}
"""How applicants live, stay and pay, as it is typed."""


@dataclass(frozen=True)
class Officer:
    """A member of staff with password and authenticator."""

    email: str
    password: str
    secret: str

    def code(self) -> str:
        """What the authenticator shows now."""
        totp = TOTP(base64.b32decode(self.secret))
        totp.time = time.time()
        return f"{totp.token():06d}"


@dataclass(frozen=True)
class Applicant:
    """Somebody who never lived; `answers` are added to those that everybody gives.

    Each has a passport of their own, for there is one appointment for each.
    """

    surname: str
    given_names: str
    email: str
    nationality: str
    country: str
    state: str
    answers: dict[str, Any] = field(default_factory=dict)
    passport: str = field(default_factory=lambda: f"X{secrets.randbelow(10**7):07}")

    def all_answers(self) -> dict[str, Any]:
        """What this person enters, by the name of the question; dates are typed in three parts."""
        today = clock.today()
        usual = {
            "surname": self.surname,
            "given_names": self.given_names,
            "birth_date": today - timedelta(days=12_000),
            "birth_place": "Exampletown",
            "birth_country": self.nationality,
            "has_other_nationalities": "no",
            "sex": "female",
            "civil_status": "single",
            "doc_type": "ordinary",
            "doc_number": self.passport,
            "doc_issue_date": today - timedelta(days=400),
            "doc_valid_until": today + timedelta(days=2000),
            "doc_issued_by": self.nationality,
            "home_address_lines": "1 Example Street",
            "home_address_postal_code": postal_codes.example(places.alpha_3(self.country)),
            "home_address_place": "Exampletown",
            "email": self.email,
            "phone": "+49 30 123456",
            "residence_permit": "Residence permit",
            "residence_permit_number": "RP1001",
            "residence_permit_until": today + timedelta(days=900),
            "purposes": ["tourism"],
            "main_destination": "DEU",
            "has_other_destinations": "no",
            "first_entry": "DEU",
            "entries": "single",
            "arrival_date": today + timedelta(days=50),
            "departure_date": today + timedelta(days=60),
        } | LIVING
        return usual | self.answers


def look(page: Page, *, drawn: str = "no-such-element") -> None:
    """What is checked on every page: axe finds nothing, nothing is cut off sideways, the page is small.

    What a script has put into the element `drawn` is no part of the page that was sent.
    """
    picture(page)
    findings = _axe(page)
    assert findings == [], f"{page.url}: {findings}"
    size: int = page.evaluate(SIZE, drawn)
    assert size < MOST_BYTES, f"{page.url} has {size} bytes"
    usual = page.viewport_size
    assert usual is not None
    for width in {usual["width"], NARROWEST}:
        page.set_viewport_size({"width": width, "height": usual["height"]})
        assert overflow(page) <= 0, f"{page.url} is {overflow(page)} pixels wider than {width}"
    page.set_viewport_size(usual)


def picture(page: Page) -> None:
    """For whoever wants to look: pictures in the folder that PICTURES names."""
    if folder := os.environ.get("PICTURES"):
        name = re.sub(r"[^a-z]+", "-", page.url.partition("//")[2].partition("/")[2]).strip("-")
        page.screenshot(path=Path(folder) / f"{time.time():.2f}-{name}.png", full_page=True)


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than the screen."""
    width: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return width


def _axe(page: Page) -> list[str]:
    build = set(page.evaluate(BUILD))
    if build <= JUDGED:
        return []
    page.evaluate(AXE)
    result: dict[str, Any] = page.evaluate(RUN, RULES)
    if not result["violations"]:
        JUDGED.update(build)
    return [
        f"{violation['id']}: {node['target']} {node.get('failureSummary', '')}"
        for violation in result["violations"]
        for node in violation["nodes"]
    ]


def press(page: Page, *, within: str = "main form[method=post]") -> None:
    """Press the main button of the page's form."""
    follow(page.locator(f"{within} button.kern-btn--primary").first)


def follow(link: Locator) -> None:
    """Click, and wait until the next page is there."""
    with link.page.expect_navigation():
        link.click()


def sign_in_applicant(page: Page, mail_url: str, email: str) -> None:
    """The address, then the code from the mailbox; `page` is on the sign-in page."""
    known = len(mailed_codes(mail_url, email))
    page.locator("input[name=email]").fill(email)
    press(page)
    expect(page).to_have_url(re.compile("/sign-in/code/$"))
    page.locator("input[name=code]").fill(mailed_code(mail_url, email, known=known))
    press(page)
    expect(page).not_to_have_url(re.compile("/sign-in/"))


def sign_in_officer(page: Page, officer: Officer) -> None:
    """Password, then the authenticator's code; a code of the last half minute may be used up."""
    page.goto("/desk/sign-in/")
    page.locator("input[name=email]").fill(officer.email)
    page.locator("input[name=password]").fill(officer.password)
    press(page)
    for _ in range(3):
        page.locator("input[name=code]").fill(officer.code())
        follow(page.locator("main form button").first)
        if "/second-factor/" not in page.url:
            return
        time.sleep(31 - time.time() % 30)
    expect(page).to_have_url(re.compile("/desk/$"))
