"""What should not be: found by walks along indexes, page by page."""

from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction

from consular.accounts.models import Role
from consular.cases import watch
from consular.cases.models import Case, Phase
from consular.cases.watch import Range
from consular.core import clock, jobs
from consular.core.models import Job
from consular.missions.models import Mission
from consular.workflow.models import Token
from tests import factories

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def case(mission: Mission, days: float, phase: Phase = Phase.IN_REVIEW) -> Case:
    """A case that moved last so many days ago."""
    return factories.sent_case(mission=mission, phase=phase, changed_at=clock.now() - days * DAY)


def task(mission: Mission, hours: float, **fields: object) -> Token:
    """A task that was due so many hours ago."""
    values = {"lane": Role.CASEWORKER, "node": "examine", "kind": "task", "number": 1, "mission": mission}
    now = clock.now()
    return Token.objects.create(
        instance=factories.sent_case(mission=mission).instance,
        since=now,
        due_at=now - timedelta(hours=hours),
        **{**values, **fields},
    )


def stalled(now: datetime | None = None, **part: object) -> list[str]:
    return [row.reference for row in watch.stalled(now or clock.now(), Range(**part))[0]]


def test_a_case_has_stalled_after_as_many_days_as_its_phase_allows() -> None:
    mission = factories.mission()
    for phase, days in watch.patience().items():
        case(mission, days - 0.1, Phase(phase))
    late = [case(mission, days + 0.1, Phase(phase)).reference for phase, days in watch.patience().items()]

    assert sorted(stalled()) == sorted(late)


def test_every_phase_in_which_somebody_has_to_do_something_has_its_patience() -> None:
    assert set(watch.patience()) == {phase.value for phase in Phase} - {"draft", "closed"}


def test_cases_that_are_closed_or_not_sent_never_stall() -> None:
    mission = factories.mission()
    case(mission, 999, Phase.CLOSED)
    case(mission, 999, Phase.DRAFT)

    assert stalled() == []


def test_pages_follow_each_other_without_gap_or_repetition() -> None:
    here, there, hidden = (factories.mission() for _ in range(3))
    phases = [Phase.IN_REVIEW, Phase.RECEIVED, Phase.WAITING]
    for number in range(21):
        case((here, there)[number % 2], 30 + number // 3, phases[number % 3])
    case(hidden, 99)
    now, part, seen = clock.now(), Range({here.pk, there.pk}, size=4), []
    while True:
        rows, after = watch.stalled(now, part)
        seen += [(row.since, row.case_id) for row in rows]
        if after is None:
            break
        part = Range(part.missions, after, 4)

    assert seen == sorted(set(seen))
    assert len(seen) == 21


def test_overdue_tasks_come_by_deadline_without_those_whose_clock_stands_still() -> None:
    here, there = factories.mission(), factories.mission()
    second, first, other = task(here, 2), task(here, 3, lane=Role.DECIDER), task(there, 9)
    task(here, -1)
    task(here, 5, data={"held": {"since": "2026-01-01T00:00:00+00:00", "due": "2026-01-02T00:00:00+00:00"}})

    def found(missions: set[int] | None, size: int = 9) -> list[int]:
        return [row.token_id for row in watch.overdue(clock.now(), Range(missions, size=size))[0]]

    assert found({here.pk}) == [first.pk, second.pk]
    assert found(None) == [other.pk, first.pk, second.pk]
    assert found(None, 1) == [other.pk]
    rows, after = watch.overdue(clock.now(), Range(None, size=1))
    assert rows[0].assignee == ""
    assert [row.token_id for row in watch.overdue(clock.now(), Range(None, after, 9))[0]] == [
        first.pk,
        second.pk,
    ]


def test_jobs_that_were_given_up_and_timers_that_did_not_strike_are_counted() -> None:
    mission = factories.mission()
    jobs.promise("notifications.send", key="one")
    Job.objects.update(dead_at=clock.now())
    task(mission, 1, kind="timer")
    task(mission, 0.1, kind="timer")
    late = task(mission, 7, kind="timer")

    assert watch.machinery(clock.now()) == watch.Machinery(1, 2, late.due_at)
    assert watch.machinery(clock.now() - DAY) == watch.Machinery(1, 0, None)


def _plan(statement: str, values: dict[str, object]) -> str:
    """How PostgreSQL would run it on large tables: on tiny ones it prefers to read and sort everything."""
    with transaction.atomic(), connection.cursor() as cursor:
        for way in ("seqscan", "bitmapscan", "sort", "incremental_sort"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
        cursor.execute("EXPLAIN " + statement, values)
        return "\n".join(row[0] for row in cursor.fetchall())


def _statements() -> dict[str, tuple[str, str, dict[str, object]]]:
    now = clock.now()
    phases, before = watch.limits(now)
    part = watch._values(Range({1, 2}))
    lanes = {"lanes": ["caseworker"], "now": now}
    machinery = {"most": 101, "late": now}
    return {
        "stalled": ("case_standing", watch._STALLED, part | {"phases": phases, "before": before}),
        "overdue": ("token_queue", watch._OVERDUE, part | lanes),
        "late timers": ("token_timers", watch._MACHINERY, machinery),
        "dead jobs": ("job_dead", watch._MACHINERY, machinery),
    }


@pytest.mark.parametrize("name", ["stalled", "overdue", "late timers", "dead jobs"])
def test_each_list_walks_along_its_index_and_would_not_without_it(name: str) -> None:
    index, statement, values = _statements()[name]
    before = _plan(statement, values)
    assert f"using {index}" in before

    with connection.cursor() as cursor:
        cursor.execute(f"DROP INDEX {index}")
    plan = _plan(statement, values)

    assert f"using {index}" not in plan
    if name in {"stalled", "overdue"}:
        assert plan.count("Sort Key") > before.count("Sort Key") == 2
