"""The whole service as `consular up` runs it, on a state of its own, and a real browser in front of it."""

import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, StorageState, expect, sync_playwright

from tests.journeys.people import Officer, sign_in_officer
from tests.processes import free_port

CHROMIUM = shutil.which("chromium")
NEEDED = {"chromium": "chromium", "pdftotext": "poppler-utils", "pdfsig": "poppler-utils"}
CHROMIUM_FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
ROOT = Path(__file__).resolve().parents[2]
SECONDS_TO_START = 120


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


@pytest.fixture(scope="package")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The service, started once for all journeys and stopped after the last of them."""
    home = tmp_path_factory.mktemp("service")
    port, mail_port = free_port(), free_port()
    left_out = {"DATABASE_URL", "BROKER_URL", "CONSULAR_ENV", "DJANGO_SETTINGS_MODULE", "EMAIL_HOST"}
    environment = {name: value for name, value in os.environ.items() if name not in left_out} | {
        "CONSULAR_ENV": "local",
        "CONSULAR_HOME": str(home),
        "PORT": str(port),
        "MAIL_PORT": str(mail_port),
    }
    with (home / "up.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "consular", "up"], cwd=ROOT, env=environment, stdout=log, stderr=log
        )
    running = Service(f"http://localhost:{port}", f"http://localhost:{mail_port}", home)
    try:
        _wait(running, process)
        yield running
    finally:
        process.terminate()
        process.wait(timeout=60)


def _wait(service: Service, process: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + SECONDS_TO_START
    while "consular is running" not in (service.home / "up.log").read_text(encoding="utf-8"):
        if process.poll() is not None or time.monotonic() > end:
            pytest.fail(
                "the service did not start:\n" + (service.home / "up.log").read_text(encoding="utf-8")
            )
        time.sleep(0.3)
    urllib.request.urlopen(f"{service.url}/readyz", timeout=10).close()


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Debian's chromium."""
    expect.set_options(timeout=20_000)
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
        context.set_default_timeout(20_000)
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
