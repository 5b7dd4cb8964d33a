"""The people of the journeys: how they sign in and what they look at."""

import base64
import re
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django_otp.oath import TOTP
from playwright.sync_api import Page, expect

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
MOST_BYTES = 100_000


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


def look(page: Page) -> None:
    """What is checked on every page: axe finds nothing, nothing is cut off sideways, the page is small."""
    findings = _axe(page)
    assert findings == [], f"{page.url}: {findings}"
    width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert width <= 0, f"{page.url} is {width} pixels wider than the screen"
    size = len(page.content().encode())
    assert size < MOST_BYTES, f"{page.url} has {size} bytes"


def _axe(page: Page) -> list[str]:
    page.evaluate(AXE)
    result: dict[str, Any] = page.evaluate(
        "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}, resultTypes: ['violations']})",
        RULES,
    )
    return [
        f"{violation['id']}: {node['target']} {node.get('failureSummary', '')}"
        for violation in result["violations"]
        for node in violation["nodes"]
    ]


def mailed_code(mail_url: str, address: str) -> str:
    """The newest six-digit code that was mailed to this address, waiting until the worker has sent it."""
    for _ in range(60):
        with urllib.request.urlopen(f"{mail_url}/?to={address}", timeout=5) as answer:
            codes = re.findall(r"(?<!\d)(\d{6})(?!\d)", answer.read().decode())
        if codes:
            return str(codes[0])
        time.sleep(0.5)
    raise AssertionError("no sign-in code arrived")


def sign_in_officer(page: Page, officer: Officer) -> None:
    """Password, then the authenticator's code; a code of the last half minute may be used up."""
    page.goto("/desk/sign-in/")
    page.locator("input[name=email]").fill(officer.email)
    page.locator("input[name=password]").fill(officer.password)
    page.locator("main form button").first.click()
    for _ in range(3):
        page.locator("input[name=code]").fill(officer.code())
        page.locator("main form button").first.click()
        if "/second-factor/" not in page.url:
            return
        time.sleep(31 - time.time() % 30)
    expect(page).to_have_url(re.compile("/desk/$"))
