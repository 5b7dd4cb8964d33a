"""The environment of a checkout: filled in where nothing was said, and never where somebody said something."""

import os
import stat
import threading
from pathlib import Path

import pytest

from consular.ops import local


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A state of its own, and an environment that says nothing else."""
    for name in (*local.SECRETS, "DATABASE_URL", "BROKER_URL", "PUBLIC_URL", "CONSULAR_ENV", "PORT"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(f"{name}_FILE", raising=False)
    monkeypatch.setattr(os, "environ", os.environ.copy())
    os.environ["CONSULAR_HOME"] = str(tmp_path)
    return tmp_path


def test_secrets_are_made_once_and_only_their_owner_reads_them(home: Path) -> None:
    local.prepare_environment()
    files = [Path(os.environ[f"{name}_FILE"]) for name in local.SECRETS]
    first = [file.read_text() for file in files]
    local.prepare_environment()

    assert [file.read_text() for file in files] == first
    assert len(set(first)) == len(local.SECRETS)
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert stat.S_IMODE((home / "secrets").stat().st_mode) == 0o700
    assert all(len(secret) >= 60 for secret in first)


def test_processes_that_meet_agree_on_one_secret(home: Path) -> None:
    seen: list[str] = []
    threads = [
        threading.Thread(target=lambda: seen.append(local._secret("SECRET_KEY").read_text()))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(seen) == 8
    assert len(set(seen)) == 1
    assert [path.name for path in (home / "secrets").iterdir()] == ["secret_key"]


def test_nothing_said_means_the_embedded_servers(home: Path) -> None:
    assert local.prepare_environment()
    assert os.environ["CONSULAR_ENV"] == "local"
    assert os.environ["DATABASE_URL"] == local.database().url
    assert os.environ["BROKER_URL"] == f"redis+socket://{local.broker_socket()}"


@pytest.mark.parametrize("name", ["DATABASE_URL", "DATABASE_URL_FILE"])
def test_another_database_replaces_the_embedded_one(home: Path, name: str) -> None:
    os.environ[name] = "postgresql://consular@elsewhere/consular"

    assert not local.prepare_environment()
    assert os.environ[name] == "postgresql://consular@elsewhere/consular"


@pytest.mark.parametrize("name", ["SECRET_KEY", "SECRET_KEY_FILE"])
def test_a_secret_that_was_given_stays(home: Path, name: str) -> None:
    os.environ[name] = "given"

    local.prepare_environment()

    assert os.environ[name] == "given"
    assert not (home / "secrets" / "secret_key").exists()


def test_an_empty_variable_says_nothing(home: Path) -> None:
    os.environ |= {"DATABASE_URL": "", "BROKER_URL": "", "PUBLIC_URL": ""}

    assert local.prepare_environment()
    assert os.environ["PUBLIC_URL"] == "http://localhost:8000"


def test_the_address_follows_the_port(home: Path) -> None:
    os.environ["PORT"] = "9000"

    local.prepare_environment()

    assert os.environ["PUBLIC_URL"] == "http://localhost:9000"


@pytest.mark.parametrize(
    ("said", "marked", "expected"),
    [
        ("local", False, True),
        ("", True, True),
        ("", False, False),
        ("production", True, False),
        ("test", True, False),
    ],
)
def test_commands_are_local_where_it_was_said_or_in_a_marked_checkout(
    home: Path, monkeypatch: pytest.MonkeyPatch, said: str, marked: bool, expected: bool
) -> None:
    mark = home / "checkout"
    monkeypatch.setattr(local, "MARK", mark)
    os.environ["CONSULAR_ENV"] = said
    if marked:
        mark.touch()

    assert local.is_local() is expected


def test_production_reads_no_secret_of_a_checkout(home: Path) -> None:
    local.prepare_environment()
    secret = (home / "secrets" / "secret_key").read_text()
    settings = (local.ROOT / "consular" / "settings.py").read_text()

    assert "secrets/" not in settings
    assert secret not in {os.environ.get(name) for name in local.SECRETS}
