"""A local checkout: which environment its commands run in, and the embedded database they need.

`make setup` marks a checkout as local. There, and only where `CONSULAR_ENV` does not say otherwise, commands use the
embedded servers below `CONSULAR_HOME`; everywhere else the environment must name everything.
"""

import contextlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from consular.ops.postgres import Postgres

ROOT = Path(__file__).resolve().parents[2]
SECRETS = ("SECRET_KEY", "IDENTITY_KEY", "SIGNING_KEY_PASSWORD")


def home() -> Path:
    """The folder with all state of this checkout."""
    return Path(os.environ.get("CONSULAR_HOME") or ROOT / ".local").resolve()


def is_local() -> bool:
    """Whether commands run on this checkout's embedded servers."""
    chosen = os.environ.get("CONSULAR_ENV")
    return chosen == "local" if chosen else (home() / "checkout").exists()


def database() -> Postgres:
    """The embedded PostgreSQL of this checkout, running or not."""
    return Postgres(home() / "postgres")


def broker_socket() -> Path:
    """Where the embedded broker listens."""
    return database().socket_dir / "broker.sock"


def prepare_environment() -> bool:
    """Fill in what the environment does not say; returns whether the database is the embedded one."""
    os.environ["CONSULAR_ENV"] = "local"
    os.environ["CONSULAR_HOME"] = str(home())
    os.environ.setdefault("PUBLIC_URL", f"http://localhost:{os.environ.get('PORT', '8000')}")
    os.environ.setdefault("BROKER_URL", f"redis+socket://{broker_socket()}")
    for name in SECRETS:
        if not os.environ.get(name):
            os.environ[f"{name}_FILE"] = str(_secret(name))
    embedded = not os.environ.get("DATABASE_URL")
    os.environ.setdefault("DATABASE_URL", database().url)
    return embedded


@contextlib.contextmanager
def running_database() -> Iterator[bool]:
    """A running embedded database inside the block, started for it unless one runs already.

    Yields whether the cluster is new and still has to be filled.
    """
    server = database()
    if server.answers():
        yield False
        return
    is_new = not (server.data / "PG_VERSION").exists()
    server.start()
    try:
        yield is_new
    finally:
        server.stop()


def _secret(name: str) -> Path:
    """A random secret of this checkout, made once, readable by its owner only."""
    path = home() / "secrets" / name.lower()
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48), encoding="utf-8")
    return path
