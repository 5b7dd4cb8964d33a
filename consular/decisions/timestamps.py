"""Time stamps (RFC 3161) for signatures: one short request to a service of others, bounded in time and size."""

import http.client
import io
import socket
import time
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from asn1crypto import tsp  # type: ignore[import-untyped]
from django.conf import settings
from pyhanko.sign.timestamps import TimeStamper

SECONDS = 8.0
"""How long a letter waits for its time stamp; a case is locked meanwhile."""

APART = timedelta(minutes=10)
"""How far a time stamp may be from our clock: one of another time says nothing true of this signature."""

LARGEST = 64 * 1024
_HEADERS = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}


class NoTimestamp(OSError):
    """The service gave no time stamp that counts. The job is tried again."""


class Service(TimeStamper):
    """A time-stamp service at an address. It asks for no trial stamp, and follows no redirect."""

    def __init__(self, address: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.address = address

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """The answer to one request. Raises NoTimestamp for whatever goes wrong."""
        try:
            answer = tsp.TimeStampResp.load(_asked(self.address, req.dump()), strict=True)
            answer.native  # noqa: B018  reads all of it: what is no answer fails here
        except (OSError, http.client.HTTPException, ValueError, TypeError, KeyError) as error:
            raise NoTimestamp(type(error).__name__) from error
        return answer


def service() -> Service | None:
    """The service that is configured (`TIMESTAMP_URL`), if any."""
    return Service(settings.TIMESTAMP_URL) if settings.TIMESTAMP_URL else None


class _Timed(io.RawIOBase):
    """What comes out of a socket until a moment: however slowly it drips, nobody waits longer."""

    def __init__(self, source: socket.socket, until: float) -> None:
        super().__init__()
        self.source, self.until = source, until

    def makefile(self, _mode: str) -> io.BufferedReader:
        """The stream from which an answer is read, its first line and headers as well."""
        return io.BufferedReader(self)

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read some bytes. Raises TimeoutError once the time is over."""
        left = self.until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self.source.settimeout(left)
        return self.source.recv_into(buffer)


def _asked(address: str, request: bytes) -> bytes:
    parts = urlsplit(address)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    until = time.monotonic() + SECONDS
    connection = kind(parts.hostname or "", parts.port, timeout=SECONDS / 2)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("POST", target, request, _HEADERS)
        with http.client.HTTPResponse(_Timed(connection.sock, until), method="POST") as answer:  # type: ignore[arg-type]
            answer.begin()
            if answer.status != http.client.OK:
                raise NoTimestamp(f"status {answer.status}")
            return _read(answer)
    finally:
        connection.close()


def _read(answer: http.client.HTTPResponse) -> bytes:
    content = answer.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise NoTimestamp("the answer is too long")
    return content
