"""A morning at the mission in Mumbai, by keyboard alone."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from consular.core import clock
from tests.journeys import demo, keys, letters
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
NEXT = "form[action$='/desk/next/'] button"
COMPLETE = "form[action*='/tasks/'] button.kern-btn--primary"
MOST_TASKS = 12


def test_a_morning_needs_only_the_keyboard(
    new_context: NewContext, at_desk: AtDesk, service: Service, tmp_path: Path
) -> None:
    clerk, caseworker, decider = (
        at_desk(f"{role}.mumb@example.org", language)
        for role, language in (("intake-clerk", "de"), ("caseworker", "de"), ("decider", "ar"))
    )
    assert {"established", "lost_document", "complete", "identity_checked"} <= _work(clerk, CLERKS)
    assert {"alert", "admissibility", "recommendation"} == _work(caseworker, CASEWORKERS)
    refused, granted = demo.found(decider, demo.HADDAD), demo.found(decider, demo.FERNANDES)
    assert {"approved"} == _work(decider, DECIDERS)
    _correct(caseworker, decider, granted)
    assert {"printed_document", "handed_to"} <= _work(clerk, CLERKS)

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


def _work(page: Page, tasks: dict[str, dict[str, Any]]) -> set[str]:
    """Take the next task and complete it, until there is none; the questions with which they began."""
    done: set[str] = set()
    for _ in range(MOST_TASKS):
        page.goto("/desk/")
        keys.press(page, NEXT)
        begun = next((name for name in tasks if page.locator(f"main [name$='-{name}']").count()), None)
        if "/cases/" not in page.url or begun is None:
            return done
        if begun not in done:
            look(page)
        keys.enter(page, tasks[begun])
        keys.press(page, COMPLETE)
        expect(page.locator("main .kern-alert--success")).to_be_visible()
        done.add(begun)
    raise AssertionError(done)


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
