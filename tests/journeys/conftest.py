"""The whole service as `consular up` runs it, on a state of its own, and a real browser in front of it."""

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, StorageState, expect, sync_playwright

from tests.journeys.people import Officer, sign_in_officer
from tests.ops.service import Up

CHROMIUM = shutil.which("chromium")
NEEDED = {"chromium": "chromium", "pdftotext": "poppler-utils", "pdfsig": "poppler-utils"}
CHROMIUM_FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@dataclass(frozen=True)
class Service:
    """Where the running service answers, and its demo officers."""

    url: str
    mail_url: str
    home: Path

    def officer(self, email: str) -> Officer:
        """A demo officer, with what is needed to sign in."""
        text = (self.home / "demo-accounts.txt").read_text(encoding="utf-8")
        found = re.search(rf"{re.escape(email)}\s+secret (\w+)", text)
        password = re.search(r"password:  (.+)", text)
        assert found
        assert password
        return Officer(email, password.group(1), found.group(1))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without a browser or Poppler the journeys are left out, and say so."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.journey)
            for program, package in NEEDED.items():
                if shutil.which(program) is None:
                    item.add_marker(
                        pytest.mark.skip(reason=f"needs Debian's {package}: apt-get install {package}")
                    )


@pytest.fixture(scope="session")
def service(first_start: Up) -> Service:
    """The service, on a state of its own: the start that tests/ops/test_supervisor.py ends after the last journey."""
    return Service(
        f"http://localhost:{first_start.port}",
        f"http://localhost:{first_start.mail_port}",
        first_start.home,
    )


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Debian's chromium."""
    expect.set_options(timeout=60_000)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        yield chromium
        chromium.close()


NewContext = Callable[..., BrowserContext]
AtDesk = Callable[[str, str], Page]


@pytest.fixture
def new_context(browser: Browser, service: Service) -> Iterator[NewContext]:
    """Makes a browser of one person: phone width and a language, or an officer's screen."""
    opened: list[BrowserContext] = []

    def make(
        language: str = "en", *, phone: bool = False, scripts: bool = True, state: StorageState | None = None
    ) -> BrowserContext:
        context = browser.new_context(
            base_url=service.url,
            locale=language,
            viewport={"width": 375, "height": 740} if phone else {"width": 1280, "height": 900},
            java_script_enabled=scripts,
            storage_state=state,
        )
        context.set_default_timeout(60_000)
        opened.append(context)
        return context

    yield make
    for context in opened:
        context.close()


@pytest.fixture(scope="package")
def signed_in() -> dict[str, StorageState]:
    """What the browsers of officers keep: each signs in once, for a code of an authenticator works once."""
    return {}


@pytest.fixture
def at_desk(new_context: NewContext, service: Service, signed_in: dict[str, StorageState]) -> AtDesk:
    """A page of a demo officer who is signed in, in a language."""

    def make(email: str, language: str) -> Page:
        if email not in signed_in:
            page = new_context(language).new_page()
            sign_in_officer(page, service.officer(email))
            signed_in[email] = page.context.storage_state()
        return new_context(language, state=signed_in[email]).new_page()

    return make
