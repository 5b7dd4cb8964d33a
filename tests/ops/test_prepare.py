"""`consular prepare`: everything is there after the first run, and the second one changes nothing."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command

from consular.ops import preparation, static_files


@pytest.fixture
def installation(settings: Any, tmp_path: Path) -> Path:
    """Files of an installation of its own."""
    settings.HOME = tmp_path
    settings.STATIC_ROOT = tmp_path / "static"
    settings.SIGNING_KEY_FILE = tmp_path / "keys" / "signing.p12"
    return tmp_path


def _rows() -> dict[str, list[Any]]:
    """All rows of all our tables."""
    return {
        model._meta.label: list(model.objects.order_by("pk").values())
        for model in apps.get_models()
        if model.__module__.startswith("consular.")
    }


def _files(folder: Path) -> dict[str, tuple[int, int]]:
    return {
        str(path.relative_to(folder)): (path.stat().st_mtime_ns, path.stat().st_size)
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.django_db(transaction=True)
def test_the_second_run_changes_nothing(installation: Path) -> None:
    said = StringIO()
    call_command("prepare", demo=True, stdout=said)
    rows, files = _rows(), _files(installation)
    assert rows["missions.Mission"]
    assert rows["workflow.Definition"]
    assert rows["cases.Case"]
    assert "Nobody can read" not in said.getvalue()
    assert {"keys/signing.p12", "demo-accounts.txt", "static/collected.sha256"} <= set(files)

    call_command("prepare", demo=True, stdout=StringIO())

    assert _rows() == rows
    assert _files(installation) == files


@pytest.mark.django_db(transaction=True)
def test_without_accounts_it_says_which_authorities_nobody_reads_for(installation: Path) -> None:
    said = StringIO()

    call_command("prepare", stdout=said)

    assert "Nobody can read requests to central_authorities, chambers," in said.getvalue()


@pytest.mark.django_db(transaction=True)
def test_quiet_means_quiet(installation: Path) -> None:
    said = StringIO()

    call_command("prepare", quiet=True, stdout=said)

    assert said.getvalue() == ""


def test_static_files_need_no_database(installation: Path) -> None:
    call_command("prepare", static_only=True)

    assert (installation / "static" / "css" / "consular.css").exists()


def test_static_files_are_collected_again_only_when_a_source_changed(
    installation: Path, settings: Any, tmp_path: Path
) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "a.css").write_text("a {}")
    settings.STATICFILES_DIRS = [source]

    assert [static_files.collect(), static_files.collect()] == [True, False]
    (source / "a.css").write_text("b {}")
    assert static_files.collect()


def test_the_mark_of_a_preparation_follows_the_sources(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CONSULAR_HOME", str(tmp_path))
    for file in ("static/collected.sha256", "keys/signing.p12", "postgres/x"):
        (tmp_path / file).parent.mkdir()
        (tmp_path / file).touch()

    assert not preparation.is_current(demo=False)
    preparation.remember()
    assert preparation.is_current(demo=False)
    assert not preparation.is_current(demo=True)
    monkeypatch.setattr(preparation, "SOURCES", ("consular/missions/data/**/*",))
    assert not preparation.is_current(demo=False)
