"""What the database refuses about what a mission keeps itself, and the harm it keeps away."""

from datetime import date

import pytest

from consular.core import clock
from consular.missions.changes import Detail, MissionChange, StaffProposal
from tests import factories, harm

pytestmark = pytest.mark.django_db


def _change(**more: object) -> MissionChange:
    given = {"mission": factories.mission(), "made_by": factories.official(), "made_at": clock.now()}
    return MissionChange.objects.create(**given | {"subject": "sites", "before": [], "after": []} | more)


def _undone_twice() -> None:
    made = _change()
    _change(undoes=made)
    _change(undoes=made)


def _agreed_by_oneself() -> None:
    who = factories.official()
    _change(made_by=who, agreed_by=who)


def _proposal(**more: object) -> StaffProposal:
    values = {"mission": factories.mission(), "user": factories.official(), "before": [], "after": []}
    return StaffProposal.objects.create(
        **values | {"proposed_at": clock.now(), "proposed_by": factories.official()} | more
    )


def _two_proposals() -> None:
    first = _proposal()
    _proposal(mission=first.mission, user=first.user)


def _own_posting() -> None:
    who = factories.official()
    _proposal(user=who, settled_by=who, settled_at=clock.now(), is_agreed=True)


def _two_values() -> None:
    first = Detail.objects.create(
        mission=factories.mission(), name="address", valid_from=date(2026, 1, 1), value="a"
    )
    Detail.objects.create(mission=first.mission, name="address", valid_from=date(2026, 1, 1), value="b")


CONSTRAINTS: list[harm.Row] = [
    (MissionChange, "undoes", _undone_twice),
    (MissionChange, "another_one_agrees_to_a_posting", _agreed_by_oneself),
    (StaffProposal, "one_open_proposal_per_person", _two_proposals),
    (StaffProposal, "nobody_agrees_to_their_own_posting", _own_posting),
    (Detail, "one_value_of_a_detail_per_day", _two_values),
]
test_a_constraint_refuses_the_harm = harm.refused(CONSTRAINTS)
test_without_the_constraint_the_harm_is_done = harm.done_without(CONSTRAINTS)


def test_without_the_trigger_the_history_could_be_rewritten() -> None:
    made = _change()
    with harm.without_trigger("missions.MissionChange:append_only"):
        MissionChange.objects.filter(pk=made.pk).update(after=["x"])

    assert MissionChange.objects.get().after == ["x"]
