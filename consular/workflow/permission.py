"""Who may take up a task: the lane at the mission, by posting; four eyes, by natural person."""

from typing import NoReturn

from django.utils.translation import gettext as _

from consular.accounts.models import Role, User
from consular.core.errors import Refused
from consular.missions.postings import Duties, duties
from consular.workflow.graph import Allocation
from consular.workflow.models import Completion, Token
from consular.workflow.shapes import Row


def require_lane(row: Token | Row, by: User, held: Duties | None = None) -> None:
    """Refused with `not_your_lane` unless this person has the task's role at the task's mission today.

    `held` are the duties of `by` today where they are known already.
    """
    if not row.lane or not (held or duties(by)).has(Role(row.lane), row.mission_id):
        raise Refused(
            _("This task belongs to another role or another mission."), code="not_your_lane", status=403
        )


def require_free(row: Token | Row, by: User) -> None:
    """Refused with `claimed` when somebody else has taken the task."""
    if row.assignee_id is not None and row.assignee_id != by.pk:
        raise Refused(
            _("%(name)s is working on this task.") % {"name": _name(User.objects.get(pk=row.assignee_id))},
            code="claimed",
        )


def require_handed_out(row: Token | Row, by: User) -> None:
    """Refused with `handed_out` when the process lets nobody pick this task and it was not handed to this person.

    Whoever could choose among the cases could be paid to choose one.
    """
    if row.allocation != Allocation.FREE and row.assignee_id != by.pk:
        raise Refused(
            _("The queue hands out these tasks, so that nobody can pick a case. Use “Take the next task”."),
            code="handed_out",
            status=403,
        )


def refuse_second_eyes() -> NoReturn:
    """Four eyes: the same natural person does not do both tasks."""
    raise Refused(
        _("You did the earlier step of this case yourself. Another person has to do this one."),
        code="four_eyes",
        status=403,
    )


def refuse_done(token_id: int, *, instance_id: int | None = None) -> NoReturn:
    """Say who was faster, or that the task is no longer open (the process took another way).

    With `instance_id`, nothing is said about the tasks of other instances.
    """
    completion = Completion.objects.select_related("by").filter(pk=token_id).first()
    if completion is not None and instance_id in {None, completion.instance_id}:
        raise Refused(
            _("This task is already done by %(name)s.") % {"name": _name(completion.by)}, code="done"
        )
    raise Refused(_("This task is no longer open."), code="done")


def _name(user: User) -> str:
    return user.name or _("somebody else")
