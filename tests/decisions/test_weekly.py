"""What a mission received and decided: numbers that are right, and cells in which nobody is recognised."""

import pytest

from consular.core import clock
from consular.decisions import weekly
from consular.decisions.weekly import Share
from tests import factories, stages

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("missions")]


@pytest.mark.parametrize(
    ("decided", "favourable", "expected"),
    [
        (4, 4, Share("s", None, None, None, None, None)),
        (5, 5, Share("s", 5, None, None, 3, 9)),
        (20, 16, Share("s", 20, None, None, 3, 9)),
        (20, 4, Share("s", 20, None, None, 3, 9)),
        (20, 15, Share("s", 20, 15, 5, 3, 9)),
    ],
)
def test_cells_of_a_few_people_are_not_told(decided: int, favourable: int, expected: Share) -> None:
    assert weekly.told("s", decided, favourable, 3, 9) == expected


def test_without_the_least_number_one_refusal_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weekly, "FEWEST", 1)

    assert weekly.told("s", 20, 19, 3, 9).other == 1


def test_a_mission_counts_its_own_and_tells_who_decided_with_whom() -> None:
    post = stages.ministry()
    case = stages.decided(post)
    decision = case.decisions.get()
    other = factories.mission()
    now = clock.now()

    weeks = weekly.weeks(post.mission, now)
    assert len(weeks) == weekly.WEEKS
    assert (weeks[-1].received, weeks[-1].decided) == (1, 1)
    assert sum(week.received + week.decided for week in weekly.weeks(other, now)) == 0
    assert weekly.shares(post.mission, now) == [Share("schengen_visa", None, None, None, None, None)]
    assert [(pair.proposed_by, pair.approved_by, pair.times) for pair in weekly.pairs(post.mission, now)] == [
        (decision.proposed_by.name, decision.approved_by.name, 1)
    ]
    assert weekly.pairs(other, now) == []
