"""A virus scan by clamd: INSTREAM over TCP or a Unix socket. Whatever is not a clear answer is no answer.

Only "OK" means clean. A refused connection, silence, an error, garbage, or signatures that nobody has renewed for a
week raise ScannerAway: the caller tries again later and shows the file to nobody meanwhile.
"""

import re
import socket
import struct
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from consular.core import clock

SECONDS = 10.0
"""For connecting and for each answer."""
CHUNK = 64 * 1024
LONGEST_ANSWER = 4096
OLDEST_SIGNATURES = timedelta(days=7)

_FOUND = re.compile(r"stream: (\S{1,200}) FOUND")
_VERSION = re.compile(r"ClamAV [^/]+/\d+/\w{3} (\w{3} +\d+ [\d:]{8} \d{4})")


class ScannerAway(Exception):
    """Nobody knows whether the file is clean."""


def scan(content: bytes, address: str, *, seconds: float = SECONDS) -> str | None:
    """The name of the virus that was found in `content`, None when it is clean.

    `address` is `tcp://host:port` or `unix:///path/of/socket`. Raises ScannerAway for everything else.
    """
    _require_fresh(_ask(address, b"zVERSION\0", b"", seconds))
    answer = _ask(address, b"zINSTREAM\0", content, seconds)
    if answer == "stream: OK":
        return None
    found = _FOUND.fullmatch(answer)
    if not found:
        raise ScannerAway(answer[:60])
    return found[1]


def _require_fresh(version: str) -> None:
    """Raise ScannerAway unless the signatures are younger than a week."""
    told = _VERSION.fullmatch(version)
    if not told:
        raise ScannerAway("no version of the signatures")
    made_at = datetime.strptime(" ".join(told[1].split()), "%b %d %H:%M:%S %Y").replace(tzinfo=UTC)
    if clock.now() - made_at > OLDEST_SIGNATURES:
        raise ScannerAway("old signatures")


def _ask(address: str, command: bytes, content: bytes, seconds: float) -> str:
    """Send one command, and a stream where there is one; the answer up to its NUL."""
    try:
        with _connected(address, seconds) as line:
            line.sendall(command)
            if content:
                for start in range(0, len(content), CHUNK):
                    part = content[start : start + CHUNK]
                    line.sendall(struct.pack(">L", len(part)) + part)
                line.sendall(struct.pack(">L", 0))
            return _answer(line)
    except (OSError, ValueError) as error:
        raise ScannerAway(type(error).__name__) from error


def _connected(address: str, seconds: float) -> socket.socket:
    where = urlsplit(address)
    if where.scheme == "tcp":
        return socket.create_connection((where.hostname or "", where.port or 3310), timeout=seconds)
    if where.scheme != "unix":
        raise ValueError(address)
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    line.settimeout(seconds)
    try:
        line.connect(where.path)
    except OSError:
        line.close()
        raise
    return line


def _answer(line: socket.socket) -> str:
    """What is said up to the closing NUL; an answer without one was cut off."""
    said = b""
    while not said.endswith(b"\0"):
        part = line.recv(1024)
        if not part or len(said) > LONGEST_ANSWER:
            raise ScannerAway("answer cut off")
        said += part
    return said[:-1].decode("utf-8", "strict")
