"""Every error is a problem document; nothing that comes in makes the service fail."""

import pytest
from django.test import Client

from consular.api import own
from tests import factories, rows
from tests.api.asking import HOME, PROBLEM, Partner, checked

pytestmark = pytest.mark.django_db


@rows.every(
    "method",
    ["get", "post", "put", "delete", "patch"],
    "address",
    ["", "nothing/", "cases", "missions/a b/", "services/%00/", "calendars/x/slots/", "%0A", "a/b/c/d"],
)
def test_unknown_addresses_are_a_problem_too(address, method):
    answer = checked(getattr(Client(), method)(HOME + address))

    assert answer.status_code == 404
    assert answer.json() == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "code": "not_found",
        "detail": "Not found.",
    }


def test_a_method_that_is_not_there_is_named_with_those_that_are():
    answer = checked(Client().delete("/api/v1/services/"))

    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
    assert answer["Allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize(
    ("body", "media_type", "status", "code"),
    [
        (b"", "application/json", 422, "invalid"),
        (b"{", "application/json", 400, "parse_error"),
        (b"\xff\xfe", "application/json", 400, "parse_error"),
        (b"[" * 9_000, "application/json", 400, "parse_error"),
        (b'{"slot": NaN}', "application/json", 400, "parse_error"),
        (b'{"slot": ' + b"9" * 9_000 + b"}", "application/json", 400, "parse_error"),
        (b"{}" + b" " * 30_000, "application/json", 413, "too_large"),
        (b" " * 2_500_001, "application/json", 413, "too_large"),
        (b"{}", "application/json; charset=hex", 422, "invalid"),
        (b"{}", "application/json; charset=utf-16", 422, "invalid"),
        (b"a=1", "application/x-www-form-urlencoded", 415, "unsupported_media_type"),
        (b"<a/>", "text/xml", 415, "unsupported_media_type"),
        (b"{}", "nonsense", 415, "unsupported_media_type"),
        (b"[]", "application/json", 422, "invalid"),
        (b"null", "application/json", 422, "invalid"),
        (b'"text"', "application/json", 422, "invalid"),
        (rb'{"\ud800": 1}', "application/json", 422, "invalid"),
        (rb'{"case": "\ud800", "slot": 1}', "application/json", 422, "invalid"),
    ],
    ids=lambda value: None if isinstance(value, bytes) else str(value),
)
def test_a_body_that_cannot_be_taken(body, media_type, status, code):
    partner = Partner(factories.applicant())

    answer = checked(partner.client.generic("POST", "/api/v1/bookings/", body, media_type))

    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_an_answer_that_cannot_be_given_is_refused():
    answer = Partner().get("services/", Accept="text/html")

    assert (answer.status_code, answer.json()["code"]) == (406, "not_acceptable")


def test_fields_are_named_and_sentences_are_in_the_language_asked_for():
    partner = Partner(factories.applicant())
    english = partner.post("bookings/", {"slot": "x", "more": 1}, **{"Accept-Language": "en"})
    german = partner.post("bookings/", {"case": "X", "slot": "x"}, **{"Accept-Language": "de-AT, en;q=0.5"})

    broken = partner.client.generic(
        "POST", HOME + "bookings/", b"{", "application/json", headers={"Accept-Language": "de"}
    )

    assert broken.json()["detail"] == "Fehlerhafte Anfrage."
    assert english.status_code == german.status_code == 422
    assert english.json()["errors"] == {"more": ["This name is not known here."]}
    assert german.json()["errors"] == {"slot": ["Eine gültige Ganzzahl ist erforderlich."]}
    assert german["Content-Language"] == "de"
    assert "Accept-Language" in german["Vary"]


def test_what_nobody_expected_tells_nothing_but_that_it_happened(monkeypatch):
    def fails(*_args):
        raise RuntimeError("secret detail")

    monkeypatch.setattr(own, "page", fails)
    answer = Partner(factories.applicant()).client.get("/api/v1/cases/")

    assert (answer.status_code, answer["Content-Type"]) == (500, PROBLEM)
    assert answer.json()["code"] == "failed"
    assert b"secret" not in answer.content


@pytest.mark.parametrize(
    ("header", "status", "code", "said"),
    [
        ({"HTTP_HOST": "elsewhere.example"}, 400, "bad_request", "Diese Anfrage konnte nicht gelesen werden"),
        ({"HTTP_SEC_FETCH_SITE": "cross-site"}, 403, "forbidden", "Sie dürfen diese Seite nicht öffnen"),
    ],
)
def test_what_is_refused_before_the_interface_hears_of_it_is_a_problem_too(header, status, code, said):
    answer = checked(
        Client().post(HOME + "bookings/", b"{}", "application/json", **header, HTTP_ACCEPT_LANGUAGE="de")
    )

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["detail"] == said
    assert (
        Client()
        .get("/sign-in/", **{"HTTP_HOST": "elsewhere.example"})["Content-Type"]
        .startswith("text/html")
    )
