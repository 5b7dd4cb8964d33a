"""What officers do with the tasks of a case: claim, release, complete."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from consular import formspec
from consular.accounts.models import User
from consular.cases.models import Case, TaskEntry
from consular.casework import asking, on_request, proposed, record, steps
from consular.casework.correspondence import require_another
from consular.casework.verb import verb
from consular.core import clock
from consular.core.errors import Refused
from consular.missions import absences
from consular.missions.postings import Duties, duties
from consular.workflow import permission, store
from consular.workflow.graph import Node
from consular.workflow.models import Token, TokenKind


class NotRight(Refused):
    """The task form has problems; `problems` says where."""

    def __init__(self, problems: Sequence[formspec.Problem]) -> None:
        super().__init__(
            _("Some entries are missing or not right yet. The task is still open."),
            code="incomplete",
            status=422,
        )
        self.problems = tuple(problems)


@verb
def claim(reference: str, token_id: int, *, actor: User) -> None:
    """Take a task of the queue for oneself; refused when somebody else has it."""
    case = locked(reference, actor)
    task_of(case, token_id)
    zone = case.mission.time_zone if case.mission else "UTC"
    absences.require_present(actor, clock.today(zone), by=actor)
    store.claim(token_id, by=actor)
    record.event(case, "claimed", actor=actor, at=clock.now(), token=token_id)


@verb
def release(reference: str, token_id: int, *, actor: User) -> None:
    """Give a task back to the queue."""
    case = locked(reference, actor)
    task_of(case, token_id)
    store.release(token_id, by=actor)
    record.event(case, "released", actor=actor, at=clock.now(), token=token_id)


@verb
def complete(
    reference: str, token_id: int, answers: Mapping[str, Any], *, actor: User, seen: str | None = None
) -> Case:
    """Finish a task with its form: judge the entries, do what the task's step says, move the process on.

    `seen` is the mark of the letter that was shown to whoever approves; the page always gives it.

    Refused when somebody else has done it, when it is not the officer's to do, and when four eyes are needed and the
    two are one person. Raises NotRight when the form has problems.
    """
    held = duties(actor)
    case = locked(reference, actor, held)
    now = clock.now()
    telling = record.telling(case, actor=actor, at=now)
    task = store.open_task(token_id, instance_id=case.instance_id, telling=telling)
    node = task.node
    page = case.form.tasks[node.form]
    problems = formspec.page_problems(page, answers)
    if problems:
        raise NotRight(problems)
    entries = formspec.page_answers(page, answers)
    entry = TaskEntry.objects.create(case=case, form=node.form, by=actor, at=now, entries=entries)
    if node.letter:
        on_request.receipt(case, entry, node.letter)
    if seen is not None and node.step == "approve" and entries.get("approved"):
        proposed.require_same(case, seen)
    steps.run(node.step, case, entries, actor=actor)
    if any(question.id == asking.REQUEST for question in page.questions):
        asking.settle(case, (token_id, node.id), entries, actor=actor)
    variables = asking.terms(page, formspec.routing_values(page, answers))
    step = store.complete_open(task, by=actor, held=held, variables=variables, now=now)
    record.advance(case, step, actor=actor, at=now)
    return case


def task_of(case: Case, token_id: int) -> Node:
    """The task in the process, for its form and step. Refused with `done` when it is no longer open."""
    tokens = Token.objects.select_related("instance__definition").defer("instance__definition__xml")
    token = tokens.filter(pk=token_id, instance=case.instance_id, kind=TokenKind.TASK).first()
    if token is None:
        permission.refuse_done(token_id, instance_id=case.instance_id)
    return store.graph(token.instance.definition).node(token.node)


def locked(reference: str, actor: User, held: Duties | None = None) -> Case:
    """The case, locked until the end of the transaction; `held` are the duties of `actor` where they are known.

    Refused (404) when the officer may not see it, and (403) when it is the officer's own.
    """
    cases = Case.objects.visible_to(actor, held).select_related("owner").select_for_update(of=("self",))
    case = cases.filter(reference=reference).first()
    if case is None or not actor.is_official:
        raise Refused(_("There is no such case, or it is not yours."), code="not_found", status=404)
    require_another(case, actor)
    return case
