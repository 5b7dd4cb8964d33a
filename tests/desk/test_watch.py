"""The supervisor's page: what should not be, at the missions whose section one heads, with few statements."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from consular.accounts.models import Role, User
from consular.cases.models import Case
from consular.core import clock, jobs
from consular.core.models import Job
from consular.workflow.models import Token
from tests import factories, stages

pytestmark = pytest.mark.django_db(transaction=True)
OLD = timedelta(days=40)


@pytest.fixture
def post() -> stages.Post:
    return stages.ministry()


@pytest.fixture
def head(post: stages.Post) -> User:
    return factories.official(Role.HEAD_OF_SECTION, mission=post.mission)


def page(officer: User, address: str = "/desk/watch/") -> str:
    answer = factories.signed_in(Client(), officer).get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def late(case: Case) -> Case:
    """The case has stood still and its task is overdue."""
    Case.objects.filter(pk=case.pk).update(changed_at=clock.now() - OLD)
    Token.objects.filter(instance=case.instance_id).update(due_at=clock.now() - OLD)
    return case


def test_cases_and_tasks_of_ones_own_section_are_shown(post: stages.Post, head: User) -> None:
    case, fresh = late(stages.sent()), stages.sent()

    for address in ("/desk/watch/", "/desk/watch/?show=tasks"):
        text = page(head, address)
        assert case.reference in text
        assert fresh.reference not in text
        assert "Schengen" in text
    everywhere, abroad = (
        factories.official(Role.HEAD_OF_SECTION),
        factories.official(Role.HEAD_OF_SECTION, mission=factories.mission()),
    )
    assert case.reference in page(everywhere)
    assert case.reference not in page(abroad)


def test_whoever_heads_no_section_does_not_get_the_page(post: stages.Post) -> None:
    for officer in (post.clerk, post.decider, factories.official(Role.ADMINISTRATOR)):
        assert factories.signed_in(Client(), officer).get("/desk/watch/").status_code == 403


def test_a_head_of_section_is_told_of_jobs_and_of_a_clock_that_stands_still(
    post: stages.Post, head: User
) -> None:
    text = page(head)
    assert "given up" not in text
    assert "stands still" not in text
    jobs.promise("notifications.send", key="one")
    Job.objects.update(dead_at=clock.now())
    case = stages.sent()
    token = stages.open_task(case)
    token.pk, token.number, token.kind, token.due_at = None, 99, "timer", clock.now() - OLD
    token.save(force_insert=True)

    text = page(head)

    assert "An administrator has to look at" in text
    assert "the clock of this service stands still" in text


@pytest.mark.parametrize("address", ["/desk/watch/", "/desk/watch/?show=tasks"])
def test_the_page_takes_the_same_few_statements_however_much_there_is(
    post: stages.Post, head: User, address: str
) -> None:
    browser = factories.signed_in(Client(), head)
    counted = []
    for _ in range(2):
        for _ in range(15):
            late(factories.sent_case(mission=post.mission))
        browser.get(address)
        with CaptureQueriesContext(connection) as queries:
            browser.get(address)
        counted.append(len(queries))

    assert counted[0] == counted[1] <= 8
    assert "Next entries" in browser.get("/desk/watch/").content.decode()


@pytest.mark.parametrize(
    "after", ["x", "1-", "nan-1", "1e400-2", "1-99999999999999999999", "1--99999999999999999999", "\x00"]
)
def test_an_address_somebody_made_up_shows_the_first_page(post: stages.Post, head: User, after: str) -> None:
    answer = factories.signed_in(Client(), head).get("/desk/watch/", {"after": after})

    assert answer.status_code == 200
