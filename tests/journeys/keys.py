"""Working with the keyboard alone, and always seeing where one is."""

from collections.abc import Mapping
from typing import Any

from playwright.sync_api import Page, TimeoutError

from tests.journeys.applying import written

MOST_STOPS = 150
MOST_CHOICES = 10
SEEN = """() => {
  const at = document.activeElement, style = getComputedStyle(at), box = at.getBoundingClientRect();
  const marked = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 || style.boxShadow !== 'none';
  return marked && box.bottom > 0 && box.top < innerHeight && box.width > 0;
}"""


def sees_focus(page: Page) -> None:
    """The page may need a moment to scroll there."""
    try:
        page.wait_for_function(SEEN, timeout=30_000)
    except TimeoutError:
        at = page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
        raise AssertionError(f"{page.url}: focus cannot be seen on {at}") from None


def tab_to(page: Page, css: str, *, looking: bool = False) -> None:
    """Tab until there, where one sees where one is; `looking`: at every stop on the way, too."""
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if looking:
            sees_focus(page)
        if page.evaluate("css => document.activeElement.matches(css)", f"main {css}"):
            sees_focus(page)
            return
    raise AssertionError(f"{page.url}: the keyboard does not reach {css}")


def press(page: Page, css: str) -> None:
    """Tab to a link or button, and on to the next page."""
    tab_to(page, css)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def enter(page: Page, answers: Mapping[str, Any]) -> None:
    """Answer questions of an officer's task, in the order in which they stand on the page."""
    for question, answer in answers.items():
        for field, values in written(question, answer):
            _enter(page, f"[name$='-{field}']", values)


def _enter(page: Page, css: str, values: list[str]) -> None:
    field = page.locator(f"main {css}").first
    kind = field.get_attribute("type")
    for value in values:
        tab_to(page, f"{css}[value='{value}']" if kind == "checkbox" else css)
        if kind == "radio":
            _choose(page, f"main {css}[value='{value}']:checked")
        elif kind == "checkbox":
            page.keyboard.press("Space")
        else:
            option = field.locator(f"option[value='{value}']")
            page.keyboard.type(option.inner_text() if option.count() else value)


def _choose(page: Page, css: str) -> None:
    page.keyboard.press("Space")
    for _ in range(MOST_CHOICES):
        if page.locator(css).count():
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"{page.url}: cannot choose {css}")
