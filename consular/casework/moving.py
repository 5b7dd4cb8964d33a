"""What it would do to move many tasks to somebody else: tried out to the last refusal, and taken back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from consular.accounts.models import User
from consular.cases.worklists import Act
from consular.casework import batches, handing_over
from consular.casework.handing_over import Seen
from consular.casework.verb import body
from consular.core.errors import Refused
from consular.workflow.models import Token

MOST = 100


@dataclass(frozen=True)
class Move:
    """To whom tasks go: a colleague (Act.ASSIGN) or a mission (Act.DELEGATE), by number, and why."""

    act: Act
    to: int
    reason: str


@dataclass(frozen=True)
class Effect:
    """What would become of one task; `refusal` says why it would stay, "" when it goes."""

    token_id: int
    reference: str
    assignee_id: int | None
    refusal: str
    due_before: datetime | None
    due_after: datetime | None


class _TakenBack(Exception):
    """Ends the transaction in which it was tried out."""


def preview_move(token_ids: Sequence[int], move: Move, *, actor: User) -> list[Effect]:
    """What the batch would do now, in the order of the tasks; nothing of it stays.

    Each task goes through the very verb that will move it, in a transaction of its own that is taken back: nobody
    who works on one of these cases waits for more than this one.
    """
    if not move.reason.strip():
        raise Refused(
            _("Give a reason. It is kept with the case."), code="no_reason", field="reason", status=422
        )
    return [_effect(token, move, actor) for token in batches.chosen(list(token_ids)[:MOST], actor)]


def _effect(token: Token, move: Move, actor: User) -> Effect:
    refusal, after = "", token.due_at
    try:
        with transaction.atomic(durable=True):
            _try(token, move, actor)
            after = Token.objects.values_list("due_at", flat=True).get(pk=token.pk)
            raise _TakenBack
    except _TakenBack:
        pass
    except Refused as refused:
        refusal = str(refused.message)
    return Effect(token.pk, token.instance.case.reference, token.assignee_id, refusal, token.due_at, after)


def _try(token: Token, move: Move, actor: User) -> None:
    reference, seen = token.instance.case.reference, Seen(token.pk, token.assignee_id, token.mission_id)
    if move.act == Act.DELEGATE:
        body(handing_over.delegate)(reference, seen, move.to, reason=move.reason, actor=actor)
    else:
        body(handing_over.hand_over)(reference, seen, move.to, reason=move.reason, actor=actor)
