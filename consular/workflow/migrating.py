"""Moving a running process to another definition, as rows: every token stays the same row, with its number, its due
date and whoever has claimed it.

The caller has locked the case; here the row of the instance is locked after it, as for any transition.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from consular.core.errors import Refused
from consular.workflow import library, migration, rows
from consular.workflow.fitting import Reason
from consular.workflow.mapping import TokenMapping
from consular.workflow.models import Definition, Token, TokenKind
from consular.workflow.rows import Advance, Loaded
from consular.workflow.state import Effects, HistoryItem, State
from consular.workflow.state import Token as Waiting

_MOVE = """
WITH moved AS (
    UPDATE workflow_instance SET definition_id = %(new)s
    WHERE id = %(instance)s AND revision = %(revision)s AND definition_id = %(old)s RETURNING id
), renamed AS (
    UPDATE workflow_token SET node = there.node, lane = there.lane, message_key = there.key,
        allocation = there.allocation, four_eyes_with = there.eyes,
        data = CASE WHEN there.flow = '' THEN data ELSE jsonb_set(data, '{flow}', to_jsonb(there.flow)) END
    FROM moved, unnest(
        %(id)s::bigint[], %(node)s::text[], %(lane)s::text[], %(key)s::text[], %(flow)s::text[],
        %(allocation)s::text[], %(eyes)s::text[]
    ) AS there (id, node, lane, key, flow, allocation, eyes)
    WHERE workflow_token.id = there.id AND workflow_token.instance_id = moved.id
), remembered AS (
    UPDATE workflow_completion SET node = names.there FROM moved,
        unnest(%(before)s::text[], %(there)s::text[]) AS names (before, there)
    WHERE workflow_completion.instance_id = moved.id AND workflow_completion.node = names.before
)
SELECT count(*) FROM moved
"""


class DoesNotMap(Refused):
    """A case cannot be moved as it is now; `reasons` says why."""

    def __init__(self, reasons: tuple[Reason, ...]) -> None:
        super().__init__(
            _("This case cannot be moved to the other version as it is now."), code="does_not_map"
        )
        self.reasons = reasons


@dataclass(frozen=True)
class Route:
    """From one definition to another, prepared once for many cases."""

    old: Definition
    new: Definition
    plan: migration.Plan


def route(old: Definition, new: Definition, mapping: TokenMapping) -> Route:
    """Prepare the way from one definition to another. Raises DoesNotMap when the mapping fits no case at all."""
    plan = migration.plan(library.graph(old), library.graph(new), mapping)
    if not isinstance(plan, migration.Plan):
        raise DoesNotMap(plan)
    return Route(old, new, plan)


def judge(instances: Iterable[int], route: Route, now: datetime) -> Iterator[tuple[int, tuple[Reason, ...]]]:
    """Why each of these instances could not be moved; those that have ended or left the old definition are left out.

    Reads only and without a lock: what it says may be outdated at once. One statement, so that a token is never
    without its instance.
    """
    tokens = (
        Token.objects.filter(instance__in=instances, instance__definition=route.old)
        .select_related("instance__mission")
        .order_by("instance_id", "number")
    )
    for pk, group in groupby(tokens, key=lambda token: token.instance_id):
        found = list(group)
        instance = found[0].instance
        state = rows.done(instance)._replace(tokens=tuple(map(rows.waiting, found)))
        result = _judged(
            Loaded(instance, instance.mission, {row.pk: row for row in found}, state), route, now
        )
        yield pk, (result if isinstance(result[0], Reason) else ())


def migrate(instance_id: int, route: Route, *, now: datetime) -> Advance | None:
    """Move one instance; None when it has ended or is no longer on the old definition. Raises DoesNotMap.

    It is judged as it is now, under the lock, whatever a dry run has said before.
    """
    loaded = rows.lock(pk=instance_id)
    if loaded is None or loaded.state.ended or loaded.instance.definition_id != route.old.pk:
        return None
    result = _judged(loaded, route, now)
    if not isinstance(result[0], State):
        raise DoesNotMap(result)
    return _write(loaded, route, result, now)


Result = tuple[State, Effects] | tuple[Reason, ...]


def _judged(loaded: Loaded, route: Route, now: datetime) -> Result:
    result = migration.migrate(route.plan, loaded.state, rows.clock(now, loaded.place))
    return tuple(_of_claims(loaded, route)) or result


def _of_claims(loaded: Loaded, route: Route) -> Iterator[Reason]:
    """A claimed task does not change its lane under the hands of whoever works on it."""
    for row in loaded.rows.values():
        target = route.plan.new.nodes.get(route.plan.mapping.element(row.node))
        if row.kind == TokenKind.TASK and row.assignee_id and target is not None and target.lane != row.lane:
            yield Reason(
                "claimed", row.node, f"somebody works on it; as {target.lane} it would be taken away"
            )


def _write(loaded: Loaded, route: Route, result: tuple[State, Effects], now: datetime) -> Advance:
    """First the names, in place; then what else changed, as in any transition."""
    state, effects = result
    there = {token.number: token for token in state.tokens}
    _move(loaded, route, there)
    loaded.instance.definition = route.new
    before = tuple(
        there[token.number]._replace(due=token.due, held=token.held)
        for token in loaded.state.tokens
        if token.number in there
    )
    facts = {"from": route.old.number, "to": route.new.number, "mapping": route.plan.mapping.as_json()}
    history = (HistoryItem("migrated", "", facts), *effects.history)
    renamed = Loaded(loaded.instance, loaded.place, loaded.rows, loaded.state._replace(tokens=before))
    return rows.write(renamed, route.plan.new, (state, effects._replace(history=history)), now)


def _move(loaded: Loaded, route: Route, there: dict[int, Waiting]) -> None:
    found = [(row, there[row.number]) for row in loaded.rows.values() if row.number in there]
    lanes = [
        route.plan.new.node(token.node).lane if row.kind == TokenKind.TASK else row.lane
        for row, token in found
    ]
    names = sorted({(done.node, route.plan.mapping.element(done.node)) for done in loaded.state.done})
    parameters: dict[str, Any] = {
        "instance": loaded.instance.pk,
        "before": [before for before, there in names if there in route.plan.new.nodes],
        "there": [there for _before, there in names if there in route.plan.new.nodes],
        "revision": loaded.instance.revision,
        "old": route.old.pk,
        "new": route.new.pk,
        "id": [row.id for row, _token in found],
        "node": [token.node for _row, token in found],
        "lane": lanes,
        "key": [token.key for _row, token in found],
        "flow": [token.flow for _row, token in found],
        "allocation": [route.plan.new.node(token.node).allocation.value for _row, token in found],
        "eyes": [route.plan.new.node(token.node).four_eyes_with for _row, token in found],
    }
    with connection.cursor() as cursor:
        cursor.execute(_MOVE, parameters)
        (moved,) = cursor.fetchone()
    if not moved:
        raise Refused(
            _("Somebody else changed this case in the same moment. Please look at it again."), code="changed"
        )
