"""An applicant withdraws in the moment in which an officer decides: one of the two is told that it is too late."""

from functools import partial

import pytest
from django.db.models import QuerySet

from consular import casework
from consular.cases.models import Case
from consular.casework import withdrawing
from consular.decisions.models import Decision
from consular.workflow import rows
from tests import stages
from tests.casework import racing
from tests.harm import without_lock, without_revision

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(case: Case, post: stages.Post) -> list[str]:
    """Withdrawal and approval in the same moment; what each was told ("" for success)."""
    token = stages.open_task(case).pk
    return racing.together(
        partial(casework.withdraw, case.pk, actor=case.owner),
        partial(casework.complete, case.reference, token, {"approved": True}, actor=post.decider),
    )


@pytest.mark.parametrize("round", range(3))
def test_a_case_is_decided_or_withdrawn_and_never_both(round: int) -> None:
    post = stages.ministry()
    case = stages.at_decision(post)

    told = at_once(case, post)

    case.refresh_from_db()
    assert told in (["", "decided"], ["", "done"])
    is_approved = Decision.objects.filter(case=case, state="approved").exists()
    assert is_approved or Decision.objects.get(case=case).state == "dropped"
    assert (case.outcome, is_approved) == (
        ("granted", True) if told[1] == "decided" else ("withdrawn", False)
    )


def test_without_locks_and_the_revision_a_withdrawn_case_would_be_granted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Negative control: every safeguard off, and there is an approved decision on a case that was withdrawn."""
    post = stages.ministry()
    case = stages.at_decision(post)
    monkeypatch.setattr(withdrawing, "_drop_proposal", lambda *_: None)
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_: self)
    without_lock(monkeypatch)
    without_revision(monkeypatch)
    monkeypatch.setattr(rows, "write", racing.meet(rows.write, 2))

    told = at_once(case, post)

    assert told == ["", ""]
    assert Decision.objects.filter(case=case, state="approved").exists()
    assert case.events.filter(kind="withdrawn").exists()


def test_two_presses_withdraw_once() -> None:
    stages.ministry()
    case = stages.sent()

    told = racing.together(*[partial(withdrawing.withdraw, case.pk, actor=case.owner)] * 2)

    assert told == ["", ""]
    assert case.events.filter(kind="withdrawn").count() == 1
