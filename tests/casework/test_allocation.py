"""Taking the next task: who gets which, who gets none, and two who ask at once."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import transaction

from consular import casework
from consular.accounts.models import Role, User
from consular.cases.models import Case, Event
from consular.casework import allocation
from consular.core import clock
from consular.core.errors import Refused
from consular.missions.models import Absence, Mission
from consular.workflow.models import Token
from consular.workflow.step import _on_one_path
from tests import factories
from tests.casework import racing
from tests.harm import alter

pytestmark = pytest.mark.django_db(transaction=True)


def task(mission: Mission, *, hours: int = 1, way: str = "free", **fields: object) -> Token:
    """An open task of a case of its own, due in so many hours."""
    case = fields.pop("case", None) or factories.sent_case(mission=mission)
    assert isinstance(case, Case)
    now = clock.now()
    values: dict[str, object] = {
        "instance": case.instance, "number": 1, "node": "examine", "kind": "task", "lane": Role.CASEWORKER,
        "mission": mission, "since": now, "due_at": now + timedelta(hours=hours), "allocation": way,
    }  # fmt: skip
    return Token.objects.create(**{**values, **fields})


def taken(mission: Mission, officer: User) -> Token:
    """What the officer gets next."""
    reference = casework.claim_next(mission.pk, Role.CASEWORKER, actor=officer)
    return Token.objects.get(instance__case__reference=reference)


def refused(mission: Mission, officer: User) -> str:
    """Why the officer gets nothing."""
    with pytest.raises(Refused) as raised:
        casework.claim_next(mission.pk, Role.CASEWORKER, actor=officer)
    return raised.value.code


@pytest.mark.parametrize("way", ["free", "oldest"])
def test_what_is_due_first_comes_first(mission: Mission, officer: User, way: str) -> None:
    later, sooner, last = (task(mission, hours=hours, way=way) for hours in (5, 2, 9))

    assert [taken(mission, officer) for _ in range(3)] == [sooner, later, last]
    assert [event.data["token"] for event in Event.objects.filter(kind="claimed").order_by("id")] == [
        sooner.pk, later.pk, last.pk,
    ]  # fmt: skip


def test_nobody_is_given_their_own_application(mission: Mission, officer: User) -> None:
    owner = factories.applicant(person=officer.person)
    for way in ("free", "oldest", "random"):
        task(mission, way=way, case=factories.sent_case(mission=mission, owner=owner))
        assert refused(mission, officer) == "empty"
    other = task(mission, hours=99)

    assert taken(mission, officer) == other


def eyed(mission: Mission, by: User, *, done: str, scope: str, way: str) -> Token:
    """A task that must not be done by whoever did `propose`, which this person did in a scope."""
    row = task(mission, way=way, scope=scope, four_eyes_with="propose")
    row.instance.memory = {"numbers": 1, "done": [["propose", done, str(by.person)]]}
    row.instance.save(update_fields=["memory"])
    return row


@pytest.mark.parametrize("way", ["free", "oldest", "random"])
def test_four_eyes_skip_to_the_next_case(mission: Mission, officer: User, way: str) -> None:
    second = factories.official(mission=mission, person=officer.person)
    eyed(mission, second, done="", scope="", way=way)
    other = task(mission, hours=50, way=way)

    assert taken(mission, officer) == other
    assert refused(mission, officer) == "empty"


SCOPES = ["", "a", "a.1", "a.1/b", "a.1/b.2", "a.2", "ab", "b"]


def test_the_queue_and_the_engine_agree_on_whose_eyes_are_fresh(mission: Mission, officer: User) -> None:
    judged = {}
    for done in SCOPES:
        for scope in SCOPES:
            row = eyed(mission, officer, done=done, scope=scope, way="free")
            try:
                judged[done, scope] = taken(mission, officer) != row
            except Refused:
                judged[done, scope] = True
            row.delete()

    assert judged == {(done, scope): _on_one_path(done, scope) for done in SCOPES for scope in SCOPES}


def test_whoever_holds_enough_is_given_no_more_until_one_is_done(mission: Mission, officer: User) -> None:
    for _ in range(allocation.MOST_HELD + 1):
        task(mission, way="random")
    held = [taken(mission, officer) for _ in range(allocation.MOST_HELD)]

    assert refused(mission, officer) == "enough"
    held[0].delete()
    assert taken(mission, officer).allocation == "random"


def test_tasks_that_may_be_picked_are_not_limited(mission: Mission, officer: User) -> None:
    for _ in range(allocation.MOST_HELD + 1):
        task(mission)

    assert len({taken(mission, officer).pk for _ in range(allocation.MOST_HELD + 1)}) == 4


def test_what_is_due_first_says_whether_to_draw(mission: Mission, officer: User) -> None:
    lot, first = task(mission, hours=5, way="random"), task(mission, hours=1, way="oldest")

    assert [taken(mission, officer), taken(mission, officer)] == [first, lot]


def test_other_roles_other_missions_and_people_who_are_away_get_nothing(
    mission: Mission, officer: User
) -> None:
    task(mission)
    assert refused(mission, factories.official(Role.DECIDER, mission=mission)) == "not_your_lane"
    assert (
        refused(mission, factories.official(Role.CASEWORKER, mission=factories.mission())) == "not_your_lane"
    )
    today = clock.today(mission.time_zone)
    Absence.objects.create(
        user=officer, starts_on=today, ends_on=today, entered_by=officer, entered_at=clock.now()
    )
    assert refused(mission, officer) == "absent"
    assert not Token.objects.exclude(assignee=None).exists()


def test_a_case_somebody_works_on_is_skipped_and_not_waited_for(mission: Mission, officer: User) -> None:
    busy, other = task(mission, hours=1), task(mission, hours=2)

    with transaction.atomic():
        Case.objects.select_for_update().get(instance=busy.instance_id)
        assert racing.together(partial(taken, mission, officer)) == [""]

    assert Token.objects.get(pk=other.pk).assignee == officer
    assert Token.objects.get(pk=busy.pk).assignee is None


CROWD = 6


def _rush(mission: Mission) -> list[str]:
    """As many officers as tasks, all at once; what each was told."""
    for _ in range(CROWD):
        task(mission, way="oldest")
    crowd = [factories.official(Role.CASEWORKER, mission=mission) for _ in range(CROWD)]
    return racing.together(
        *(partial(casework.claim_next, mission.pk, Role.CASEWORKER, actor=each) for each in crowd)
    )


def test_many_who_ask_at_once_each_get_another_task(mission: Mission) -> None:
    assert _rush(mission) == [""] * CROWD

    assert Token.objects.values("assignee").distinct().count() == CROWD
    assert not Token.objects.filter(assignee=None).exists()


def test_without_the_lock_two_would_be_given_the_same_task(
    mission: Mission, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: both look, then both take."""
    slowly = ("AS (\n    SELECT t.id", "AS MATERIALIZED (\n    SELECT pg_sleep(0.3), t.id")
    alter(monkeypatch, allocation, "_OLDEST", ("FOR UPDATE OF c, t SKIP LOCKED", ""), slowly)

    told = _rush(mission)

    assert told == [""] * CROWD
    assert Token.objects.filter(assignee=None).exists()


def test_one_person_at_two_windows_is_not_given_more_than_enough(mission: Mission, officer: User) -> None:
    for _ in range(10):
        task(mission, way="random")

    told = racing.together(*[partial(taken, mission, officer)] * 5)

    assert told.count("") == allocation.MOST_HELD
    assert Token.objects.filter(assignee=officer).count() == allocation.MOST_HELD


def test_without_the_lock_one_person_at_two_windows_would_be_given_more(
    mission: Mission, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: each counts before the others have taken theirs."""
    slowly = ("AS (\n    SELECT t.id", "AS MATERIALIZED (\n    SELECT pg_sleep(0.3), t.id")
    alter(monkeypatch, allocation, "_ALONE", ("FOR NO KEY UPDATE OF u", ""))
    alter(monkeypatch, allocation, "_OLDEST", slowly)
    for _ in range(CROWD):
        task(mission, way="oldest")

    told = racing.together(*[partial(taken, mission, officer)] * CROWD)

    assert told.count("") > allocation.MOST_HELD
