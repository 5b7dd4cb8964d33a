"""Drawing tasks by lot: everybody has a chance, in short queues exactly the same, in long ones nearly."""

from collections import Counter

import pytest

from consular.accounts.models import User
from consular.casework import allocation
from consular.core import clock
from consular.missions.models import Mission
from consular.workflow.models import Token
from tests.casework.test_allocation import taken, task
from tests.harm import alter

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_draw_gives_every_task_the_same_chance(mission: Mission, officer: User) -> None:
    tasks = [task(mission, hours=hours, way="random") for hours in range(4)]
    drawn: Counter[int] = Counter()
    for _ in range(120):
        drawn[taken(mission, officer).pk] += 1
        Token.objects.update(assignee=None)

    assert set(drawn) == {each.pk for each in tasks}
    assert min(drawn.values()) >= 10  # 30 expected; fewer than 10 happens once in a million runs


LONG = 3 * allocation.SAMPLE


def drawn_of_many(mission: Mission, officer: User) -> Counter[int]:
    """How often each third of a long queue, by age, is drawn in as many draws as it is long; 3: how many tasks are."""
    first = task(mission, way="random")
    fields = {field.attname: getattr(first, field.attname) for field in Token._meta.concrete_fields} | {
        "id": None
    }
    Token.objects.bulk_create(Token(**fields | {"number": number}) for number in range(2, LONG + 1))
    values = {
        "mission": mission.pk, "lane": "caseworker", "actor": officer.pk, "person": officer.person, "at": clock.now(),
    }  # fmt: skip
    drawn: list[int] = []
    for _ in range(LONG):
        row = allocation._drawn(values)
        assert row is not None
        Token.objects.filter(pk=row[0]).update(assignee=None)
        drawn.append(row[0] - first.pk)
    return Counter(number // allocation.SAMPLE for number in drawn) + Counter({3: len(set(drawn))})


def test_a_long_queue_is_drawn_from_everywhere(mission: Mission, officer: User) -> None:
    """A third each time is 100 draws, give or take 8, and 190 different tasks are."""
    thirds = drawn_of_many(mission, officer)

    assert min(thirds[third] for third in range(3)) > 50
    assert thirds[3] > 150


def test_from_one_place_only_a_third_of_a_long_queue_would_ever_be_drawn(
    mission: Mission, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control."""
    monkeypatch.setattr(allocation.secrets, "token_hex", lambda length: "5" * 2 * length)

    assert drawn_of_many(mission, officer)[3] <= allocation.SAMPLE


def test_without_lots_the_same_task_would_always_be_next(
    mission: Mission, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: a place alone is no draw, for it favours whatever lies behind a gap."""
    for hours in range(4):
        task(mission, hours=hours, way="random")
    alter(monkeypatch, allocation, "_RANDOM", ("random() AS lot", "md5(id::text) AS lot"))
    drawn = set()
    for _ in range(10):
        drawn.add(taken(mission, officer).pk)
        Token.objects.update(assignee=None)

    assert len(drawn) == 1
