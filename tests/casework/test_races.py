"""Two officers decide on one case in the same moment: exactly one does."""

from functools import partial
from typing import Any

import pytest
from django.db.models import QuerySet

from consular import casework
from consular.accounts.models import User
from consular.cases.models import Case
from consular.decisions.models import Decision
from consular.workflow import rows
from consular.workflow.models import Completion, Token
from tests import factories, stages
from tests.casework import racing
from tests.harm import alter, without_lock, without_revision

pytestmark = pytest.mark.django_db(transaction=True)

APPROVES = {"approved": True}
SENDS_BACK = {"approved": False, "reason": "The dates are wrong."}


def _at_once(case: Case, *acts: tuple[User, dict[str, Any]]) -> list[str]:
    """Everybody completes the same task at the same time; what each was told ("" for success)."""
    token = stages.open_task(case).pk
    return racing.together(
        *(
            partial(casework.complete, case.reference, token, entries, actor=officer)
            for officer, entries in acts
        )
    )


def _two_deciders(post: stages.Post) -> tuple[tuple[User, dict[str, Any]], tuple[User, dict[str, Any]]]:
    other = factories.official("decider", mission=post.mission)
    return (post.decider, APPROVES), (other, SENDS_BACK)


@pytest.mark.parametrize("round", range(3))
def test_one_of_two_deciders_is_told_that_it_is_done(round: int) -> None:
    post = stages.ministry()
    case = stages.at_decision(post)

    told = _at_once(case, *_two_deciders(post))

    assert told == ["", "done"]
    assert Completion.objects.filter(instance=case.instance_id, node="decide").count() == 1
    assert Decision.objects.get(case=case).state in {"approved", "sent_back"}


def test_without_locks_and_the_revision_a_case_would_go_two_ways(monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: two clerks, every safeguard off, and the case waits for the applicant and for lodging."""
    post = stages.ministry()
    case = stages.sent()
    stages.booked(case)
    other = factories.official("intake_clerk", mission=post.mission)
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_: self)
    without_lock(monkeypatch)
    monkeypatch.setattr(rows, "write", racing.meet(rows.write, 2))
    without_revision(monkeypatch)
    once = "task.id = %(done_token)s::bigint"
    alter(monkeypatch, rows, "_WRITE", (once, f"{once} ON CONFLICT DO NOTHING"))

    told = _at_once(
        case, (post.clerk, {"complete": True}), (other, {"complete": False, "request": "More, please."})
    )

    assert told == ["", ""]
    waits = {token.node for token in Token.objects.filter(instance=case.instance_id)}
    assert {"lodge", "await_answer", "answer_missing"} <= waits
