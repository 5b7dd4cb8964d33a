"""Which tasks stand in which tab, narrowed and sorted, each page with bounded effort."""

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from consular.accounts.models import Role, User
from consular.cases import narrowing, queue, queue_frame
from consular.cases.models import Case, Flag, Phase
from consular.cases.narrowing import Sort, Tab, Wanted
from consular.core import clock
from consular.missions.postings import Duties, duties
from consular.workflow.models import Token
from tests import factories
from tests.harm import alter

pytestmark = pytest.mark.django_db
CLERK, CASEWORKER = Role.INTAKE_CLERK, Role.CASEWORKER


class Section:
    """A mission, its back office and a stranger: seven tasks with everything one can ask for."""

    def __init__(self) -> None:
        self.post, self.elsewhere = factories.mission(), factories.mission()
        self.office = factories.mission(kind="back_office")
        self.clerk = factories.official(CLERK, mission=self.post)
        self.colleague = factories.official(CLERK, mission=self.post)
        self.head = factories.official(Role.HEAD_OF_SECTION, mission=self.post)
        self.auditor = factories.official(Role.AUDITOR, mission=self.post)
        self.helper = factories.official(CASEWORKER, mission=self.office)
        self.names: dict[int, str] = {}
        self.task("mine", due=5, since=9, assignee=self.clerk, nationality="DEU", phase=Phase.READY)
        self.task("late", due=-1, since=3, nationality="GHA", node="lodge")
        flagged = self.task("flagged", due=2, since=1, assignee=self.colleague, nationality="FRA")
        Flag.objects.create(case=flagged, kind="urgent", set_by=self.head, set_at=clock.now())
        paused = self.task("paused", due=-2, since=20, service="passport")
        Token.objects.filter(instance=paused.instance).update(
            data={"held": {"since": "2026-01-01T00:00:00Z"}}
        )
        self.task("examined", due=1, since=2, lane=CASEWORKER)
        self.task("lent", due=3, since=4, lane=CASEWORKER, mission=self.office, home=self.post)
        self.task("strange", due=0, since=0, case_mission=self.elsewhere, mission=self.elsewhere)

    def task(self, name: str, *, due: int, since: int, lane: Role = CLERK, **facts: Any) -> Case:
        now = clock.now()
        own = {key: facts.pop(key) for key in ("nationality", "phase", "service") if key in facts}
        case = factories.sent_case(mission=facts.pop("case_mission", self.post), **own)
        facts = {"mission": case.mission, "node": "check_completeness"} | facts
        moments = {"due_at": now + timedelta(days=due), "since": now - timedelta(days=since)}
        token = Token.objects.create(
            instance=case.instance, number=1, kind="task", lane=lane, **moments, **facts
        )
        self.names[token.pk] = name
        return case

    def shown(self, who: User, **wanted: Any) -> str:
        """The names of the tasks, page by page of two."""
        held = duties(who)
        return " ".join(self.names[number] for number in walk(held, Wanted(**wanted), who.pk))


def walk(held: Duties, wanted: Wanted, user_id: int) -> Iterator[int]:
    after = None
    while True:
        rows, after = queue.page(held, wanted, user_id=user_id, after=after, size=2)
        yield from (row.token_id for row in rows)
        if after is None:
            return


TABS = {
    ("clerk", Tab.MINE): "mine",
    ("clerk", Tab.TEAM): "paused late flagged mine",
    ("clerk", Tab.MISSION): "paused late examined flagged mine",
    ("clerk", Tab.SHARED): "lent",
    ("head", Tab.TEAM): "",
    ("head", Tab.MISSION): "paused late examined flagged mine",
    ("auditor", Tab.MINE): "",
    ("auditor", Tab.TEAM): "",
    ("auditor", Tab.MISSION): "paused late examined flagged mine",
    ("helper", Tab.TEAM): "lent",
    ("helper", Tab.SHARED): "lent",
    ("helper", Tab.MISSION): "lent",
}
FILTERS: list[tuple[Mapping[str, Any], str]] = [
    ({"service": "passport"}, "paused"),
    ({"task": "lodge"}, "late"),
    ({"phase": "ready"}, "mine"),
    ({"due": "overdue"}, "late"),
    ({"due": "7"}, "late flagged mine"),
    ({"nation": "own"}, "mine"),
    ({"nation": "eu"}, "flagged"),
    ({"nation": "other"}, "late"),
    ({"flag": "any"}, "flagged"),
    ({"flag": "urgent"}, "flagged"),
    ({"flag": "medical"}, ""),
    ({"waits": "7"}, "paused mine"),
    ({"person": "nobody"}, "paused late"),
    ({"sort": Sort.WAITING}, "paused mine late flagged"),
    ({"sort": Sort.RECEIVED}, "mine late flagged paused"),
    ({"sort": Sort.WAITING, "waits": "7"}, "paused mine"),
    ({"sort": Sort.RECEIVED, "due": "7", "nation": "other"}, "late"),
    ({"sort": Sort.WAITING, "due": "overdue"}, "late"),
]


def test_every_tab_and_filter_shows_exactly_what_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    section = Section()

    assert {(who, tab): section.shown(getattr(section, who), tab=tab) for who, tab in TABS} == TABS
    assert [section.shown(section.clerk, **wanted) for wanted, _names in FILTERS] == [
        names for _w, names in FILTERS
    ]
    colleague = str(section.colleague.pk)
    assert section.shown(section.clerk, person=colleague) == "flagged"
    assert section.shown(section.clerk, tab=Tab.SHARED, person=colleague) == ""
    monkeypatch.setattr(queue, "LOOKED", 2)  # found all the same, by more pages
    assert [section.shown(section.clerk, **wanted) for wanted, _names in FILTERS] == [
        names for _w, names in FILTERS
    ]


def test_counts_are_those_of_the_tabs_and_end_where_nobody_counts_on(monkeypatch: pytest.MonkeyPatch) -> None:
    section = Section()

    for who in (section.clerk, section.head, section.auditor, section.helper):
        found = queue_frame.frame(who, duties(who))
        assert found.counts == {tab: len(section.shown(who, tab=tab).split()) for tab in Tab}
    clerk = queue_frame.frame(section.clerk, duties(section.clerk))
    assert {name for _number, name in clerk.colleagues} == {
        one.name for one in (section.clerk, section.colleague, section.head)
    }
    alter(monkeypatch, queue_frame, "_FRAME", ("LIMIT 500", "LIMIT 3"))
    monkeypatch.setattr(queue_frame, "COUNTED", 3)
    assert queue_frame.frame(section.clerk, duties(section.clerk)).counts[Tab.MISSION] == 3


ORDERS = {
    Sort.DUE: ("token_queue", r"Sort Key: t_1\.due_at, t_1\.id\n"),
    Sort.WAITING: ("token_waiting", r"Sort Key: t_1\.since, t_1\.id\n"),
    Sort.RECEIVED: ("token_received", r"Sort Key: t_1\.instance_id, t_1\.id\n"),
}


def test_each_order_walks_along_its_index_and_sorts_without_it() -> None:
    held = duties(Section().clerk)

    for sort, (index, own) in ORDERS.items():
        for after in (None, a_place(sort)):
            asked = queue.statement(held, Wanted(sort=sort), after=after)
            assert asked is not None
            found, without = plan(asked), plan(asked, without=index)
            assert f"using {index}" in found
            assert not re.search(own, found)
            assert re.search(own, without)  # negative control
    shared = queue.statement(held, Wanted(tab=Tab.SHARED))
    assert shared is not None
    assert "using token_lent" in plan(shared)
    assert "using token_borrowed" in plan(shared, without="token_queue")


def a_place(sort: Sort) -> queue.Place:
    return queue.Received(1, 1) if sort == Sort.RECEIVED else queue.Position(clock.now(), 1)


def plan(asked: queue.Statement, without: str = "") -> str:
    """How PostgreSQL would run it on a large table."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off"
        )
        if without:
            cursor.execute(f"DROP INDEX {without}")
        cursor.execute(f"EXPLAIN {asked.text}", asked.values)
        found = "\n".join(row[0] for row in cursor.fetchall())
        transaction.set_rollback(True)
    return found


def test_own_tasks_are_counted_along_their_index_and_no_further() -> None:
    section = Section()
    values = queue_frame._values(section.clerk, duties(section.clerk))
    asked = queue.Statement(queue_frame._OWN.strip().strip("()"), values, 0)

    assert "Index Only Scan using token_mine" in plan(asked)
    assert "token_mine" not in plan(asked, without="token_mine")
    assert f"ORDER BY t.due_at, t.id LIMIT {2 * queue_frame.COUNTED}" in asked.text


MANY = """
INSERT INTO workflow_token (instance_id, number, node, kind, scope, lane, mission_id, since, due_at, message_key, data)
SELECT instance_id, number + n, node, kind, scope, lane, mission_id, since, due_at, message_key, data
FROM (SELECT * FROM workflow_token WHERE kind = 'task' ORDER BY id LIMIT 1) AS one, generate_series(1, 5000) AS n;
SET CONSTRAINTS ALL IMMEDIATE;
ANALYZE workflow_token
"""


def test_the_frame_is_planned_once_and_not_for_every_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the negative control: where PostgreSQL knows the queues, it hopes for a better plan each time."""
    section = Section()
    with connection.cursor() as cursor:
        cursor.execute(MANY)

    assert planned_once(section)
    alter(monkeypatch, queue_frame, "_FRAME", ("(SELECT %(m_team)s::bigint[])", "%(m_team)s::bigint[]"))
    alter(monkeypatch, queue_frame, "_FRAME", ("(SELECT %(l_team)s::text[])", "%(l_team)s::text[]"))
    assert not planned_once(section)


def planned_once(section: Section) -> bool:
    """Whether the frame keeps its plan; PostgreSQL compares for five times."""
    held = duties(section.clerk)
    for _ in range(8):
        queue_frame.frame(section.clerk, held)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT generic_plans FROM pg_prepared_statements WHERE statement LIKE '%cases_savedview%'"
            " ORDER BY prepare_time DESC LIMIT 1"
        )
        (kept,) = cursor.fetchone() or (0,)
    return bool(kept)


def test_what_is_looked_through_at_most_bounds_a_page() -> None:
    section = Section()
    asked = queue.statement(duties(section.clerk), Wanted(flag="urgent"))

    assert asked is not None
    assert asked.most == narrowing.LOOKED
    assert f"LIMIT {narrowing.LOOKED})" in asked.text
