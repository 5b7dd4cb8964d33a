"""The pages of officers take the same few statements however much there is: a guard that no machine can blur."""

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from consular.accounts.models import User
from consular.cases import queue
from consular.cases.models import Audience, Case, Event, Message
from consular.cases.narrowing import Wanted
from consular.core import clock
from consular.missions.postings import duties
from tests import factories, stages

pytestmark = pytest.mark.django_db(transaction=True)

FEW, MANY = 2, 25


def statements(officer: User, address: str) -> int:
    """How many statements the page takes, once everything that is read once has been read."""
    browser = factories.signed_in(Client(), officer)
    browser.get(address)
    with CaptureQueriesContext(connection) as queries:
        answer = browser.get(address)
    assert answer.status_code == 200
    sql = [query["sql"].replace("OFFSET 0)", "") for query in queries]  # which skips nothing
    assert not any("OFFSET" in text or "COUNT(" in text for text in sql)
    return len(sql)


def correspond(case: Case, officer: User, number: int) -> None:
    """So many notes and so many lines of history, each by an officer."""
    now = clock.now()
    Message.objects.bulk_create(
        Message(case=case, audience=Audience.INTERNAL, author=officer, body="Note", sent_at=now)
        for _ in range(number)
    )
    Event.objects.bulk_create(
        Event(case=case, at=now, kind="completed", actor=factories.official()) for _ in range(number)
    )


def test_a_case_takes_as_many_statements_with_a_long_history_as_with_a_short_one() -> None:
    post = stages.ministry()
    case = stages.at_examination(post)
    address = f"/desk/cases/{case.reference}/"
    correspond(case, post.clerk, FEW)
    few = statements(post.caseworker, address)
    correspond(case, post.clerk, MANY)

    assert statements(post.caseworker, address) == few <= 15


def test_a_case_with_a_proposal_takes_few_statements() -> None:
    post = stages.ministry()
    case = stages.at_decision(post)

    assert statements(post.decider, f"/desk/cases/{case.reference}/") <= 16


def test_the_queue_of_many_cases_takes_as_many_statements_as_of_few() -> None:
    post = stages.ministry()
    for _ in range(FEW):
        stages.sent()
    few = statements(post.clerk, "/desk/")
    for _ in range(4 * FEW):
        stages.sent()

    assert statements(post.clerk, "/desk/") == few <= 6


def test_every_page_of_the_queue_is_a_walk_along_the_covering_index() -> None:
    post = stages.ministry()
    case = stages.sent()
    token = stages.open_task(case)
    for number in range(60):
        token.pk, token.number = None, 100 + number
        token.save(force_insert=True)
    held = duties(post.clerk)
    _, after = queue.page(held)
    assert after is not None

    for position in (None, after):
        plan = _plan(queue.statement(held, Wanted(), after=position))
        assert "Index Only Scan using token_queue" in plan
        heads = plan.partition("Limit")[2].partition("InitPlan")[0]
        assert "Sort" not in heads.replace("Sort Key", "")


def test_without_the_index_the_same_page_would_sort_everything() -> None:
    held = duties(stages.ministry().clerk)
    asked = queue.statement(held, Wanted())

    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("DROP INDEX token_queue")
        plan = _plan(asked)
        transaction.set_rollback(True)

    assert "->  Sort" in plan or plan.count("Sort") > plan.count("Sort Key")


def _plan(asked: queue.Statement) -> str:
    """How PostgreSQL would run it on a large table: it prefers a sequential scan on a tiny one."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        cursor.execute("SET LOCAL enable_sort = off")  # an index that gives the order is taken
        cursor.execute(f"EXPLAIN {asked.text}", asked.values)
        return "\n".join(row[0] for row in cursor.fetchall())
