"""The officers' way: open a case, complete its task."""

import re
from collections.abc import Mapping
from typing import Any

from playwright.sync_api import Page, expect

from tests.journeys.applying import fill
from tests.journeys.people import look, press

TASK = "main form[action*='/tasks/']"


def open_case(page: Page, reference: str) -> None:
    """The page of one case."""
    page.goto(f"/desk/cases/{reference}/")
    look(page)


def complete(page: Page, reference: str, answers: Mapping[str, Any]) -> None:
    """Complete the one open task of the case; a page that shows none is loaded again."""
    if not page.url.endswith(f"/desk/cases/{reference}/"):
        open_case(page, reference)
    elif not page.locator(TASK).count():
        page.reload()
    action = page.locator(TASK).get_attribute("action") or ""
    found = re.search(r"/tasks/(\d+)/", action)
    assert found
    fill(page, answers, prefix=f"t{found.group(1)}-")
    press(page, within=TASK)
    expect(page.locator("main .kern-alert--success")).to_be_visible()
    look(page)
