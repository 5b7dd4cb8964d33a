"""Browsers in this process: the same request to the product and to the bare service, timed to the same point."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext

from tests.benchmarks import bare_pages, stand


@dataclass(frozen=True)
class Site:
    """A service in this process, asked by one signed-in person."""

    handler: WSGIHandler
    session: str

    def get(self, address: str) -> HttpResponse:
        """Open a page."""
        return self._ask("GET", address, b"")

    def post(self, address: str, fields: dict[str, object]) -> HttpResponse:
        """Send a form."""
        typed = {"csrfmiddlewaretoken": stand.CSRF, **fields}
        return self._ask("POST", address, urlencode(typed, doseq=True).encode())

    def work(self, address: str, typed: dict[str, object] | None = None) -> Callable[[], HttpResponse]:
        """Opening a page, or sending a form: something to be measured, which must work each time."""
        if typed is None:
            return lambda: require(self.get(address), 200)
        return lambda: require(self.post(address, typed), 302)

    def _ask(self, method: str, address: str, body: bytes) -> HttpResponse:
        path, _, query = address.partition("?")
        answer = self.handler(
            {
                "REQUEST_METHOD": method,
                "PATH_INFO": path,
                "QUERY_STRING": query,
                "SERVER_NAME": "localhost",
                "SERVER_PORT": "80",
                "SERVER_PROTOCOL": "HTTP/1.1",
                "HTTP_HOST": "localhost",
                "HTTP_COOKIE": f"session={self.session}; csrf={stand.CSRF}",
                "CONTENT_TYPE": "application/x-www-form-urlencoded",
                "CONTENT_LENGTH": str(len(body)),
                "wsgi.url_scheme": "http",
                "wsgi.input": io.BytesIO(body),
                "wsgi.errors": io.StringIO(),
            },
            lambda status, headers: None,
        )
        answer.close()
        return answer


def both(session: str) -> tuple[Site, Site]:
    """The product and the bare service, for the same person."""
    return Site(WSGIHandler(), session), Site(bare_pages.handler(), session)


def require(answer: HttpResponse, status: int) -> HttpResponse:
    """What is measured must have worked."""
    if answer.status_code != status:
        raise RuntimeError(f"{answer.status_code}: {answer.content[:2000].decode(errors='replace')}")
    return answer


def counted(work: stand.Work) -> int:
    """How many statements one request takes, without BEGIN and COMMIT."""
    work()
    with CaptureQueriesContext(connection) as queries:
        work()
    return sum(query["sql"] not in ("BEGIN", "COMMIT") for query in queries)
