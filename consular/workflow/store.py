"""Running processes: each function is one transition, in the transaction of its caller.

The caller has locked the case; here the row of the instance is locked after it (the order is always case,
instance, tokens). A transition takes two statements: the instance with its tokens, and the write; another one where the
person's postings are not known yet. Its history is written in the same one by whoever is `telling` it
(`consular.cases.events`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NoReturn

import structlog
from django.db.models import Q
from django.utils.translation import gettext as _

from consular.accounts.models import User
from consular.core.errors import Refused
from consular.core.prepared import all_rows
from consular.missions.models import Mission
from consular.missions.postings import Duties, duties
from consular.workflow import endings, moves, permission, rows, run, step
from consular.workflow.graph import Node
from consular.workflow.library import graph as graph
from consular.workflow.library import published
from consular.workflow.models import Definition, Instance, Token, TokenKind
from consular.workflow.publishing import publish as publish
from consular.workflow.rows import Advance as Advance
from consular.workflow.rows import Completed, Loaded
from consular.workflow.rows import Entered as Entered
from consular.workflow.rows import Telling as Telling
from consular.workflow.shapes import Row
from consular.workflow.state import (
    Broken,
    Complete,
    Deliver,
    Fail,
    Finish,
    Fire,
    Inform,
    NotPossible,
    State,
    Stimulus,
)
from consular.workflow.state import HistoryItem as HistoryItem
from consular.workflow.tasks import claim as claim
from consular.workflow.tasks import instance_of as instance_of
from consular.workflow.tasks import release as release

Variables = Mapping[str, object]

_EVER = datetime.min.replace(tzinfo=UTC)
_DUE = """
SELECT id, instance_id, due_at FROM workflow_token
WHERE kind = 'timer' AND due_at <= %(now)s AND (due_at, id) > (%(due)s::timestamptz, %(token)s::bigint)
ORDER BY due_at, id LIMIT %(limit)s::int FOR UPDATE SKIP LOCKED
"""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class DueTimer:
    """A timer whose time has come."""

    token_id: int
    instance_id: int
    due_at: datetime | None = None


def start(
    definition: Definition,
    *,
    mission: Mission,
    variables: Variables,
    now: datetime,
) -> Advance:
    """Start a process at a mission with its routing variables."""
    process = published(definition)
    instance = Instance(definition=definition, mission=mission, started_at=now)
    try:
        ready, clock = rows.checked(variables), rows.clock(now, mission)
        result = step.start(process.graph, ready, clock, process.decide)
    except Broken as problem:
        _refuse_broken(definition, problem)
    instance.save(force_insert=True)
    return rows.write(Loaded(instance, mission, {}, State()), process.graph, result, now)


@dataclass(frozen=True, slots=True)
class OpenTask:
    """An open task, read under the lock of its process, and its element."""

    loaded: Loaded
    row: Token | Row
    node: Node


def open_task(token_id: int, *, instance_id: int | None = None, telling: Telling | None = None) -> OpenTask:
    """Lock the process of a task. Refused with `done`, and by whom; nothing is said of other instances than the given
    one.
    """
    loaded = rows.lock(tokens=token_id, telling=telling)
    row = loaded.rows.get(token_id) if loaded else None
    if (
        loaded is None
        or row is None
        or row.kind != TokenKind.TASK
        or instance_id not in {None, row.instance_id}
    ):
        permission.refuse_done(token_id, instance_id=instance_id)
    return OpenTask(loaded, row, graph(loaded.instance.definition).node(row.node))


def complete(token_id: int, *, by: User, variables: Variables, now: datetime) -> Advance:
    """A person completes a task.

    Refused with `done` (and by whom), `not_your_lane`, `claimed` by somebody else, `handed_out` by the queue to
    nobody yet, or `four_eyes`.
    """
    return complete_open(open_task(token_id), by=by, held=duties(by), variables=variables, now=now)


def complete_open(task: OpenTask, *, by: User, held: Duties, variables: Variables, now: datetime) -> Advance:
    """The same for a task that was read and locked in this transaction, by a person whose duties are known."""
    permission.require_lane(task.row, by, held)
    permission.require_free(task.row, by)
    permission.require_handed_out(task.row, by)
    stimulus = Complete(task.row.number, str(by.person), rows.checked(variables))
    try:
        return _advance(task.loaded, stimulus, now, Completed(task.row, by))
    except NotPossible as problem:
        if problem.code == "four_eyes":
            permission.refuse_second_eyes()
        raise


def finish_service(
    token_id: int, *, variables: Variables, now: datetime, telling: Telling | None = None
) -> Advance:
    """A service step is done. Refused with `done` when it was finished before: its job may run twice."""
    loaded = _waiting_for(token_id, telling)
    return _advance(loaded, Finish(loaded.number(token_id), rows.checked(variables)), now)


def fail_service(token_id: int, *, code: str, now: datetime, telling: Telling | None = None) -> Advance:
    """A service step ended in a business error, which the process catches. Refused with `done` like finishing."""
    loaded = _waiting_for(token_id, telling)
    return _advance(loaded, Fail(loaded.number(token_id), code), now)


def deliver(
    instance_id: int, arrival: Deliver, *, now: datetime, telling: Telling | None = None
) -> Advance | None:
    """A message arrives for this instance; None when nobody waits for it (the caller records that)."""
    loaded = rows.lock(pk=instance_id, telling=telling)
    if loaded is None:
        return None
    try:
        return _advance(loaded, _ready(arrival), now)
    except NotPossible:
        return None


def deliver_or_inform(
    instance_id: int, arrival: Deliver, *, now: datetime, telling: Telling | None = None
) -> Advance | None:
    """A message arrives, and where nobody waits for it yet its variables are kept; None when all has ended."""
    loaded = rows.lock(pk=instance_id, telling=telling)
    if loaded is None or loaded.state.ended:
        return None
    ready = _ready(arrival)
    try:
        return _advance(loaded, ready, now)
    except NotPossible:
        return _advance(loaded, Inform(ready.variables), now)


def inform(instance_id: int, *, variables: Variables, now: datetime) -> Advance | None:
    """Set routing variables without moving anything, for facts that nobody waits for yet; None when it has ended."""
    loaded = rows.lock(pk=instance_id)
    if loaded is None or loaded.state.ended:
        return None
    return _advance(loaded, Inform(rows.checked(variables)), now, None)


def fire_timer(token_id: int, *, now: datetime, telling: Telling | None = None) -> Advance | None:
    """The time of a timer has come; None when it fired before, was taken away, or is not due yet."""
    loaded = rows.lock(tokens=token_id, telling=telling)
    if loaded is None:
        return None
    try:
        return _advance(loaded, Fire(loaded.number(token_id)), now)
    except NotPossible:
        return None


def seen(token_id: int) -> Variables:
    """The variables a service step sees: those of the process and of the rounds around it. Refused with `done`."""
    loaded = _waiting_for(token_id)
    return _seen(loaded, loaded.number(token_id))


def served(instance_id: int) -> tuple[Variables, ...]:
    """What each service step of an instance sees that a worker has not finished yet."""
    loaded = rows.lock(pk=instance_id)
    if loaded is None:
        return ()
    waiting = [row.number for row in loaded.rows.values() if row.kind == TokenKind.SERVICE]
    return tuple(_seen(loaded, number) for number in waiting)


def awaiting(instance_id: int, message: str, key: str = "") -> int:
    """How many places of an instance wait for this message."""
    wanted = moves.message_key(message, key)
    waiting = Token.objects.filter(instance=instance_id, message_key=wanted, kind=TokenKind.MESSAGE)
    return len(waiting.values_list("pk"))


def move(instance_id: int, mission: Mission) -> None:
    """Move a running process to another mission with what waits in it; its claimed tasks are free again.

    A task that lies in an office which the process names stays there, with whoever does it; one that was lent goes
    along. What is due stays due; clocks that start from now on count in the time zone of the new mission.
    """
    loaded = rows.lock(pk=instance_id)
    if loaded is None:
        return
    process = graph(loaded.instance.definition)
    offices = [node.id for node in process.nodes.values() if node.office is not None]
    elsewhere = Q(node__in=offices) & ~Q(mission=loaded.instance.mission_id)
    Instance.objects.filter(pk=instance_id).update(mission=mission)
    tokens = Token.objects.filter(instance=instance_id)
    tokens.exclude(elsewhere).update(mission=mission, assignee=None)
    tokens.filter(mission=mission).update(home=None)
    tokens.exclude(mission=mission).update(home=mission)


def due_timers(now: datetime, limit: int = 100, after: DueTimer | None = None) -> tuple[DueTimer, ...]:
    """The timers that are due, longest first, without those another transaction is working on, from one on.

    The locks end with the statement where no transaction is open, so that whoever fires them can lock the case first;
    `fire_timer` sees to it that each fires once.
    """
    begins = (after.due_at, after.token_id) if after is not None and after.due_at is not None else (_EVER, 0)
    values = {"now": now, "limit": limit, "due": begins[0], "token": begins[1]}
    return tuple(DueTimer(*row) for row in all_rows(_DUE, values))


def _seen(loaded: Loaded, number: int) -> Variables:
    """The variables seen from the place of a token."""
    tokens = {token.number: token for token in loaded.state.tokens}
    return run.seen(loaded.state.variables, tokens, tokens[number].scope)


def _ready(arrival: Deliver) -> Deliver:
    """The message with variables that can be stored."""
    return arrival._replace(variables=rows.checked(arrival.variables))


def _waiting_for(token_id: int, telling: Telling | None = None) -> Loaded:
    loaded = rows.lock(tokens=token_id, telling=telling)
    if loaded is None or token_id not in loaded.rows or loaded.rows[token_id].kind != TokenKind.SERVICE:
        permission.refuse_done(token_id)
    return loaded


def _advance(
    loaded: Loaded,
    stimulus: Stimulus,
    now: datetime,
    completed: Completed | None = None,
) -> Advance:
    instance = loaded.instance
    process = published(instance.definition)
    try:
        clock = rows.clock(now, loaded.place)
        result = step.step(process.graph, loaded.state, stimulus, clock, process.decide)
        endings.require_caught(result[1])
    except Broken as problem:
        _refuse_broken(instance.definition, problem)
    return rows.write(loaded, process.graph, result, now, completed)


def _refuse_broken(definition: Definition, problem: Broken) -> NoReturn:
    """The model itself cannot go on: whoever runs the service finds the reason in the log."""
    log.error("process_broken", service=definition.service, version=definition.version, problem=str(problem))
    raise Refused(
        _(
            "The process of this service has a fault and cannot go on here. The administrators have to correct it."
        ),
        code="process_broken",
    ) from problem
