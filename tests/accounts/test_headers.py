"""Every answer carries the headers; other sites send nothing here."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client

from tests import factories

pytestmark = pytest.mark.django_db
EXPECTED = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def assert_complete(response):
    policy = response["Content-Security-Policy"]
    assert {name: response[name] for name in EXPECTED} == EXPECTED
    assert "camera=()" in response["Permissions-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy.replace("http-equiv", "")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/sign-in/", 200),
        ("/sign-in/code/", 302),
        ("/no/such/page/", 404),
        ("/sign-out/", 405),
        ("/desk/", 302),
    ],
)
def test_pages_redirects_and_errors_have_all_headers(client, path, status):
    response = client.get(path)

    assert response.status_code == status
    assert_complete(response)


def test_refused_requests_have_all_headers():
    strict = Client(enforce_csrf_checks=True)
    response = strict.post("/sign-in/", {"email": "a@example.org"})

    assert response.status_code == 403
    assert_complete(response)


def test_a_foreign_host_is_refused_with_all_headers(client):
    response = client.get("/sign-in/", headers={"Host": "evil.example"})

    assert response.status_code == 400
    assert_complete(response)


def test_a_broken_page_has_all_headers(client, monkeypatch):
    monkeypatch.setattr("consular.portal.sign_in.local_path", None)
    client.raise_request_exception = False

    response = client.get("/sign-in/")

    assert response.status_code == 500
    assert_complete(response)


def test_static_files_have_all_headers(client, settings, tmp_path):
    (tmp_path / "app.css").write_text("body{}")
    settings.STATIC_ROOT = tmp_path
    client.handler.load_middleware()

    response = client.get("/static/app.css")

    assert response.status_code == 200
    assert_complete(response)
    assert "Access-Control-Allow-Origin" not in response


def test_each_answer_has_its_own_nonce(client):
    factories.signed_in(client, factories.official())
    policies = {client.get("/desk/factors/passkey/")["Content-Security-Policy"] for _ in range(3)}

    assert len(policies) == 3


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_other_sites_change_nothing_here(client, method, site):
    response = getattr(client, method)("/sign-out/", headers={"Sec-Fetch-Site": site})

    assert response.status_code == 403


@pytest.mark.parametrize("site", ["same-origin", "none", None])
def test_our_own_forms_and_old_browsers_pass(client, site):
    headers = {"Sec-Fetch-Site": site} if site else {}

    assert client.post("/sign-out/", headers=headers).status_code == 302


def test_links_from_other_sites_open(client):
    assert client.get("/sign-in/", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


def test_a_form_without_token_is_refused():
    strict = Client(enforce_csrf_checks=True)

    assert strict.post("/sign-out/", headers={"Sec-Fetch-Site": "same-origin"}).status_code == 403


def test_the_other_door_is_locked_too_without_the_first(client, settings):
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "SameOriginOnly" not in name]
    client.handler.load_middleware()

    assert client.post("/sign-out/", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 302


DEFAULTS = frozenset(
    {
        *{
            "BLOCK_DAYS",
            "DEBUG",
            "DATABASE_POOL",
            "EMAIL_PORT",
            "EMAIL_USE_TLS",
            "FRESH_MINUTES",
            "STATIC_ROOT",
        },
        *{
            "HOLDS_PER_ACCOUNT",
            "HOLDS_PER_NETWORK",
            "HOLDS_WITHOUT_PROOF",
            "SIGNING_KEY_TOKEN",
            "SEAL_KEY_TOKEN",
        },
    }
)
PRODUCTION = """
import django
from django.conf import settings
django.setup()
print(settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_SECURE, settings.SESSION_COOKIE_HTTPONLY,
      settings.SESSION_COOKIE_SAMESITE, settings.SESSION_COOKIE_PATH, settings.SESSION_COOKIE_DOMAIN)
print(settings.CSRF_COOKIE_NAME, settings.CSRF_COOKIE_SECURE, settings.CSRF_COOKIE_HTTPONLY,
      settings.CSRF_COOKIE_SAMESITE, settings.CSRF_COOKIE_PATH, settings.CSRF_COOKIE_DOMAIN)
print(settings.LANGUAGE_COOKIE_NAME, settings.LANGUAGE_COOKIE_SECURE, settings.LANGUAGE_COOKIE_HTTPONLY,
      settings.LANGUAGE_COOKIE_SAMESITE, settings.LANGUAGE_COOKIE_PATH, settings.LANGUAGE_COOKIE_DOMAIN)
from consular.accounts import browsers
print(browsers.COOKIE)
"""


def test_production_cookies_belong_to_this_host_alone(tmp_path):
    root = Path(__file__).parents[2]
    names = re.findall(r'env\("(\w+)"', (root / "consular" / "settings.py").read_text())
    environment = {
        **{name: f"{name:x<60}" for name in names if name not in DEFAULTS},
        "PUBLIC_URL": "https://consular.example",
        "DATABASE_URL": "postgresql://consular@db.example/consular",
        "SIGNING_KEY_FILE": str(tmp_path / "key.p12"),
        "CONSULAR_ENV": "production",
        "CONSULAR_HOME": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "consular.settings",
        "PATH": os.environ["PATH"],
    }

    shown = subprocess.run(
        [sys.executable, "-c", PRODUCTION],
        env=environment,
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    )

    assert shown.stdout.splitlines() == [
        "__Host-session True True Lax / None",
        "__Host-csrf True True Lax / None",
        "__Host-language True True Lax / None",
        "__Host-browser",
    ]
