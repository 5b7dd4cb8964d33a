"""Refusals are told by class of nationality only where nobody can be recognised, neither there nor by subtraction."""

import pytest

from consular.core import clock
from consular.decisions import refusals, weekly
from consular.decisions.refusals import Counted, Refusals, by_mission, told
from tests import factories, stages

HERE, VISA, PASS = 1, "visa", "passport"


def row(nation: str, decided: int, refused: int, rest: int = 0, service: str = VISA) -> Counted:
    return Counted(HERE, service, nation, decided, refused, decided - refused - rest)


def as_told(nation: str, decided: int | None, refused: int | None, service: str = VISA) -> Refusals:
    return Refusals(HERE, service, nation, decided, refused)


@pytest.mark.parametrize(
    ("counted", "expected"),
    [
        ([], []),
        ([row("eu", 20, 5), row("other", 30, 9)], [as_told("eu", 20, 5), as_told("other", 30, 9)]),
        ([row("eu", 20, 4), row("other", 30, 9)], [as_told("all", 50, 13)]),
        ([row("eu", 6, 6), row("other", 30, 9)], [as_told("all", 36, 15)]),
        ([row("eu", 1, 0), row("other", 9, 4)], [as_told("all", None, None)]),
        ([row("other", 30, 6, rest=1)], [as_told("all", None, None)]),
        ([row("other", 30, 6, rest=5)], [as_told("other", 30, 6)]),
        (
            [row("other", 30, 9), row("own", 30, 1, service=PASS)],
            [as_told("other", 30, 9), as_told("all", None, None, PASS)],
        ),
    ],
)
def test_a_class_is_told_where_nobody_can_be_recognised(
    counted: list[Counted], expected: list[Refusals]
) -> None:
    assert told(counted) == expected


def test_without_the_least_number_one_refusal_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refusals, "FEWEST", 1)

    assert told([row("eu", 20, 1), row("other", 30, 9)])[0].refused == 1


def test_a_mission_adds_up_what_is_told_and_nothing_else() -> None:
    rows = told([row("eu", 20, 5), row("other", 30, 9), row("own", 30, 1, service=PASS)])

    assert by_mission(rows) == {HERE: (50, 14)}


@pytest.mark.django_db
def test_a_mission_counts_its_own_by_class() -> None:
    post = stages.ministry()
    case = stages.decided(post)
    since = weekly.since(post.mission, clock.now())

    found = refusals.counted([post.mission.pk, factories.mission().pk], since)
    assert found == [Counted(post.mission.pk, case.service, "other", 1, 0, 1)]
    assert refusals.counted([post.mission.pk], clock.now()) == []
