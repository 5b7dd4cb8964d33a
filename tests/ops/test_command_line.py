"""`consular <command>` in a checkout, without any environment: the answer on standard output, all else on the other."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from consular import __main__ as command_line
from tests.ops.service import ROOT, command, environment, processes_of

QUESTION = ["responsible", "--service", "schengen_visa", "--nationality", "IND", "--json", "--residence"]
COMMANDS = [
    "up", "migrate", "seed-demo", "responsible", "verify", "prepare", "rules", "forms", "process", "slots", "messages",
    "token", "staff", "partner", "load-missions", "watch", "search-names", "second-factor-code",
    "mrz", "stay-days", "seal", "signing-keys", "draw",
]  # fmt: skip


def test_the_first_commands_set_up_what_they_need_and_leave_nothing_running(tmp_path: Path) -> None:
    home = tmp_path / "state"

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(lambda area: command(home, *QUESTION, area), ["US-CA/06037", "IN-MH"])

    assert [json.loads(answer.stdout)["mission"] for answer in (first, second)] == ["LOSA", "MUMB"]
    assert sorted([first.stderr, second.stderr]) == ["", "Preparing the local database ...\n"]
    assert processes_of(home) == {}
    nobody = command(home, *QUESTION, "AQ")
    assert (nobody.returncode, json.loads(nobody.stdout)["mission"]) == (1, None)
    assert "Preparing" not in nobody.stderr


def test_every_command_explains_itself_without_a_database(tmp_path: Path) -> None:
    home = tmp_path / "state"
    program = (
        "import sys; from consular import __main__ as m\n"
        "for name in sys.argv[1:]:\n"
        "    sys.argv = ['consular', name, '--help']\n"
        "    try: m.main()\n"
        "    except SystemExit as end: assert not end.code, name\n"
    )
    answer = subprocess.run(
        [sys.executable, "-c", program, *COMMANDS],
        env=environment(home), cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert (answer.returncode, answer.stderr) == (0, "")
    assert answer.stdout.count("usage: ") == len(COMMANDS)
    assert not (home / "postgres").exists()


def test_help_of_up_is_the_one_it_tells_itself(tmp_path: Path) -> None:
    assert command(tmp_path, "help", "up").stdout == command(tmp_path, "up", "--help").stdout != ""


def test_help_lists_our_commands(tmp_path: Path) -> None:
    listed = command(tmp_path, "help").stdout

    assert [name for name in COMMANDS if name.replace("-", "_") not in listed] == []


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        (["seed-demo"], ["seed_demo"]),
        (["seed_demo"], ["seed_demo"]),
        (["help", "seed-demo"], ["help", "seed_demo"]),
        (["responsible", "--residence", "US-CA"], ["responsible", "--residence", "US-CA"]),
        (["token", "create", "--name", "a-b"], ["token", "create", "--name", "a-b"]),
        (["--help"], ["--help"]),
        ([], []),
        ([""], [""]),
    ],
)
def test_dashes_and_underscores_of_commands_are_equal(given: list[str], meant: list[str]) -> None:
    assert command_line._arguments(given) == meant
