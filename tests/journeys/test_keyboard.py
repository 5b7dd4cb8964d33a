"""With the keyboard alone, and always seeing where one is."""

from playwright.sync_api import Page, TimeoutError, expect

from tests.journeys.conftest import NewContext, Service
from tests.journeys.mailbox import mailed_code

EMAIL = "keyboard@example.org"
MOST_STOPS = 60
SEEN = """() => {
  const at = document.activeElement, style = getComputedStyle(at), box = at.getBoundingClientRect();
  const marked = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 || style.boxShadow !== 'none';
  return marked && box.bottom > 0 && box.top < innerHeight && box.width > 0;
}"""


def test_signing_in_and_a_page_of_the_form_need_only_the_keyboard(
    new_context: NewContext, service: Service
) -> None:
    page = new_context("en").new_page()
    page.goto(
        "/sign-in/?next=/find/%3Fservice%3Dschengen_visa%26nationality%3DIND%26country%3DIN%26state%3DIN-MH"
    )
    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    page.keyboard.press("Enter")
    _tab_to(page, "[name=email]")
    page.keyboard.type(EMAIL)
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign-in/code/")
    _tab_to(page, "[name=code]")
    page.keyboard.type(mailed_code(service.mail_url, EMAIL))
    page.keyboard.press("Enter")
    page.wait_for_url("**/find/*")
    _tab_to(page, "form[action*='/apply/'] button")
    page.keyboard.press("Space")
    page.wait_for_url("**/drafts/*/")
    _tab_to(page, "a[href$='/passport/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/passport/")

    _passport(page)
    page.keyboard.press("Enter")
    page.wait_for_url("**/residence/")

    expect(page.locator("h1")).not_to_have_text("Your travel document")
    expect(page.locator("#error-summary")).to_have_count(0)
    page.go_back()
    expect(page.locator("[name=doc_number]")).to_have_value("X7654321")
    expect(page.locator("[name=doc_type][value=service]")).to_be_checked()


def _passport(page: Page) -> None:
    _tab_to(page, "[name=doc_type]")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    _tab_to(page, "[name=doc_number]")
    page.keyboard.type("X7654321")
    for name, year in (("doc_issue_date", "2025"), ("doc_valid_until", "2034")):
        for part, typed in (("day", "1"), ("month", "2"), ("year", year)):
            _tab_to(page, f"[name={name}_{part}]")
            page.keyboard.type(typed)
    _tab_to(page, "[name=doc_issued_by]")
    page.keyboard.type("India")
    _tab_to(page, "form button.kern-btn--primary")


def _sees_focus(page: Page) -> None:
    """The page may need a moment to scroll there."""
    try:
        page.wait_for_function(SEEN, timeout=5_000)
    except TimeoutError:
        at = page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
        raise AssertionError(f"{page.url}: focus cannot be seen on {at}") from None


def _tab_to(page: Page, css: str) -> None:
    """Tab until there; at every stop one sees where one is."""
    target = page.locator(f"main {css}:focus")
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        _sees_focus(page)
        if target.count():
            return
    raise AssertionError(f"{page.url}: the keyboard does not reach {css}")
