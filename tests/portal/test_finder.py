"""The finder asks only what matters, answers on one page, and breaks on nothing."""

import re
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from consular.cases.models import Answers
from consular.missions import loading
from consular.missions.models import District, ExchangeRate, IntakeSite, Mission, Representation

pytestmark = pytest.mark.django_db
BASE = {"service": "schengen_visa", "nationality": "IND"}


@pytest.fixture(scope="module", autouse=True)
def network(django_db_setup: None, django_db_blocker: object) -> Iterator[None]:
    """The districts, loaded once for all tests of this file."""
    with django_db_blocker.unblock():
        loading.load()
        yield
        with connection.cursor() as cursor:
            for model in (ExchangeRate, IntakeSite, District, Representation, Mission):
                cursor.execute(f"DELETE FROM {model._meta.db_table}")  # noqa: S608  names of our own tables


def find(client: Client, language: str = "en", **asked: str) -> tuple[int, str]:
    response = client.get("/find/", asked, headers={"accept-language": language})
    return response.status_code, response.content.decode()


def names(page: str) -> set[str]:
    return set(re.findall(r'<select[^>]* name="(\w+)"', page))


def test_the_first_page_asks_three_questions(client: Client) -> None:
    status, page = find(client)

    assert status == 200
    assert names(page) == {"service", "nationality", "country"}
    assert page.count("<h1>") == 1
    assert "(optional)" not in page
    assert "There is a problem" not in page


def test_the_answer_says_who_why_what_it_costs_and_what_to_bring(client: Client) -> None:
    status, page = find(client, **BASE, country="IN", state="IN-MH")

    assert status == 200
    assert "Consulate General in Mumbai" in page
    assert "You live in Maharashtra, India." in page
    for line in ("Age up to 5", "free of charge", "Age 6 to 11", "€45.00", "Age 12 and over", "€90.00"):
        assert line in page
    assert "15 as a rule, 45 at most" in page
    assert "Travel medical insurance" in page
    assert "Proof of legal residence" not in page


def test_who_lives_abroad_brings_the_residence_permit(client: Client) -> None:
    page = find(client, service="schengen_visa", nationality="SYR", country="IN", state="IN-MH")[1]

    assert "Proof of legal residence" in page


def test_the_start_button_carries_the_answers_in_the_body(client: Client) -> None:
    page = find(client, **BASE, country="US", state="US-CA", county="US-CA/06037")[1]

    form = re.search(r'<form method="post" action="/apply/schengen_visa/">.*?</form>', page, re.S)[0]
    assert 'name="residence" value="US-CA/06037"' in form
    assert 'name="nationality" value="IND"' in form
    assert "csrfmiddlewaretoken" in form


@pytest.mark.parametrize(
    ("asked", "more"),
    [
        ({"country": "IN"}, {"state"}),
        ({"country": "US"}, {"state"}),
        ({"country": "US", "state": "US-CA"}, {"state", "county"}),
        ({"country": "US", "state": "US-CT"}, {"state", "county"}),
        ({"country": "US", "state": "IN-MH"}, {"state"}),
        ({"country": "US", "state": "US-CA", "county": "US-CT/09001"}, {"state", "county"}),
    ],
)
def test_state_and_county_are_asked_only_where_they_matter(
    client: Client, asked: dict[str, str], more: set[str]
) -> None:
    status, page = find(client, **BASE, **asked)

    assert status == 200
    assert names(page) == {"service", "nationality", "country"} | more


@pytest.mark.parametrize("asked", [{"country": "CA"}, {"country": "HK"}, {"country": "US", "state": "US-NY"}])
def test_what_was_said_precisely_enough_is_answered(client: Client, asked: dict[str, str]) -> None:
    status, page = find(client, **BASE, **asked)

    assert status == 200
    assert names(page) == set()
    assert "/apply/schengen_visa/" in page


def test_old_codes_in_bookmarks_still_work(client: Client) -> None:
    assert "Consulate General in Kolkata" in find(client, **BASE, country="IN", state="IN-OR")[1]


def test_a_territory_chosen_as_a_state_is_found(client: Client) -> None:
    assert "Consulate General in Miami" in find(client, **BASE, country="US", state="US-PR")[1]


def test_where_nobody_is_responsible_the_page_says_what_to_do(client: Client) -> None:
    status, page = find(client, **BASE, country="AQ")

    assert status == 200
    assert "None of our missions is responsible" in page
    assert "/apply/" not in page


def test_where_nobody_is_responsible_no_further_answer_is_asked_for(client: Client) -> None:
    page = find(client, **BASE, country="AQ")[1]

    assert "None of our missions is responsible" in page
    assert "Please answer the last question" not in page
    assert names(page) == {"present"}


def test_a_closed_mission_is_explained(client: Client) -> None:
    page = find(client, service="schengen_visa", nationality="AFG", country="AF")[1]

    assert "Embassy in Islamabad" in page
    assert "This assignment still has to be confirmed" in page


def test_a_link_may_carry_some_answers(client: Client) -> None:
    status, page = find(client, service="schengen_visa")

    assert status == 200
    assert '<option value="schengen_visa" selected>' in page
    assert "There is a problem" not in page


@pytest.mark.parametrize(
    ("name", "bad"),
    [
        (name, bad)
        for name in ("service", "nationality", "country", "state", "county")
        for bad in ("", "XX", "\0", "\u202eIN", "<script>alert(1)</script>", "I" * 10_000)
    ]
    + [("service", "IN-MH"), ("nationality", "IN"), ("country", "IN-MH")],
)
def test_bad_answers_are_field_errors(client: Client, name: str, bad: str) -> None:
    asked = {**BASE, "country": "US", "state": "US-CA", "county": "US-CA/06037", name: bad}

    status, page = find(client, **asked)

    assert status == 422
    assert "There is a problem" in page
    assert "<script>alert" not in page
    assert f'id="id_{name}"' in page


def test_a_bad_answer_in_a_partial_link_is_an_error_at_its_field(client: Client) -> None:
    status, page = find(client, service="castle_tour")

    assert status == 422
    assert page.count("Please choose an answer from the list.") == 2


@pytest.mark.parametrize("language", ["en", "de", "fr", "ar"])
def test_the_page_is_light_in_every_language(client: Client, language: str) -> None:
    status, page = find(client, language, **BASE, country="US", state="US-CA", county="US-CA/06037")

    assert status == 200
    assert len(page.encode()) < 100_000


def test_the_answer_costs_few_queries(client: Client) -> None:
    with CaptureQueriesContext(connection) as queries:
        find(client, **BASE, country="US", state="US-CA", county="US-CA/06037")

    assert len(queries) <= 6


def test_only_reading_is_possible(client: Client) -> None:
    assert client.post("/find/", BASE).status_code == 405


def test_the_start_page_leads_to_finder_drafts_and_verification(client: Client) -> None:
    response = client.get("/")
    page = response.content.decode()

    assert response.status_code == 200
    assert "/find/?service=schengen_visa" in page
    assert "/my/" in page
    assert page.count("<h1>") == 1


def test_start_takes_nationality_and_residence_into_the_draft(client: Client) -> None:
    response = client.post("/apply/schengen_visa/", {"residence": "US-CA/06037", "nationality": "IND"})

    assert response.status_code == 302
    answers = Answers.objects.get().data
    assert answers["nationality"] == "IND"
    assert answers["residence_area"] == "US-CA/06037"
    assert answers["residence_country"] == "USA"
