"""How long decisions take here now: what is measured is true, and too few say nothing."""

import math
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from consular.cases import forecast, outcomes
from consular.cases.forecast import Forecast
from consular.cases.models import Case, Phase, TaskEntry
from consular.core import clock
from consular.missions.models import Mission
from tests import factories
from tests.cases.lately import DAY, decided

pytestmark = pytest.mark.django_db
SERVICE = "schengen_visa"
FEWEST = 20
LATELY = [5] * 12 + [9] * 7 + [30]


@pytest.fixture(autouse=True)
def anew() -> Iterator[None]:
    """What was measured in one test is not known in the next."""
    forecast.forget()
    yield
    forecast.forget()


@pytest.fixture
def mission() -> Mission:
    return factories.mission()


def measured(mission: Mission) -> tuple[int, int, int] | None:
    found = forecast.measure(mission, SERVICE)
    return (found.cases, found.half_days, found.nine_of_ten_days) if found else None


def naive(days: list[int], share: float) -> int:
    """The fewest days within which at least this share was decided, counted one by one."""
    return min(
        day for day in days if sum(each <= day for each in days) >= math.ceil(len(days) * share - 1e-9)
    )


@hypothesis(max_examples=10, deadline=None)
@given(days=st.lists(st.integers(0, 200), min_size=FEWEST, max_size=33))
def test_half_and_nine_of_ten_are_what_a_naive_count_says(days: list[int]) -> None:
    mission = factories.mission()
    decided(mission, days)

    assert measured(mission) == (len(days), naive(days, 0.5), naive(days, 0.9))


def test_one_decision_too_few_says_nothing(mission: Mission) -> None:
    decided(mission, LATELY[:-1])
    assert forecast.measure(mission, SERVICE) is None

    decided(mission, LATELY[-1:])
    assert measured(mission) == (FEWEST, 5, 9)


@pytest.mark.parametrize("outcome", sorted(outcomes.KNOWN - set(forecast.DECIDED)))
def test_what_was_withdrawn_or_never_decided_does_not_count(mission: Mission, outcome: str) -> None:
    decided(mission, LATELY)
    before = measured(mission)
    decided(mission, [99] * FEWEST, outcome=outcome)

    assert measured(mission) == before == (FEWEST, 5, 9)


def test_without_looking_at_the_outcome_the_withdrawn_ones_would_count(
    mission: Mission, monkeypatch: pytest.MonkeyPatch
) -> None:
    decided(mission, [99] * FEWEST, outcome="withdrawn")
    monkeypatch.setattr(forecast, "DECIDED", (*forecast.DECIDED, "withdrawn"))

    assert measured(mission) == (FEWEST, 99, 99)


def test_another_mission_another_service_and_what_is_long_ago_do_not_count(mission: Mission) -> None:
    decided(mission, LATELY)
    long_ago = clock.now() - timedelta(weeks=8, hours=1)
    decided(factories.mission(), [70] * FEWEST)
    decided(mission, [70] * FEWEST, service="national_visa")
    decided(mission, [70] * FEWEST, at=long_ago)
    decided(mission, [70] * FEWEST, at=long_ago, changed_at=long_ago)

    assert measured(mission) == (FEWEST, 5, 9)


def test_a_case_that_was_never_taken_in_does_not_count(mission: Mission) -> None:
    decided(mission, LATELY[:-1])
    case = decided(mission, [70])[0]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        TaskEntry.objects.filter(case=case).update(form="completeness")
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")

    assert forecast.measure(mission, SERVICE) is None


def test_days_are_those_of_the_calendar_at_the_mission(mission: Mission) -> None:
    morning = datetime.fromisoformat("2026-11-20T19:00:00+00:00")  # half past midnight of the 21st in Delhi
    with clock.at(morning + DAY):
        decided(mission, [1 / 24] * FEWEST, at=morning)
        assert measured(mission) == (FEWEST, 1, 1)


def test_it_is_measured_once_and_kept_without_anybodys_data(mission: Mission) -> None:
    decided(mission, LATELY)
    with CaptureQueriesContext(connection) as queries:
        first = forecast.here(mission, SERVICE)
        again = forecast.here(mission, SERVICE)
        nothing = [forecast.here(mission, "national_visa") for _ in range(2)]

    assert first == again
    assert nothing == [None, None]
    assert len(queries) == 2
    assert set(forecast._kept._cache) == {f":1:{mission.pk}:{name}" for name in (SERVICE, "national_visa")}


def own(mission: Mission, days: int | None, **fields: object) -> forecast.Own | None:
    """What is said of a case that was taken in so many days ago (None: not yet)."""
    case: Case = factories.sent_case(mission=mission, **fields)
    if days is not None:
        at = clock.now() - days * DAY
        TaskEntry.objects.create(case=case, form="lodging", by=case.owner, at=at, entries={})
    return forecast.of(case)


@pytest.mark.parametrize(
    ("ago", "past_half", "longer"), [(0, 0, 0), (5, 0, 0), (6, 1, 0), (9, 1, 0), (10, 1, 1)]
)
def test_an_own_case_counts_from_the_day_it_was_taken_in(
    mission: Mission, ago: int, past_half: int, longer: int
) -> None:
    decided(mission, LATELY)
    found = own(mission, ago)
    today = clock.today(mission.time_zone)

    assert found is not None
    assert found.half == today + (5 - ago) * DAY
    assert found.nine_of_ten == today + (9 - ago) * DAY
    assert (found.is_past_half, found.is_longer) == (bool(past_half), bool(longer))


def test_before_the_mission_has_taken_it_in_no_day_is_said(mission: Mission) -> None:
    decided(mission, LATELY)
    found = own(mission, None)

    assert found is not None
    assert (found.half, found.nine_of_ten, found.is_longer) == (None, None, False)
    assert isinstance(found.forecast, Forecast)


@pytest.mark.parametrize("phase", [Phase.DECIDED, Phase.READY, Phase.CLOSED])
def test_nothing_is_said_of_a_case_that_was_decided(mission: Mission, phase: Phase) -> None:
    decided(mission, LATELY)

    assert own(mission, 1) is not None
    assert own(mission, 1, phase=phase) is None


def _plan() -> str:
    """How PostgreSQL would run it on large tables: on tiny ones it prefers to read everything."""
    values = {
        "mission": 1, "service": SERVICE, "outcomes": list(forecast.DECIDED), "since": clock.now(), "zone": "UTC",
        "form": "lodging",
    }  # fmt: skip
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN " + forecast._MEASURED, values)
        return "\n".join(row[0] for row in cursor.fetchall())


@pytest.mark.parametrize("index", ["case_decided", "approval_of_case"])
def test_it_walks_along_its_indexes_and_would_not_without_them(mission: Mission, index: str) -> None:
    decided(mission, [5] * 300)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE cases_case, cases_event, cases_taskentry")
    before = _plan()
    assert index in before
    assert "task_entries_of_case" in before

    with connection.cursor() as cursor:
        cursor.execute(f"DROP INDEX {index}")
    assert index not in _plan()


@pytest.mark.parametrize(("service", "form"), forecast.rules()["taken_in"].items())
def test_every_service_with_a_forecast_takes_in_and_has_all_its_decisions_approved(
    service: str, form: str
) -> None:
    for path in sorted((settings.FORMS_DIR / service).glob("v*/process.bpmn")):
        text = path.read_text(encoding="utf-8")
        assert f'name="form" value="{form}"' in text
        assert 'name="step" value="approve"' in text
