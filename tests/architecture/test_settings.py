"""Settings, their example and the operations page name the same variables; production is strict."""

import os
import re
import runpy
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from consular.core import logs

ROOT = Path(__file__).resolve().parents[2]
COMPLETE = {
    "CONSULAR_ENV": "production",
    "SECRET_KEY": "s" * 60,
    "IDENTITY_KEY": "i" * 60,
    "ALLOWED_HOSTS": "consular.example",
    "PUBLIC_URL": "https://consular.example",
    "DATABASE_URL": "postgresql://consular@database/consular",
    "BROKER_URL": "redis://broker:6379/0",
    "EMAIL_HOST": "mail.example",
    "DEFAULT_FROM_EMAIL": "no-reply@consular.example",
    "OPERATOR_NAME": "Ministry of Foreign Affairs",
    "OPERATOR_ADDRESS": "1 Example Street, 00000 Example City",
    "OPERATOR_EMAIL": "consular@ministry.example",
    "DATA_PROTECTION_OFFICER": "data-protection@ministry.example",
    "CLAMAV_URL": "tcp://scanner:3310",
    "SIGNING_KEY_FILE": "/run/secrets/signing.p12",
    "SIGNING_KEY_PASSWORD": "p" * 20,
    "SEAL_KEY_FILE": "/run/secrets/seal.p12",
    "SEAL_KEY_PASSWORD": "q" * 20,
}


def _names(text: str, pattern: str) -> set[str]:
    return set(re.findall(pattern, text, flags=re.MULTILINE))


def test_settings_example_and_operations_page_agree() -> None:
    settings = (ROOT / "consular" / "settings.py").read_text(encoding="utf-8")
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    page = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")

    read = _names(settings, r'env\(\s*"([A-Z_]+)"') | {"CONSULAR_ENV"}

    assert _names(example, r"^#? ?([A-Z_]+)=") == read
    assert _names(page, r"^\| `([A-Z_]+)`") == read


def _start(environment: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    keep = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    command = [sys.executable, "-c", "import consular.settings as s; print(s.SESSION_COOKIE_NAME)"]
    return subprocess.run(
        command, env=keep | environment, cwd=ROOT, capture_output=True, text=True, check=False
    )


Read = Callable[[dict[str, str]], dict[str, Any]]


@pytest.fixture
def settings_in(monkeypatch: pytest.MonkeyPatch) -> Read:
    """Reads the settings anew in an environment, without starting a process for each."""
    monkeypatch.setattr(logs, "configure", lambda: None)  # the log of this process stays as it is

    def read(environment: dict[str, str]) -> dict[str, Any]:
        for name in set(os.environ) - {"PATH", "HOME"}:
            monkeypatch.delenv(name)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(ROOT / "consular" / "settings.py"))

    return read


def test_a_complete_production_environment_starts_with_host_cookies() -> None:
    answer = _start(COMPLETE)

    assert (answer.returncode, answer.stdout.strip()) == (0, "__Host-session")


@pytest.mark.parametrize("missing", sorted(set(COMPLETE) - {"CONSULAR_ENV"}))
def test_production_refuses_to_start_without(missing: str, settings_in: Read) -> None:
    with pytest.raises(ImproperlyConfigured, match=f"{missing} is not set"):
        settings_in({name: value for name, value in COMPLETE.items() if name != missing})


def test_production_refuses_to_start_with_an_empty_secret(tmp_path: Path, settings_in: Read) -> None:
    (tmp_path / "key").write_text("\n")

    for empty in ({"IDENTITY_KEY_FILE": str(tmp_path / "key")}, {"IDENTITY_KEY": ""}):
        with pytest.raises(ImproperlyConfigured, match="IDENTITY_KEY is not set"):
            settings_in(COMPLETE | empty)


@pytest.mark.parametrize("said", ["", "prod"])
def test_whatever_is_not_local_or_test_is_production(said: str, settings_in: Read) -> None:
    with pytest.raises(ImproperlyConfigured, match="is not set"):
        settings_in({"CONSULAR_ENV": said})
    assert settings_in(COMPLETE | {"CONSULAR_ENV": said})["SESSION_COOKIE_NAME"] == "__Host-session"


@pytest.mark.parametrize("said", ["local", "test"])
def test_local_work_needs_nothing(said: str, settings_in: Read) -> None:
    assert settings_in({"CONSULAR_ENV": said})["SESSION_COOKIE_NAME"] == "session"


@pytest.mark.parametrize(
    "unsafe",
    [
        {"DEBUG": "yes"},
        {
            "DATABASE_URL": "postgresql://consular@/consular?host=/srv/state/postgres/socket",
            "CONSULAR_HOME": "/srv/state",
        },
        {
            "BROKER_URL": "redis+socket:///srv/state/postgres/socket/broker.sock",
            "CONSULAR_HOME": "/srv/state",
        },
    ],
    ids=["debugging", "embedded database", "embedded broker"],
)
def test_production_refuses_to_start_with(unsafe: dict[str, str], settings_in: Read) -> None:
    with pytest.raises(ImproperlyConfigured, match="neither with DEBUG nor on the embedded servers"):
        settings_in(COMPLETE | unsafe)


@pytest.mark.parametrize(
    ("weak", "reason"),
    [
        ({"SECRET_KEY": "s" * 31}, "32 signs or more"),
        ({"IDENTITY_KEY": "changeme"}, "32 signs or more"),
        ({"IDENTITY_KEY": COMPLETE["SECRET_KEY"]}, "differ"),
        ({"PUBLIC_URL": "http://consular.example"}, "https://"),
    ],
)
def test_production_refuses_weak_keys_and_open_addresses(
    weak: dict[str, str], reason: str, settings_in: Read
) -> None:
    with pytest.raises(ImproperlyConfigured, match=reason):
        settings_in(COMPLETE | weak)
    assert settings_in({"CONSULAR_ENV": "local", **weak})


@pytest.mark.parametrize("key", ["SIGNING_KEY", "SEAL_KEY"])
def test_production_reads_the_pin_of_a_token_from_a_file_alone(
    key: str, tmp_path: Path, settings_in: Read
) -> None:
    on_token = COMPLETE | {f"{key}_TOKEN": "pkcs11:token=letters;object=key?module-path=/usr/lib/module.so"}
    (tmp_path / "pin").write_text("271828\n")

    with pytest.raises(ImproperlyConfigured, match=f"read from a file: {key}_PASSWORD_FILE"):
        settings_in(on_token)
    assert settings_in(COMPLETE)
    del on_token[f"{key}_PASSWORD"]
    read = settings_in(on_token | {f"{key}_PASSWORD_FILE": str(tmp_path / "pin")})
    assert read[f"{key}_PASSWORD"] == "271828"


def test_without_an_environment_it_is_production() -> None:
    answer = _start({})

    assert answer.returncode != 0
    assert "is not set" in answer.stderr
