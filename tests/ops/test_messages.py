"""The command translators and `make check` use."""

import json

import pytest
from django.core.management import CommandError, call_command

from consular.ops import catalogue
from consular.ops.sources import Found


@pytest.fixture
def one_message(settings, tmp_path):
    """A project with a single message and no catalogue yet."""
    settings.LOCALE_PATHS = [tmp_path]
    settings.BASE_DIR = tmp_path
    (tmp_path / "consular").mkdir()
    (tmp_path / "consular" / "a.py").write_text('_("Sign in")')
    return tmp_path


def run(capsys, *arguments):
    """What the command says."""
    call_command("messages", *arguments)
    return capsys.readouterr().out


def test_an_update_says_what_is_left_and_a_check_then_fails_with_every_finding(one_message, capsys):
    assert json.loads(run(capsys, "update", "--json"))["to_translate"] == {"de": 1, "fr": 1, "ar": 1}
    with pytest.raises(CommandError, match="3 findings"):
        call_command("messages", "check", "--json")
    answer = json.loads(capsys.readouterr().out)
    assert answer["ok"] is False
    assert answer["findings"][0] == {
        "language": "de",
        "kind": "missing",
        "message": "Sign in",
        "where": "consular/a.py",
    }


def test_a_complete_project_passes_and_compiles(one_message, capsys):
    for language, text in [("de", "Anmelden"), ("fr", "Se connecter"), ("ar", "تسجيل الدخول")]:
        file = catalogue.path(one_message, language)
        fresh = catalogue.update(file, language, [Found("Sign in", "a.py", 1)])
        fresh.get("Sign in").string = text
        catalogue.write(file, language, fresh)
    assert run(capsys, "check").strip() == "All messages are translated."
    assert len(json.loads(run(capsys, "compile", "--json"))["written"]) == 3
    assert (one_message / "ar" / "LC_MESSAGES" / "django.mo").exists()


def test_extracting_lists_the_messages_for_translators(one_message, capsys):
    assert 'msgid "Sign in"' in run(capsys, "extract")
