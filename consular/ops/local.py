"""A local checkout: which environment its commands run in, and the embedded database they need.

`make setup` marks a checkout as local. There, and only where `CONSULAR_ENV` does not say otherwise, commands use the
embedded servers below `CONSULAR_HOME`; everywhere else the environment must name everything.
"""

import contextlib
import fcntl
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from consular.ops.postgres import Postgres

ROOT = Path(__file__).resolve().parents[2]
MARK = ROOT / ".local" / "checkout"
SECRETS = ("SECRET_KEY", "IDENTITY_KEY", "SIGNING_KEY_PASSWORD", "SEAL_KEY_PASSWORD")


def home() -> Path:
    """The folder with all state of this checkout."""
    return Path(os.environ.get("CONSULAR_HOME") or ROOT / ".local").resolve()


def is_local() -> bool:
    """Whether commands run on this checkout's embedded servers."""
    chosen = os.environ.get("CONSULAR_ENV")
    return chosen == "local" if chosen else MARK.exists()


def database() -> Postgres:
    """The embedded PostgreSQL of this checkout, running or not."""
    return Postgres(home() / "postgres")


def broker_socket() -> Path:
    """Where the embedded broker listens."""
    return database().socket_dir / "broker.sock"


def is_given(name: str) -> bool:
    """Whether the environment names this, itself or as a file."""
    return bool(os.environ.get(name) or os.environ.get(f"{name}_FILE"))


def prepare_environment() -> bool:
    """Fill in what the environment does not say; returns whether the database is the embedded one."""
    home().mkdir(parents=True, exist_ok=True)
    embedded = not is_given("DATABASE_URL")
    os.environ["CONSULAR_ENV"] = "local"
    os.environ["CONSULAR_HOME"] = str(home())
    _default("PUBLIC_URL", f"http://localhost:{os.environ.get('PORT') or '8000'}")
    _default("BROKER_URL", f"redis+socket://{broker_socket()}")
    _default("DATABASE_URL", database().url)
    for name in SECRETS:
        if not is_given(name):
            os.environ[f"{name}_FILE"] = str(_secret(name))
    return embedded


@contextlib.contextmanager
def running_database() -> Iterator[Postgres]:
    """A running embedded database inside the block: the first who needs it starts it, the last one stops it."""
    server = database()
    server.home.mkdir(parents=True, exist_ok=True)
    with (server.home / "users.lock").open("w") as users:
        with _turn(server):
            fcntl.flock(users, fcntl.LOCK_SH)
            if not server.answers():
                server.start()
        try:
            yield server
        finally:
            with _turn(server):
                if _is_last(users.fileno()):
                    server.stop()


@contextlib.contextmanager
def _turn(server: Postgres) -> Iterator[None]:
    """One at a time starts or stops the server."""
    with (server.home / "turn.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        yield


def _is_last(users: int) -> bool:
    """Whether nobody else uses the server."""
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _default(name: str, value: str) -> None:
    """Set a variable that the environment does not name."""
    if not is_given(name):
        os.environ[name] = value


def _secret(name: str) -> Path:
    """A random secret of this checkout, made once, readable by its owner only."""
    path = home() / "secrets" / name.lower()
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        partial = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        partial.touch(mode=0o600)
        partial.write_text(secrets.token_urlsafe(48), encoding="utf-8")
        with contextlib.suppress(FileExistsError):  # somebody else was faster, and theirs counts
            os.link(partial, path)
        partial.unlink()
    return path
