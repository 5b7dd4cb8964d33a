"""Moving many tasks: the preview tells what will happen, and nothing of it stays."""

import pytest
from django.db import connection

from consular import casework
from consular.accounts.models import Role
from consular.cases.models import BatchItem, Event, Message
from consular.cases.worklists import Act
from consular.casework import moving
from consular.casework.moving import Move
from consular.core import jobs
from consular.core.errors import Refused
from consular.missions.models import Mission
from consular.workflow.models import Token
from tests import factories, stages

pytestmark = pytest.mark.django_db(transaction=True)


def holds_something() -> bool:
    """Whether this transaction has locked or written a row."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id_if_assigned() IS NOT NULL")
        return bool(cursor.fetchone()[0])


def test_what_the_preview_does_is_taken_back(monkeypatch: pytest.MonkeyPatch) -> None:
    post = stages.ministry()
    mine, theirs = stages.sent(), stages.sent()
    tokens = [stages.open_task(case).pk for case in (mine, theirs)]
    head = factories.official(Role.HEAD_OF_SECTION, mission=post.mission)
    to = factories.official(Role.INTAKE_CLERK, mission=post.mission)
    theirs.owner.person = to.person
    theirs.owner.save()
    before = list(Token.objects.order_by("pk").values_list("pk", "assignee", "mission", "due_at"))
    written = (Event.objects.count(), Message.objects.count())
    real, holding = moving._try, []
    monkeypatch.setattr(moving, "_try", lambda *what: (holding.append(holds_something()), real(*what)))

    effects = casework.preview_move(tokens, Move(Act.ASSIGN, to.pk, "Illness"), actor=head)

    assert [effect.refusal == "" for effect in effects] == [True, False]
    assert holding == [False, False], (
        "each case by itself: who holds many may wait for somebody who waits too"
    )
    assert all(effect.due_before == effect.due_after for effect in effects)
    assert list(Token.objects.order_by("pk").values_list("pk", "assignee", "mission", "due_at")) == before
    assert (Event.objects.count(), Message.objects.count()) == written

    batch = casework.begin_batch(
        Act.ASSIGN, tokens, {"to": to.pk, "reason": "Illness"}, language="en", actor=head
    )
    jobs.work()
    done, refused = BatchItem.objects.filter(batch=batch).order_by("position")
    assert (done.state, refused.state) == ("done", "refused")
    assert refused.sentence == effects[1].refusal
    assert Token.objects.get(pk=tokens[0]).assignee == to


def test_the_preview_tells_what_a_stranger_may_not_and_that_a_reason_is_missing() -> None:
    post = stages.ministry()
    token = stages.open_task(stages.sent()).pk
    office = Mission.objects.exclude(pk=post.mission.pk).order_by("pk")[0]
    factories.official(Role.INTAKE_CLERK, mission=office)
    abroad = factories.official(Role.HEAD_OF_SECTION, mission=factories.mission())
    head = factories.official(Role.HEAD_OF_SECTION, mission=post.mission)

    assert casework.preview_move([token], Move(Act.DELEGATE, office.pk, "x"), actor=abroad) == []
    (effect,) = casework.preview_move([token], Move(Act.DELEGATE, office.pk, "x"), actor=head)
    assert effect.refusal == ""
    with pytest.raises(Refused) as refused:
        casework.preview_move([token], Move(Act.DELEGATE, office.pk, " "), actor=head)
    assert refused.value.field == "reason"
