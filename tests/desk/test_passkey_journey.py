"""A member of staff makes a passkey in a real browser, with a virtual device, and signs in with it."""

import shutil

import pytest
from playwright.sync_api import Page, sync_playwright

from consular.accounts.models import Role
from tests import factories
from tests.journeys.conftest import CHROMIUM, CHROMIUM_FLAGS

PASSWORD = "violet kettle answers thunder"

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        shutil.which("chromium") is None, reason="needs Debian's chromium: apt-get install chromium"
    ),
]


@pytest.fixture
def address(live_server, settings, monkeypatch):
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    url = live_server.url.replace("127.0.0.1", "localhost")
    settings.OTP_WEBAUTHN_ALLOWED_ORIGINS = [url]
    return url


def open_page(chromium, address: str, *, verifies: bool = True) -> tuple[Page, list[str]]:
    """A page with a virtual device, and what the browser complains about."""
    page = chromium.new_context(base_url=address, viewport={"width": 375, "height": 800}).new_page()
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": verifies, "automaticPresenceSimulation": True,
    }  # fmt: skip
    device.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    return page, complaints


def give_password(page: Page, email: str) -> None:
    page.goto("/desk/sign-in/")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()


def make_passkey(page: Page) -> None:
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Name of the passkey").fill("my laptop")
    page.get_by_role("button", name="Make the passkey").click()


def test_a_passkey_is_made_at_the_first_sign_in_and_opens_the_desk_at_the_next(address):
    officer = factories.official(Role.CASEWORKER, password=PASSWORD)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        page, complaints = open_page(chromium, address)
        give_password(page, officer.email)
        make_passkey(page)
        page.get_by_role("heading", name="Your recovery codes").wait_for()
        page.get_by_role("button", name="Sign out").click()
        give_password(page, officer.email)
        page.get_by_role("button", name="Use passkey").click()
        page.wait_for_url("**/desk/")
        chromium.close()

    assert complaints == []


def test_a_device_that_does_not_recognise_its_owner_makes_no_passkey(address):
    officer = factories.official(Role.CASEWORKER, password=PASSWORD)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        page, _complaints = open_page(chromium, address, verifies=False)
        give_password(page, officer.email)
        make_passkey(page)
        page.get_by_text("The passkey did not answer").wait_for()
        chromium.close()


def test_without_javascript_the_page_points_to_the_authenticator_app(address):
    officer = factories.official(Role.CASEWORKER, password=PASSWORD)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        page = chromium.new_context(base_url=address, java_script_enabled=False).new_page()
        give_password(page, officer.email)
        page.get_by_role("link", name="Add a passkey").click()

        assert page.get_by_text("Passkeys need JavaScript").is_visible()
        assert not page.get_by_role("button", name="Make the passkey").is_visible()
        assert not page.get_by_text("The passkey did not answer").is_visible()
        chromium.close()
