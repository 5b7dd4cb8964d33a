"""Decisions that chance has chosen are looked at by somebody who had no part in them."""

import pytest
from django.utils.translation import override

from consular import casework
from consular.accounts.models import Role, User
from consular.cases import history
from consular.casework import second_looks as looking
from consular.core import clock
from consular.core.errors import Refused
from consular.decisions import second_looks
from consular.decisions.models import Decision, SecondLook
from consular.decisions.second_looks import shares as the_shares_in_use
from consular.formspec import folders
from tests import factories, harm, stages

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("missions")]


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch) -> stages.Post:
    monkeypatch.setattr(second_looks, "shares", lambda: {"others": 100})
    return stages.ministry()


def code(look: SecondLook, finding: str, remark: str, actor: User) -> str:
    with pytest.raises(Refused) as refused:
        casework.look_again(look.pk, finding, remark, actor=actor)
    return refused.value.code


def test_a_chosen_decision_is_looked_at_once_by_somebody_else(post: stages.Post) -> None:
    case = stages.decided(post)
    look = SecondLook.objects.get(decision__case=case)
    head = factories.official(Role.HEAD_OF_SECTION, mission=post.mission)
    abroad = factories.official(Role.HEAD_OF_SECTION, mission=factories.mission())
    approver = look.decision.approved_by
    twin = factories.official(Role.DECIDER, mission=post.mission, person=look.decision.proposed_person)

    assert (look.mission, look.share) == (post.mission, 100)
    assert code(look, "in_order", "", abroad) == "not_found"
    assert code(look, "in_order", "", approver) == "four_eyes"
    assert code(look, "in_order", "", twin) == "four_eyes"
    assert code(look, "wrong", " ", head) == "no_remark"
    assert code(look, "fine", "", head) == "no_finding"
    casework.look_again(look.pk, "remark", "The stay was not counted.", actor=head)

    look.refresh_from_db()
    assert (look.finding, look.looked_by) == ("remark", head)
    assert code(look, "in_order", "", head) == "done"
    with override("en"):
        assert "Decision looked at again" in history.for_officers(case)[0].what


def test_without_comparing_persons_one_would_look_at_ones_own_decision(
    post: stages.Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = SecondLook.objects.get(decision__case=stages.decided(post))
    monkeypatch.setattr(looking, "had_a_part", lambda *_who: False)

    assert casework.look_again(look.pk, "in_order", "", actor=look.decision.approved_by)


def test_chance_takes_its_share_and_is_the_same_when_asked_again() -> None:
    taken = [number for number in range(2000) if second_looks.is_chosen(number, 5)]

    assert 60 < len(taken) < 140
    assert taken == [number for number in range(2000) if second_looks.is_chosen(number, 5)]
    assert not any(second_looks.is_chosen(number, 0) for number in range(200))
    assert all(second_looks.is_chosen(number, 100) for number in range(200))


def test_the_shares_in_use_are_of_services_there_are() -> None:
    shares = the_shares_in_use()

    assert set(shares) <= {*(folder.service for folder in folders.services()), second_looks.OTHERS}
    assert all(0 < share <= 100 for share in shares.values())


def _look(**more: object) -> SecondLook:
    case = factories.sent_case()
    decision = Decision.objects.create(
        case=case,
        outcome="issued",
        content="plain",
        proposed_by=factories.official(),
        proposed_at=clock.now(),
    )
    values = {"decision": decision, "mission": case.mission, "share": 5, "chosen_at": clock.now()}
    return SecondLook.objects.create(**values | more)


def _twice() -> None:
    _look(decision=_look().decision)


def _by_nobody() -> None:
    _look(looked_at=clock.now(), finding="in_order")


def _found_nothing() -> None:
    _look(looked_at=clock.now(), looked_by=factories.official(), finding="wrong")


CONSTRAINTS: list[harm.Row] = [
    (SecondLook, "decision", _twice),
    (SecondLook, "a_second_look_is_somebodys_and_finds_something", _by_nobody),
    (SecondLook, "who_finds_something_says_what", _found_nothing),
]
test_a_constraint_refuses_the_harm = harm.refused(CONSTRAINTS)
test_without_the_constraint_the_harm_is_done = harm.done_without(CONSTRAINTS)
