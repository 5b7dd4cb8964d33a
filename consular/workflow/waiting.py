"""What a running process waits for, read without a lock: callers who go on to move it have locked its case."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from consular.workflow import library, limits, moves, run, shapes
from consular.workflow.limits import Limit
from consular.workflow.models import Instance, Token, TokenKind
from consular.workflow.state import State


class Service(NamedTuple):
    """A service step that waits for its job: the job's type, and what the step sees."""

    token_id: int
    type: str
    variables: Mapping[str, object]


def until(instance_id: int, message: str, key: str = "") -> datetime | None:
    """By when a message has to come, so that it still finds somebody who waits for it; None without such a day."""
    found = limit(instance_id, message, key)
    return found.due if found else None


def limit(instance_id: int, message: str, key: str = "") -> Limit | None:
    """What ends the waiting for a message, and when; None when nobody waits for it, or for as long as it takes."""
    instance = _read(instance_id)
    graph = library.graph(instance.definition)
    return limits.limit(graph, _state(instance).tokens, moves.message_key(message, key))


def since(instance_id: int, message: str, key: str = "") -> datetime | None:
    """Since when a message is waited for, the latest where several places do; None when nobody waits for it."""
    wanted = moves.message_key(message, key)
    found = Token.objects.filter(instance=instance_id, kind=TokenKind.MESSAGE, message_key=wanted)
    return found.order_by("-since").values_list("since", flat=True).first()


def strikes(instance_id: int, node: str) -> datetime | None:
    """When a timer event of a running process strikes; None when it does not wait, or its clock stands still."""
    timers = Token.objects.filter(instance=instance_id, kind=TokenKind.TIMER, node=node)
    return timers.order_by("due_at").values_list("due_at", flat=True).first()


def around(instance_id: int) -> tuple[Mapping[str, object], ...]:
    """The variables seen from each place at which something is still to be done."""
    state = _state(_read(instance_id))
    tokens = {token.number: token for token in state.tokens}
    return tuple(run.seen(state.variables, tokens, token.scope) for token in state.tokens)


def services(instance_id: int) -> tuple[Service, ...]:
    """The service steps that are not done yet, in the order in which they were reached."""
    instance = _read(instance_id)
    graph = library.graph(instance.definition)
    rows = list(Token.objects.filter(instance=instance_id).order_by("number"))
    tokens = {token.number: token for token in shapes.state(instance, rows).tokens}
    return tuple(
        Service(
            row.pk,
            graph.node(row.node).service_type,
            run.seen(instance.variables, tokens, tokens[row.number].scope),
        )
        for row in rows
        if row.kind == TokenKind.SERVICE
    )


def _read(instance_id: int) -> Instance:
    instances = Instance.objects.select_related("definition").defer("definition__xml")
    return instances.get(pk=instance_id)


def _state(instance: Instance) -> State:
    return shapes.state(instance, Token.objects.filter(instance=instance.pk).order_by("number"))
