"""The queue: what is mine to do, by deadline, page by page, with the same effort at any depth."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from consular.accounts.models import Role
from consular.cases import queue
from consular.cases.models import Case
from consular.cases.narrowing import Tab, Wanted
from consular.core import clock
from consular.desk import queue_filters
from consular.missions.models import Mission
from consular.missions.postings import duties
from consular.workflow.models import Token
from tests import factories, stages

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("missions")]


def _tasks(case: Case, number: int, mission: Mission, lane: Role = Role.INTAKE_CLERK) -> None:
    due = clock.now()
    Token.objects.bulk_create(
        Token(
            instance=case.instance,
            number=Token.objects.count() + index,
            node="check_completeness",
            kind="task",
            lane=lane,
            mission=mission,
            since=due,
            due_at=due + timedelta(hours=index // 2),
        )
        for index in range(number)
    )


def test_pages_follow_each_other_without_gap_or_repetition() -> None:
    mission = factories.mission()
    case = factories.sent_case(mission=mission)
    _tasks(case, 23, mission)
    _tasks(case, 20, mission, Role.CASEWORKER)
    held = duties(factories.official(Role.INTAKE_CLERK, Role.CASEWORKER, mission=mission))

    seen, after, pages = [], None, 0
    while pages == 0 or after:
        rows, after = queue.page(held, after=after, size=10)
        seen += [(row.due_at, row.token_id) for row in rows]
        pages += 1

    assert pages == 5
    assert seen == sorted(Token.objects.values_list("due_at", "id"))


def test_other_missions_and_other_roles_are_not_in_my_queue() -> None:
    mine, other = factories.mission(), factories.mission()
    case = factories.sent_case(mission=mine)
    _tasks(case, 1, mine)
    _tasks(case, 1, other)
    _tasks(case, 1, mine, Role.DECIDER)

    rows, _ = queue.page(duties(factories.official(Role.INTAKE_CLERK, mission=mine)))

    assert len(rows) == 1


def test_a_head_of_section_sees_the_tasks_of_the_whole_section() -> None:
    mine, other = factories.mission(), factories.mission()
    case = factories.sent_case(mission=mine)
    for role in (Role.INTAKE_CLERK, Role.DECIDER):
        _tasks(case, 1, mine, role)
        _tasks(case, 1, other, role)

    held = duties(factories.official(Role.HEAD_OF_SECTION, mission=mine))
    rows, _ = queue.page(held, Wanted(tab=Tab.MISSION))

    assert len(rows) == 2
    assert queue_filters.first_tab(held) == Tab.MISSION


@pytest.mark.parametrize("number", [3, 60])
def test_the_page_takes_the_same_few_queries_however_much_there_is(number: int) -> None:
    post = stages.ministry()
    case = stages.sent()
    _copies(stages.open_task(case), number)
    client = factories.signed_in(Client(), post.clerk)
    client.get("/desk/")

    with CaptureQueriesContext(connection) as queries:
        answer = client.get("/desk/")

    assert answer.status_code == 200
    sql = [query["sql"].replace("OFFSET 0)", "") for query in queries]  # which skips nothing
    assert len(sql) <= 6, [text[:100] for text in sql]
    assert not any("COUNT(" in text or "OFFSET" in text for text in sql)


def _copies(token: Token, number: int) -> None:
    for index in range(number):
        token.pk, token.number = None, 100 + index
        token.save(force_insert=True)


@pytest.mark.parametrize(
    "after", ["", "x", "1-", "-1", "1e400-2", "nan-1", "9999999999999999-1", "1-99999999999999999999"]
)
def test_an_address_somebody_made_up_shows_the_first_page(after: str) -> None:
    client = factories.signed_in(Client(), factories.official(Role.INTAKE_CLERK, mission=factories.mission()))

    assert client.get("/desk/", {"after": after}).status_code == 200


def test_a_page_behind_the_last_entry_leads_back_to_the_first() -> None:
    client = factories.signed_in(Client(), factories.official(Role.INTAKE_CLERK, mission=factories.mission()))

    page = client.get("/desk/", {"after": "4102444800-1"}).content.decode()

    assert '<a href="?show=team">Back to the first entries</a>' in page
    assert "Back to the first entries" not in client.get("/desk/").content.decode()


def test_claimed_tasks_of_a_duty_that_has_ended_are_not_shown() -> None:
    here, before = factories.mission(), factories.mission()
    officer = factories.official(Role.INTAKE_CLERK, mission=here)
    for mission in (here, before):
        _tasks(factories.sent_case(mission=mission), 1, mission)
    _tasks(factories.sent_case(mission=here), 1, here, Role.DECIDER)
    Token.objects.update(assignee=officer)

    mine = Wanted(tab=Tab.MINE)
    rows, _ = queue.page(duties(officer), mine, user_id=officer.pk)

    assert [row.reference for row in rows] == [
        Case.objects.get(mission=here, instance__tokens__lane="intake_clerk").reference
    ]
    auditor = duties(factories.official(Role.AUDITOR, mission=here))
    assert queue.page(auditor, mine, user_id=officer.pk) == ([], None)


def test_the_day_of_a_deadline_is_the_day_at_the_mission() -> None:
    post = stages.ministry()
    case = stages.sent()
    Token.objects.filter(instance=case.instance_id).update(due_at=datetime(2026, 12, 6, 20, tzinfo=UTC))
    client = factories.signed_in(Client(), post.clerk)

    answer = client.get("/desk/")

    assert case.mission.time_zone == "Asia/Kolkata"
    assert [row.due_on for row in answer.context["rows"]] == [date(2026, 12, 7)]
