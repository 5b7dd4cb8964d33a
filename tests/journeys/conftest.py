"""The whole service as `consular up` runs it, on a state of its own, and a real browser in front of it."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tests.journeys.people import Officer

CHROMIUM = shutil.which("chromium")
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
    """Journeys share one service: one process runs them all. Without a browser they are left out, and say so."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.journey)
            item.add_marker(pytest.mark.xdist_group("journeys"))
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="needs Debian's chromium: apt-get install chromium"))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The service, started once for all journeys and stopped like a person would."""
    home = tmp_path_factory.mktemp("service")
    port, mail_port = _free_port(), _free_port()
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
        process.send_signal(signal.SIGINT)
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


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's chromium."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        yield chromium
        chromium.close()


NewContext = Callable[..., BrowserContext]


@pytest.fixture
def new_context(browser: Browser, service: Service) -> Iterator[NewContext]:
    """Makes a browser of one person: phone width and a language, or an officer's screen."""
    opened: list[BrowserContext] = []

    def make(language: str = "en", *, phone: bool = False, scripts: bool = True) -> BrowserContext:
        context = browser.new_context(
            base_url=service.url,
            locale=language,
            viewport={"width": 375, "height": 740} if phone else {"width": 1280, "height": 900},
            java_script_enabled=scripts,
        )
        context.set_default_timeout(15_000)
        opened.append(context)
        return context

    yield make
    for context in opened:
        context.close()
