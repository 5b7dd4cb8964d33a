"""Time stamps (RFC 3161) for signatures: one short request to a service of others, bounded in time and size."""

import http.client
import time
from urllib.parse import urlsplit

from asn1crypto import tsp  # type: ignore[import-untyped]
from django.conf import settings
from pyhanko.sign.timestamps import TimeStamper

SECONDS = 8.0
"""How long a letter waits for its time stamp; a case is locked meanwhile."""

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


def _asked(address: str, request: bytes) -> bytes:
    parts = urlsplit(address)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    until = time.monotonic() + SECONDS
    connection = kind(parts.hostname or "", parts.port, timeout=SECONDS / 2)
    try:
        connection.request("POST", parts.path or "/", request, _HEADERS)
        answer = connection.getresponse()
        if answer.status != http.client.OK:
            raise NoTimestamp(f"status {answer.status}")
        return _read(answer, until)
    finally:
        connection.close()


def _read(answer: http.client.HTTPResponse, until: float) -> bytes:
    content = b""
    while part := answer.read1(4096):
        content += part
        if len(content) > LARGEST or time.monotonic() > until:
            raise NoTimestamp("the answer is too long or too slow")
    return content
