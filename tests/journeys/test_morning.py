"""A morning at the mission in Mumbai: thirty cases by keyboard alone."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from consular.core import clock
from tests.journeys import demo, keys, letters, seeding
from tests.journeys.conftest import AtDesk, NewContext, Service
from tests.journeys.people import look
from tests.journeys.test_emergency import KNOWN, PRINTED, SEARCHED
from tests.journeys.test_grant import LODGED

DOUBTED = "The letter of the employer names a company that does not exist."
LOSS = {
    "lost_document": "ID",
    "lost_on": clock.today(),
    "lost_at": "Mumbai",
    "reported_to": ["issuing", "competent", "police"],
}
CLERKS: dict[str, dict[str, Any]] = {
    "complete": {"complete": "no", "request": "Please add the page with your signature."},
    "identity_checked": LODGED,
    "established": KNOWN,
    "lost_document": LOSS,
    "printed_document": PRINTED,
    "handed_to": {"handed_to": "applicant"},
}
CASEWORKERS: dict[str, dict[str, Any]] = {
    "admissibility": {"admissibility": "transfer", "mission": "NEWD"},
    "recommendation": {"recommendation": "refuse", "grounds": ["2", "11", "12"], "ground_11_text": DOUBTED},
    "alert": SEARCHED,
}
DECIDERS: dict[str, dict[str, Any]] = {"approved": {"approved": "yes"}}
"""What is entered, by the first question that tells the task."""
AGAIN: dict[str, dict[str, Any]] = {"complete": {"complete": "yes"}}
"""What is entered from the second of such tasks on, where it is one choice: Enter completes the task from there."""
NEXT = "form[action$='/desk/next/'] button"
COMPLETE = "form[action*='/tasks/'] button.kern-btn--primary"
CASES = 30
MORE = 25
"""Cases of other people; the demo has the rest at this mission."""
MOST_TASKS = 80


def test_a_morning_needs_only_the_keyboard(
    new_context: NewContext, at_desk: AtDesk, service: Service, tmp_path: Path
) -> None:
    clerk, caseworker, decider = (
        at_desk(f"{role}.mumb@example.org", language)
        for role, language in (("intake-clerk", "de"), ("caseworker", "de"), ("decider", "ar"))
    )
    seeding.like(service.home, "Iyer", MORE)
    cases: set[str] = set()
    assert {"established", "lost_document", "complete", "identity_checked"} <= _work(clerk, CLERKS, cases)
    assert {"alert", "admissibility", "recommendation"} == _work(caseworker, CASEWORKERS, cases)
    refused, granted = demo.found(decider, demo.HADDAD), demo.found(decider, demo.FERNANDES)
    assert {"approved"} == _work(decider, DECIDERS, cases)
    _correct(caseworker, decider, granted)
    assert {"printed_document", "handed_to"} <= _work(clerk, CLERKS, cases)
    assert len(cases) >= CASES

    page = new_context("ar", phone=True).new_page()
    assert demo.at_home(page, demo.HADDAD, service.mail_url) == refused
    letter = letters.download(page, tmp_path, count=3)
    look(page)
    text = letters.text(letter)
    assert DOUBTED in text
    for ground in ("2", "11", "12"):
        assert text.count(f"[X] {ground}.") == 2
    assert "Visum" in text
    assert "visa" in text
    assert "Signature is Valid" in letters.signature(letter)
    assert "Signature is Valid" not in letters.signature(letters.changed(letter))


def _work(page: Page, tasks: dict[str, dict[str, Any]], cases: set[str]) -> set[str]:
    """Take one task after the other and complete it, until there is none; the questions with which they began."""
    done: set[str] = set()
    page.goto("/desk/")
    for _ in range(MOST_TASKS):
        _take_next(page)
        begun = next((name for name in tasks if page.locator(f"main [name$='-{name}']").count()), None)
        if "/cases/" not in page.url or begun is None:
            return done
        cases.add(page.url.partition("/cases/")[2].partition("/")[0])
        if begun in done and begun in AGAIN:
            keys.enter(page, AGAIN[begun])
            with page.expect_navigation():
                page.keyboard.press("Enter")
        else:
            if begun not in done:
                look(page)
            keys.enter(page, tasks[begun])
            keys.press(page, COMPLETE)
        expect(page.locator("main .kern-alert--success")).to_be_visible()
        done.add(begun)
    raise AssertionError(done)


def _take_next(page: Page) -> None:
    """In the queue by its key; on the page of the case that was just worked on, the button has the focus."""
    if "/cases/" in page.url:
        expect(page.locator(NEXT)).to_be_focused()
        keys.sees_focus(page)
    with page.expect_navigation():
        page.keyboard.press("Enter" if "/cases/" in page.url else "n")


def _correct(caseworker: Page, decider: Page, reference: str) -> None:
    """A letter is made anew, once a second person agrees; the one with the decision is there by then."""
    decider.goto(f"/desk/cases/{reference}/")
    letters.wait_for(decider, letters.LETTERS + ":not([href$='/change/'])", 3)
    caseworker.goto(f"/desk/cases/{reference}/")
    keys.press(caseworker, "a[href$='/change/']")
    look(caseworker)
    letter = caseworker.url
    keys.tab_to(caseworker, "[name=end]")
    caseworker.keyboard.press("Space")
    keys.tab_to(caseworker, "[name=reason]")
    caseworker.keyboard.type("The date of birth was corrected.")
    keys.press(caseworker, "button[value=propose]")
    decider.goto(letter)
    keys.press(decider, "button[value=approve]")
    expect(decider.locator("main .kern-alert--success")).to_be_visible()
    look(decider)
