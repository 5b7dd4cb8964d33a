"""When the database is away people are told to come back; they see nothing of what is inside."""

import logging
from collections.abc import Iterator

import pytest
from django.db import InterfaceError, OperationalError, connection
from django.test import Client

from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


def _lose_the_database() -> None:
    """The server ends our connection, as it does when it stops."""
    with pytest.raises((OperationalError, InterfaceError)), connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


@pytest.fixture(autouse=True)
def _reconnect() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)
    connection.close()


@pytest.mark.parametrize("path", ["/my/", "/desk/", "/sign-in/", "/verify/AAAA-BBBB/"])
def test_without_the_database_a_page_asks_to_come_back(client: Client, path: str) -> None:
    factories.signed_in(client, factories.applicant())
    _lose_the_database()

    page = client.get(path, headers={"Accept-Language": "de"})

    assert (page.status_code, page["Retry-After"], page["Cache-Control"]) == (503, "30", "no-store")
    assert b"<h1>" in page.content
    assert b'lang="de"' in page.content
    for inside in (b"Traceback", b"psycopg", b"SELECT", b"OperationalError"):
        assert inside not in page.content


def test_without_the_database_strangers_still_read_what_needs_none(client: Client) -> None:
    _lose_the_database()

    assert {client.get(path).status_code for path in ("/", "/privacy/", "/imprint/", "/healthz")} == {200}


def test_without_the_database_the_interface_answers_with_a_problem(client: Client) -> None:
    _lose_the_database()

    answer = client.get("/api/v1/cases/", headers={"Authorization": "Bearer x"})

    assert (answer.status_code, answer["Content-Type"]) == (503, "application/problem+json")
    assert (answer.json()["code"], answer["Retry-After"]) == ("away", "30")


def test_any_other_failure_is_ours(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("consular.portal.start.render", None)

    page = client.get("/")

    assert (page.status_code, "Retry-After" in page) == (500, False)
    assert b"NoneType" not in page.content
