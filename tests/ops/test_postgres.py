"""The embedded PostgreSQL: it comes up wherever it lies, survives being killed, and ends with its last user."""

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from consular.ops import local, postgres
from consular.ops.postgres import CannotRun, Postgres


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Postgres]:
    """A cluster of its own."""
    server = Postgres(tmp_path / "postgres", durable=False)
    yield server
    server.stop()


def _remember(server: Postgres) -> None:
    with psycopg.connect(server.url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (day date)")
        connection.execute("INSERT INTO kept VALUES ('2026-03-01')")


def _kept(server: Postgres) -> int:
    with psycopg.connect(server.url) as connection:
        row = connection.execute("SELECT count(*) FROM kept").fetchone()
    return int(row[0]) if row else 0


def test_it_starts_keeps_and_stops(server: Postgres) -> None:
    server.start()
    _remember(server)
    server.stop()

    assert not server.answers()
    server.start()
    assert _kept(server) == 1


def test_nobody_else_reaches_its_socket(server: Postgres) -> None:
    server.start()

    assert stat.S_IMODE(server.socket_dir.stat().st_mode) == 0o700


def test_one_that_was_killed_starts_again_with_everything_that_was_committed(server: Postgres) -> None:
    server.durable = True
    server.start()
    _remember(server)
    assert server.process is not None
    server.process.send_signal(signal.SIGKILL)
    server.process.wait()
    assert server.has_died()
    assert (server.data / "postmaster.pid").exists()

    server.start()

    assert _kept(server) == 1


def test_the_lock_of_a_process_that_is_no_server_does_not_hinder(server: Postgres) -> None:
    server.start()
    server.stop()
    (server.data / "postmaster.pid").write_text(f"{os.getpid()}\n{server.data}\n")

    server.start()

    assert server.answers()


def test_one_can_be_stopped_by_another_who_did_not_start_it(server: Postgres) -> None:
    server.start()
    other = Postgres(server.home)

    assert not other.has_died()
    other.stop()
    assert other.has_died()
    assert not server.answers()


def test_a_long_path_gets_a_short_socket_that_every_process_finds(tmp_path: Path) -> None:
    home = tmp_path / ("long" * 30)
    program = (
        "import sys; from pathlib import Path; from consular.ops.postgres import Postgres; "
        "print(Postgres(Path(sys.argv[1])).url)"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", program, str(home)], capture_output=True, text=True, check=True
        ).stdout.strip()
        for _ in range(2)
    }
    server = Postgres(home, durable=False)

    assert said == {server.url}
    assert len(str(server.socket_dir / ".s.PGSQL.5432.lock")) <= postgres.SOCKET_PATH_LIMIT
    server.start()
    assert server.answers()
    server.stop()
    assert not server.socket_dir.exists()


def test_a_short_folder_that_somebody_else_made_is_refused(tmp_path: Path) -> None:
    server = Postgres(tmp_path / ("long" * 30), durable=False)
    server.socket_dir.symlink_to(tmp_path)

    with pytest.raises(CannotRun, match="belongs to somebody else"):
        server.start()
    server.socket_dir.unlink()


def test_where_nothing_can_run_it_says_what_to_do(server: Postgres, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "_binaries", list)

    with pytest.raises(CannotRun, match="Set DATABASE_URL to a server"):
        server.start()


def test_the_first_user_starts_it_and_the_last_one_stops_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONSULAR_HOME", str(tmp_path))

    with local.running_database() as first:
        with local.running_database() as second:
            assert second.process is None
        assert first.answers()

    assert not first.answers()
