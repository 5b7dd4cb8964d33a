"""published.lock: the SHA-256 of each file of a published version. A published version is never edited."""

import hashlib
from pathlib import Path

from consular.formspec.lines import Finding

NAME = "published.lock"


def is_published(path: Path) -> bool:
    """Whether this version was published."""
    return (path / NAME).is_file()


def content(path: Path) -> str:
    """What the lock of this folder has to say now: one line "hash  name" for each file, by name."""
    files = sorted(file for file in path.iterdir() if file.is_file() and file.name != NAME)
    return "".join(f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in files)


def publish(path: Path) -> None:
    """Write the lock; from now on the version stays as it is."""
    (path / NAME).write_text(content(path), encoding="utf-8")


def findings(path: Path) -> list[Finding]:
    """What has changed since publication; nothing for a version that is not published yet."""
    if not is_published(path):
        return []
    locked, now = _hashes((path / NAME).read_text(encoding="utf-8")), _hashes(content(path))
    changed = sorted(name for name in {*locked, *now} if locked.get(name) != now.get(name))
    return [
        Finding(str(path / name), 0, "differs from the published version; make a new version instead")
        for name in changed
    ]


def _hashes(text: str) -> dict[str, str]:
    pairs = (line.split("  ", 1) for line in text.splitlines() if "  " in line)
    return {name: digest for digest, name in pairs}
