"""One question of the finder at a time: the same answers, the same address, without a script."""

import html
import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlencode

import pytest
from django.test import Client

from tests.portal.test_finder import BASE, find, network

__all__ = ["network"]

pytestmark = pytest.mark.django_db
STEPS = {"view": "steps"}
SITUATION = ["my-age", "my-eu_family", "my-purposes", "my-german_family"]


def hidden(page: str) -> list[tuple[str, str]]:
    """What the form of a page carries along."""
    return re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)">', form_of(page))


def form_of(page: str) -> str:
    """The form that asks."""
    return page.split("<main")[1].split('method="get"')[1].split("</form>")[0]


def asked(page: str) -> str:
    """The one question of a page."""
    shown = re.sub(r'<input type="hidden"[^>]*>', "", form_of(page))
    (name,) = set(re.findall(r' name="([\w-]+)"', shown))
    return name


def walk(client: Client, answers: dict[str, str]) -> Iterator[str]:
    """Answer one question after the other as a browser without scripts does; the questions, then the answer's page."""
    page = find(client, **STEPS)[1]
    for _ in range(20):
        if "/apply/" in page:
            yield page
            return
        name = asked(page)
        yield name
        given = [(key, value) for key, value in hidden(page) if (key, value) != (name, "")]
        page = client.get(f"/find/?{urlencode([*given, (name, answers.get(name, ''))])}").content.decode()
    raise AssertionError("the questions do not end")


def test_every_question_comes_alone_and_then_the_answer(client: Client) -> None:
    answers = {**BASE, "country": "US", "state": "US-CA", "county": "US-CA/06037", "my-age": "6-11"}

    *questions, page = walk(client, answers)

    assert questions[:5] == ["service", "nationality", "country", "state", "county"]
    assert questions[5:] == [name for name in SITUATION if name in questions]
    assert "my-age" in questions
    assert "Consulate General in Los Angeles" in page
    assert "In your case" in page


def test_only_what_matters_is_asked(client: Client) -> None:
    questions = list(walk(client, {**BASE, "country": "KE"}))[:-1]

    assert {"state", "county"}.isdisjoint(questions)


def test_a_question_may_be_passed_by(client: Client) -> None:
    page = find(client, **BASE, **STEPS, country="KE")[1]

    assert asked(page) == "my-age"
    assert "Show the answer now" in page
    assert "/apply/" in find(client, **BASE, country="KE")[1]


def test_an_answer_can_be_changed_and_the_others_stay(client: Client) -> None:
    page = find(client, **BASE, country="US", state="US-CA", county="US-CA/06037")[1]
    links = [html.unescape(link) for link in re.findall(r'<a class="change" href="([^"]+)"', page)]
    changing = next(link for link in links if "ask=country" in link)

    asking = client.get(changing).content.decode()

    assert asked(asking) == "country"
    assert '<option value="US" selected>' in asking
    assert dict(hidden(asking)) == BASE
    assert all(
        name in {"service", "nationality", "country", "state", "county", "ask"}
        for link in links
        for name, _ in parse_qsl(link.partition("?")[2])
    )


def test_a_wrong_answer_is_asked_again_with_a_sentence(client: Client) -> None:
    status, page = find(client, **STEPS, service="schengen_visa", nationality="XX")

    assert status == 422
    assert asked(page) == "nationality"
    assert page.count("Please choose an answer from the list.") == 2


def test_who_is_elsewhere_is_asked_where(client: Client) -> None:
    page = find(client, **BASE, country="KE", ask="present")[1]

    assert asked(page) == "present"
    assert dict(hidden(page)) == {**BASE, "country": "KE"}


@pytest.mark.parametrize("bad", ["XX", "\0\u202e<script>alert(1)</script>", "I" * 10_000, "steps"])
def test_no_text_breaks_a_step_or_is_carried_along_raw(client: Client, bad: str) -> None:
    for name in ("view", "ask", "my-age", "my-purposes", "present", "present_state", "other"):
        for country in ("KE", "AQ"):
            status, page = find(client, **BASE, country=country, **{name: bad})

            assert status in (200, 422)
            assert "<script>alert" not in page
            assert "I" * 100 not in page.split("<main")[1]


@pytest.mark.parametrize("language", ["en", "de", "fr", "ar"])
def test_steps_are_light_in_every_language(client: Client, language: str) -> None:
    for rest in ({}, BASE, {**BASE, "country": "US"}, {**BASE, "country": "KE"}):
        status, page = find(client, language, **STEPS, **rest)
        assert status == 200
        assert len(page.encode()) < 40_000
        assert page.count("<h1>") == 1
        assert asked(page)
