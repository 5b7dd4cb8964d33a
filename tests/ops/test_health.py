"""The two addresses that say how the service is: alive always, ready only when every part is."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from consular.celery import app
from consular.core import clock
from consular.decisions import expiry, keys
from consular.ops import health, ping

PARTS = {"database", "migrations", "broker", "signing_key", "seal_key"}


@pytest.fixture
def well(db: None, settings, tmp_path: Path) -> Client:
    """A service whose parts are all well."""
    settings.SIGNING_KEY_FILE = tmp_path / "signing.p12"
    settings.SEAL_KEY_FILE = tmp_path / "seal.p12"
    keys.make_local()
    return Client()


def _failed(client: Client) -> set[str]:
    answer = client.get("/readyz")
    parts = answer.json()["parts"]
    assert set(parts) == PARTS
    assert answer.status_code == (503 if "failed" in parts.values() else 200)
    return {name for name, state in parts.items() if state != "ok"}


def test_all_is_well(well: Client) -> None:
    assert _failed(well) == set()
    assert well.get("/readyz").json()["status"] == "ok"


def test_a_missing_signing_key_is_named(well: Client, settings) -> None:
    settings.SIGNING_KEY_FILE.unlink()

    assert _failed(well) == {"signing_key"}


def test_a_missing_seal_key_is_named(well: Client, settings) -> None:
    settings.SEAL_KEY_FILE.unlink()

    assert _failed(well) == {"seal_key"}


def test_a_certificate_that_ends_soon_is_a_warning(well: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert well.get("/readyz").json()["warnings"] == []
    monkeypatch.setattr(expiry, "ENDS", {"seal_key": lambda: clock.today() + timedelta(days=29)})

    assert well.get("/readyz").json()["warnings"] == ["seal_key ends in 29 days"]
    assert _failed(well) == set()


def test_a_signing_key_with_another_password_is_named(well: Client, settings) -> None:
    settings.SIGNING_KEY_PASSWORD = "another"

    assert _failed(well) == {"signing_key"}


def test_a_broker_that_is_away_is_named(
    well: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(app.conf, "broker_write_url", f"redis+socket://{tmp_path}/nobody.sock")

    assert _failed(well) == {"broker"}


def test_a_migration_that_was_not_run_is_named(well: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'core'")

    assert _failed(well) == {"migrations"}


def test_a_database_that_is_away_is_named_at_once_and_the_process_is_still_alive(
    well: Client, settings, tmp_path: Path
) -> None:
    settings.DATABASE_URL = f"postgresql://consular@/consular?host={tmp_path}"

    assert _failed(well) == {"database", "migrations"}
    assert well.get("/healthz").json() == {"status": "ok"}


def test_nothing_is_told_about_the_reason(well: Client, settings) -> None:
    settings.SIGNING_KEY_FILE.unlink()

    assert str(settings.SIGNING_KEY_FILE) not in well.get("/readyz").content.decode()


def test_every_check_is_named_on_the_operations_page(settings) -> None:
    page = (settings.BASE_DIR / "docs" / "operating.md").read_text(encoding="utf-8")

    assert set(health.CHECKS) == PARTS
    assert all(f"`{name}`" in page for name in PARTS)


def test_ping_ends_with_0_only_when_the_service_is_ready(well: Client, live_server, settings, capsys) -> None:
    port = live_server.url.rpartition(":")[2]

    assert ping.main(port) == 0
    settings.SIGNING_KEY_FILE.unlink()
    assert ping.main(port) == 1
    assert '"signing_key": "failed"' in capsys.readouterr().err
    assert ping.main("1") == 1


@pytest.mark.django_db
def test_the_system_checks_of_the_framework_find_nothing() -> None:
    call_command("check", fail_level="WARNING")
