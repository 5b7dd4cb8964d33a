"""How one knows that an embedded database is up to the code, without starting Django: a mark beside its files.

The mark holds a fingerprint of everything `consular prepare` reads. It lies in the database's folder, so that both go
away together.
"""

import contextlib
import fcntl
import hashlib
from collections.abc import Iterator
from pathlib import Path

from consular.ops import local

SOURCES = (
    "consular/*/migrations/*.py",
    "consular/ops/*.py",
    "consular/missions/data/**/*",
    "consular/static/**/*",
    "forms/**/*",
)


def is_current(*, demo: bool) -> bool:
    """Whether the embedded database, the static files, the signing key and, if asked for, the demo are there."""
    made = [local.home() / "static" / "collected.sha256", local.home() / "keys" / "signing.p12"]
    made += [local.home() / "demo-accounts.txt"] if demo else []
    mark = _mark()
    return (
        all(file.exists() for file in made)
        and mark.exists()
        and mark.read_text(encoding="utf-8") == fingerprint()
    )


@contextlib.contextmanager
def turn() -> Iterator[None]:
    """One at a time prepares the database; look again whether it is current when it is your turn."""
    with _mark().with_name("prepare.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def remember() -> None:
    """Note that the embedded database was prepared from the files as they are now."""
    _mark().write_text(fingerprint(), encoding="utf-8")


def fingerprint() -> str:
    """What stands for all files that a preparation reads."""
    digest = hashlib.sha256()
    for file in _files():
        digest.update(f"{file.relative_to(local.ROOT)}\0".encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _files() -> Iterator[Path]:
    for pattern in SOURCES:
        yield from sorted(path for path in local.ROOT.glob(pattern) if path.is_file())


def _mark() -> Path:
    return local.database().home / "prepared"
