"""Having files drawn anew by the child: what goes in, what comes out, and what it means when it does not come back."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from io import BufferedRandom

from consular.files import limits

KINDS = {"pdf": b"%PDF-1.4\n", "jpeg": b"\xff\xd8\xff"}
"""What a copy may be, and how it begins."""
THE_FILES_DOING = frozenset(
    {
        signal.SIGXCPU,
        signal.SIGXFSZ,
        signal.SIGSEGV,
        signal.SIGBUS,
        signal.SIGABRT,
        signal.SIGILL,
        signal.SIGFPE,
    }
)
"""Signals by which the kernel or a library ends a child that reads a bad file."""
REASONS = frozenset({"unknown_kind", "damaged", "locked", "too_many_pages", "too_large", "too_heavy"})


class Unfit(Exception):
    """The files cannot be copied, today or ever; `reason` is one of REASONS."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class RendererFailed(Exception):
    """The child did not do its work for a reason that does not lie in the files: worth trying again."""


@dataclass(frozen=True)
class Copy:
    """The re-rendered copy, a small JPEG of its first page, and what may be wrong with a photo.

    `alone` says whether the child had a network of its own, without an interface.
    """

    kind: str
    content: bytes
    preview: bytes
    pages: int
    advice: tuple[str, ...]
    alone: bool


def rerender(pieces: Sequence[bytes], *, as_photo: bool = False) -> Copy:
    """One copy of all `pieces`, joined in their order: a PDF of images, or a JPEG of one photo.

    Raises Unfit when a file is not what it must be or takes more than the limits; RendererFailed to try again.
    """
    order = {"sizes": [len(piece) for piece in pieces], "as_photo": as_photo}
    with _in_memory("order") as given, _in_memory("copy") as taken:
        given.write(json.dumps(order).encode() + b"\n")
        for piece in pieces:
            given.write(piece)
        given.seek(0)
        status = _run(given, taken)
        taken.seek(0)
        line = taken.readline(10_000)
        if status != 0 or not line.endswith(b"\n"):
            raise _died(status)
        return _understood(json.loads(line), taken.read(limits.OUTPUT))


def _in_memory(name: str) -> BufferedRandom:
    """A file that never touches a disk; the limit on what the child writes counts for it."""
    return os.fdopen(os.memfd_create(f"consular-{name}"), "w+b")


def _run(given: BufferedRandom, taken: BufferedRandom) -> int:
    most = (limits.CPU_SECONDS, limits.ADDRESS_SPACE)
    command = [sys.executable, "-I", "-m", "consular.files.child", *map(str, most)]
    try:
        done = subprocess.run(  # noqa: S603  our own program, no shell, nothing of the request in it
            command, stdin=given, stdout=taken, stderr=subprocess.DEVNULL, env={},
            timeout=limits.WALL_SECONDS, check=False, close_fds=True,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise RendererFailed("no answer in time") from None
    return done.returncode


def _died(status: int) -> Exception:
    """By the signal, what the file did to its reader; anything else, such as a worker that stops, is worth a try."""
    return Unfit("too_heavy") if -status in THE_FILES_DOING else RendererFailed(f"status {status}")


def _understood(line: dict[str, object], rest: bytes) -> Copy:
    """The answer, taken apart as distrustfully as the file: the child has read it."""
    if "unfit" in line:
        reason = str(line["unfit"])
        raise Unfit(reason if reason in REASONS else "damaged")
    sizes, kind, pages, advice = (line[name] for name in ("sizes", "kind", "pages", "advice"))
    if not isinstance(sizes, list) or not isinstance(advice, list) or not isinstance(pages, int):
        raise RendererFailed("answer without sense")
    length, preview = (int(size) for size in sizes)
    copy = Copy(
        kind=str(kind),
        content=rest[:length],
        preview=rest[length : length + preview],
        pages=pages,
        advice=tuple(str(code) for code in advice),
        alone=bool(line["alone"]),
    )
    if length + preview != len(rest) or not copy.content.startswith(KINDS.get(copy.kind, b"\0")):
        raise RendererFailed("answer without sense")
    return copy
