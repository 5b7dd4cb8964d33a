"""The applicant's way from the start page to the case page."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from playwright.sync_api import Page, expect

from tests.journeys.people import Applicant, follow, press, sign_in_applicant

Look = Callable[[Page], None]
MOST_PAGES = 25
FILL = """answers => {
  const refused = [];
  const tell = (field, type) => field.dispatchEvent(new Event(type, {bubbles: true}));
  for (const [name, wanted] of Object.entries(answers)) {
    for (const field of document.querySelectorAll(`main [name="${CSS.escape(name)}"]`)) {
      if (!field.checkVisibility()) continue;
      if (field.type === 'radio' || field.type === 'checkbox') {
        if (wanted.includes(field.value) && !field.checked) field.click();
        continue;
      }
      field.focus();
      field.value = wanted[0];
      if (field.value !== wanted[0]) refused.push(name);
      tell(field, 'input');
      tell(field, 'change');
    }
  }
  return refused;
}"""


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
    """Answer the questions that are on this page, in one go, with the events of typing and leaving a field."""
    written = {prefix + name: text for answer in answers.items() for name, text in _written(*answer)}
    refused = page.evaluate(FILL, written)
    assert refused == [], f"{page.url}: cannot be answered: {refused}"


def _written(name: str, answer: Any) -> Iterator[tuple[str, list[str]]]:
    """The fields of a question with what is written or chosen there; a date has three."""
    if isinstance(answer, date):
        yield from ((f"{name}_{part}", [str(getattr(answer, part))]) for part in ("day", "month", "year"))
    else:
        yield name, list(answer) if isinstance(answer, list) else [answer]


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
