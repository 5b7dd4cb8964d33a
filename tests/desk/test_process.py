"""The process of a case: the list of its steps, and the drawing that says nothing but the public process."""

import re

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from django.utils.translation import gettext

from consular import casework
from consular.cases.models import Case
from consular.core import jobs
from consular.ops import sources
from tests import factories, stages

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("missions")]


@pytest.fixture
def post() -> stages.Post:
    return stages.ministry()


def page(case: Case, officer: object, under: str = "") -> str:
    """What the officer reads."""
    answer = factories.signed_in(Client(), officer).get(f"/desk/cases/{case.reference}/process/{under}")
    assert answer.status_code == 200
    return answer.content.decode()


def states(text: str) -> dict[str, str]:
    """How each step stands, by its element."""
    return dict(re.findall(r'data-node="([^"]+)" data-state="([^"]+)"', text))


def line(text: str, node: str) -> str:
    """The words of one step, without what lies inside it."""
    found = re.search(rf'data-node="{node}".*?(?=<li|</ol)', text, re.DOTALL)
    assert found
    return " ".join(re.sub(r"<[^>]+>", " ", found.group(0).partition(">")[2]).split())


def test_the_list_says_what_is_done_open_and_possible(post: stages.Post) -> None:
    case = stages.at_decision(post)

    found = states(page(case, post.clerk))

    assert {node: found[node] for node in ("check_completeness", "lodge", "examine")} == dict.fromkeys(
        ("check_completeness", "lodge", "examine"), "done"
    )
    assert (found["procedure"], found["decide"], found["hand_over"]) == ("open", "open", "ahead")
    assert (found["deadline"], found["transfer"]) == ("watching", "perhaps")
    assert "found_inadmissible" not in found


def test_a_line_says_who_did_it_when_and_until_when_what_is_open_is_due(post: stages.Post) -> None:
    case = stages.at_decision(post)
    casework.claim(case.reference, stages.open_task(case).pk, actor=post.decider)

    text = page(case, post.clerk)

    assert post.caseworker.name in line(text, "examine")
    assert "Caseworker" in line(text, "examine")
    assert re.search(
        rf"Decider Taken by {re.escape(post.decider.name)}\. Due on .+ 20\d\d\.", line(text, "decide")
    )
    assert "The time runs until" in line(text, "deadline")


def test_a_task_past_its_day_is_overdue_in_the_list(post: stages.Post) -> None:
    case = stages.sent()
    token = stages.open_task(case)
    type(token).objects.filter(pk=token.pk).update(due_at=case.submitted_at)

    assert states(page(case, post.clerk))["check_completeness"] == "late"


def test_a_closed_case_has_nothing_open(post: stages.Post) -> None:
    case = stages.issued(post)
    stages.do(case, post.clerk, handed_to="applicant")
    jobs.work()

    found = states(page(case, post.clerk))

    assert set(found.values()) <= {"done", "unneeded", "cancelled"}
    assert found["closed"] == "done"


def test_an_end_without_a_name_is_no_line_of_the_list(post: stages.Post) -> None:
    case = stages.decided(post)
    assert case.events.filter(kind="reached", node="decision_made").exists()

    text = page(case, post.caseworker)

    assert "decision_made" not in states(text)
    assert "Step without a name" not in text


def test_the_page_takes_few_statements_however_long_the_history_is(post: stages.Post) -> None:
    case = stages.at_decision(post)
    browser = factories.signed_in(Client(), post.clerk)
    address = f"/desk/cases/{case.reference}/process/"
    browser.get(address)
    with CaptureQueriesContext(connection) as queries:
        browser.get(address)

    assert len(queries) <= 9


def test_the_drawing_says_nothing_but_the_public_process(post: stages.Post) -> None:
    case = stages.at_decision(post)

    drawn = page(case, post.clerk, "diagram/")

    published = (settings.FORMS_DIR / "schengen_visa" / "v1" / "process.bpmn").read_text(encoding="utf-8")
    for inner in ("zeebe", "conditionExpression", "timeDuration", "recommendation", "P10D", "correlationKey"):
        assert inner in published
        assert inner not in drawn
    assert case.applicant_name not in drawn
    assert 'id="examine"' in drawn


@pytest.mark.parametrize("language", ["de", "fr", "ar"])
def test_every_name_in_the_drawing_is_in_the_language_of_the_reader(post: stages.Post, language: str) -> None:
    case = stages.sent()
    browser = factories.signed_in(Client(), post.clerk)
    address = f"/desk/cases/{case.reference}/process/diagram/"

    drawn = browser.get(address, headers={"accept-language": language}).content
    english = browser.get(address, headers={"accept-language": "en"}).content

    with translation.override(language):
        expected = {
            " ".join(gettext(found.text).split()) for found in sources.in_bpmn(english, "process.bpmn")
        }
    assert {found.text for found in sources.in_bpmn(drawn, "process.bpmn")} == expected
    assert drawn != english


def test_a_browser_that_has_the_drawing_is_told_so(post: stages.Post) -> None:
    browser = factories.signed_in(Client(), post.clerk)
    first, second = stages.sent(), stages.sent()
    address = f"/desk/cases/{first.reference}/process/diagram/"

    fresh = browser.get(address)
    again = browser.get(address, headers={"if-none-match": fresh["ETag"]})
    german = browser.get(address, headers={"if-none-match": fresh["ETag"], "accept-language": "de"})
    other = browser.get(f"/desk/cases/{second.reference}/process/diagram/")

    assert (fresh.status_code, again.status_code, german.status_code) == (200, 304, 200)
    assert fresh["Cache-Control"] == again["Cache-Control"] == "private, no-cache"
    assert again.content == b""
    assert other["ETag"] == fresh["ETag"]


def test_every_other_page_of_the_desk_stays_out_of_caches(post: stages.Post) -> None:
    case = stages.sent()

    answer = factories.signed_in(Client(), post.clerk).get(f"/desk/cases/{case.reference}/process/")

    assert answer["Cache-Control"] == "no-store"


def test_only_who_may_see_the_case_gets_the_drawing(post: stages.Post) -> None:
    case = stages.sent()
    strangers = (factories.official(), case.owner, factories.applicant())

    answers = [
        factories.signed_in(Client(), person).get(f"/desk/cases/{case.reference}/process/{under}").status_code
        for person in strangers
        for under in ("", "diagram/")
    ]

    assert 200 not in answers
