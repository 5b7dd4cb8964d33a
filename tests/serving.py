"""The service over HTTP in processes of its own, forked from the test: they start at once, on the test's database.

They stand at the moment of the test's clock and have what the test switched off switched off as well.
"""

import http.client
import json
import os
import signal
import socket
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from threading import Barrier
from typing import Any
from urllib.parse import urlencode
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.conf import settings
from django.db import connection
from django.test import Client

from consular.accounts import tokens
from consular.accounts.models import User
from consular.wsgi import application
from tests import factories


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    text: str

    @property
    def code(self) -> str:
        """The code of a problem document; "" for anything else."""
        return str(json.loads(self.text).get("code", "")) if self.text.startswith("{") else ""


@dataclass(frozen=True)
class Ask:
    """One POST to one server."""

    port: int
    path: str
    body: str
    headers: Mapping[str, str] = field(default_factory=dict)

    def __call__(self) -> Answer:
        """Send it on a connection of its own."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        line.request("POST", self.path, self.body.encode(), dict(self.headers))
        found = line.getresponse()
        answer = Answer(found.status, found.read().decode())
        line.close()
        return answer


def by_key(port: int, user: User, path: str, body: Any = None) -> Ask:
    """A request of the interface, by a key of this account."""
    key = tokens.create(user, name="race", days=30)
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    return Ask(port, f"/api/v1/{path}", json.dumps(body or {}), headers)


def by_form(port: int, user: User, path: str, fields: Mapping[str, object]) -> Ask:
    """A form of the pages, from a browser in which this account is signed in."""
    session = factories.signed_in(Client(), user).cookies[settings.SESSION_COOKIE_NAME].value
    token = "a" * 32
    cookies = f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={token}"
    headers = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
    return Ask(port, path, urlencode({**fields, "csrfmiddlewaretoken": token}), headers)


def at_once(*asked: Ask) -> list[Answer]:
    """Send all in the same moment; the answers in the order of the questions."""
    start = Barrier(len(asked))

    def one(ask: Ask) -> Answer:
        start.wait(60)
        return ask()

    with ThreadPoolExecutor(len(asked)) as pool:
        return list(pool.map(one, asked))


@contextmanager
def processes(number: int) -> Iterator[int]:
    """So many processes that answer at one port, which is given; each does one request after the other."""
    _warm_up()
    connection.close()
    connection.close_pool()
    with socket.create_server(("127.0.0.1", 0), backlog=64) as door:
        children = [_child(lambda: _serve(door)) for _ in range(number)]
        try:
            yield int(door.getsockname()[1])
        finally:
            for child in children:
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)


@cache
def _warm_up() -> None:
    """Load once, before the first fork, what a first request loads: otherwise every process would."""
    for path in ("/desk/", "/api/v1/bookings/"):
        Client().post(path, {}, content_type="application/json", headers={"Accept-Language": "en"})


def _child(work: Callable[[], None]) -> int:
    child = os.fork()
    if child == 0:
        try:
            work()
        finally:
            os._exit(1)
    return child


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_parts: object) -> None:
        """Nothing."""


def _serve(door: socket.socket) -> None:
    server = make_server("127.0.0.1", 0, application, WSGIServer, _Quiet)
    server.socket.close()
    server.socket = door
    while True:
        server.handle_request()
