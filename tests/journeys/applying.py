"""The applicant's way from the start page to the case page."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.journeys.people import Applicant, follow, press, sign_in_applicant

Look = Callable[[Page], None]
MOST_PAGES = 25


def unseen(page: Page) -> None:
    """Look at nothing: this way was looked at in another journey."""


def find_and_start(page: Page, who: Applicant, look: Look = unseen) -> None:
    """Start page, finder with the state asked in a second step, answer, start."""
    page.goto("/")
    look(page)
    follow(page.locator("main a.kern-btn--primary"))
    look(page)
    for name, value in {"nationality": who.nationality, "country": who.country}.items():
        page.locator(f"select[name={name}]").select_option(value)
    page.locator("select[name=service]").select_option("schengen_visa")
    press(page, within="main form[method=get]")
    page.locator("select[name=state]").select_option(who.state)
    look(page)
    press(page, within="main form[method=get]")
    look(page)
    press(page, within="main form[action*='/apply/']")
    expect(page).to_have_url(re.compile(r"/drafts/[0-9A-Z-]+/$"))
    look(page)


def fill_draft(page: Page, answers: Mapping[str, Any], look: Look = unseen) -> None:
    """Every page of the draft, from the list to the review; new questions of a page are answered when they come."""
    follow(page.locator("main a.kern-btn--primary"))
    for _ in range(MOST_PAGES):
        if page.url.endswith("/review/"):
            return
        look(page)
        fill(page, answers)
        press(page)
    raise AssertionError(f"the draft does not end: {page.url} {page.locator('main').inner_text()}")


def fill(page: Page, answers: Mapping[str, Any], *, prefix: str = "") -> None:
    """Answer the questions that are on this page."""
    shown = {name: answer for name, answer in answers.items() if _inputs(page, prefix + name, answer).count()}
    for name, answer in shown.items():
        _answer(page, prefix + name, answer)


def _inputs(page: Page, name: str, answer: object) -> Locator:
    part = "_day" if isinstance(answer, date) else ""
    return page.locator(f"main [name='{name}{part}']")


def _answer(page: Page, name: str, answer: Any) -> None:
    if isinstance(answer, date):
        for part in ("day", "month", "year"):
            page.locator(f"[name='{name}_{part}']").fill(str(getattr(answer, part)))
        return
    inputs = page.locator(f"main [name='{name}']")
    if inputs.first.get_attribute("type") in {"radio", "checkbox"}:
        for value in answer if isinstance(answer, list) else [answer]:
            page.locator(f"main [name='{name}'][value='{value}']").check()
    elif page.locator(f"main select[name='{name}']").count():
        inputs.select_option(answer)
    else:
        inputs.fill(answer)


def declare_and_send(page: Page, look: Look = unseen) -> str:
    """Confirm every declaration and send; the reference of the case, whose page is open then."""
    expect(page).to_have_url(re.compile("/send/$"))
    look(page)
    for box in page.locator("main input[type=checkbox]").all():
        box.check()
    press(page)
    expect(page).to_have_url(re.compile(r"/cases/[0-9A-Z-]+/$"))
    return page.url.rstrip("/").rpartition("/")[2]


def apply(page: Page, who: Applicant, mail_url: str) -> str:
    """The whole way, with nothing special on it; the reference of the case."""
    find_and_start(page, who)
    fill_draft(page, who.all_answers())
    follow(page.locator("main .actions a.kern-btn--primary"))
    sign_in_applicant(page, mail_url, who.email)
    return declare_and_send(page)


def book(page: Page, look: Look = unseen) -> None:
    """From the case page: the first free time, held, confirmed; the page of the appointment is open then."""
    follow(page.locator("main a[href$='/appointment/']"))
    look(page)
    page.locator("input[name=slot]").first.check()
    press(page)
    expect(page).to_have_url(re.compile("/appointment/confirm/$"))
    look(page)
    press(page)
    expect(page).to_have_url(re.compile("/appointment/$"))
    look(page)
