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
FILL_UNSEEN = """async ([address, answers, most]) => {
  let answer = await fetch(address);
  for (let number = 0; number < most && !answer.url.endsWith('/review/'); number++) {
    const form = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('#page-form');
    const data = new FormData(form);
    for (const {name, type} of form.elements) {
      if (!(name in answers) || type === 'hidden') continue;
      data.delete(name);
      answers[name].forEach(value => data.append(name, value));
    }
    answer = await fetch(answer.url, {method: 'POST', body: new URLSearchParams(data)});
  }
  return answer.url;
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
        _add_entries(page, answers)
        fill(page, answers)
        press(page)
    raise AssertionError(f"the draft does not end: {page.url} {page.locator('main').inner_text()}")


def fill_unseen(page: Page, answers: Mapping[str, Any]) -> None:
    """The same way without drawing the pages, for somebody whose pages were seen; ends at the review."""
    first = page.locator("main a.kern-btn--primary").get_attribute("href")
    entries = {name: text for answer in answers.items() for name, text in written(*answer)}
    last = page.evaluate(FILL_UNSEEN, [first, entries, MOST_PAGES])
    assert last.endswith("/review/"), last
    page.goto(last)


def _add_entries(page: Page, answers: Mapping[str, Any]) -> None:
    """Ask for a second entry of a group of which there are two answers."""
    for group in {name.partition("-1-")[0] for name in answers if "-1-" in name}:
        if (
            page.locator(f"main [name^='{group}-0-']").count()
            > 0
            == page.locator(f"[name^='{group}-1-']").count()
        ):
            follow(page.locator(f"main button[name=add][value='{group}']"))


def fill(page: Page, answers: Mapping[str, Any], *, prefix: str = "") -> None:
    """Answer the questions that are on this page, in one go, with the events of typing and leaving a field."""
    entries = {prefix + name: text for answer in answers.items() for name, text in written(*answer)}
    refused = page.evaluate(FILL, entries)
    assert refused == [], f"{page.url}: cannot be answered: {refused}"


def written(name: str, answer: Any) -> Iterator[tuple[str, list[str]]]:
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
