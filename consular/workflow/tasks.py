"""Taking a task from the queue, giving it to somebody, lending it to another mission and putting it back, each in one
statement that only one person can win.
"""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from consular.accounts.models import Role, User
from consular.core.errors import Refused
from consular.missions.models import Mission
from consular.missions.postings import duties
from consular.workflow import permission, rows
from consular.workflow.graph import Allocation
from consular.workflow.models import Completion, Instance, Token, TokenKind
from consular.workflow.publishing import graph
from consular.workflow.step import may_complete


def instance_of(token_id: int) -> int:
    """The instance a task belongs or belonged to. Refused with `done` when nobody knows it any more."""
    found = Token.objects.filter(pk=token_id).values_list("instance_id", flat=True).first()
    found = found or Completion.objects.filter(pk=token_id).values_list("instance_id", flat=True).first()
    if found is None:
        permission.refuse_done(token_id)
    return found


def claim(token_id: int, *, by: User) -> None:
    """Take a task. Refused when it is done, claimed by somebody else, not of this person's lane, against four
    eyes, or handed out by the queue only.
    """
    row = _task(token_id)
    permission.require_lane(row, by)
    if not _has_fresh_eyes(row, by):
        permission.refuse_second_eyes()
    permission.require_free(row, by)
    permission.require_handed_out(row, by)
    free = Q(assignee=None) | Q(assignee=by)
    if not Token.objects.filter(free, pk=token_id, kind=TokenKind.TASK).update(assignee=by):
        permission.require_free(_task(token_id), by)
        raise Refused(
            _("Somebody else changed this case in the same moment. Please look at it again."), code="changed"
        )


def release(token_id: int, *, by: User) -> None:
    """Put a task back into the queue: one's own, or, for a head of section, anybody's at the mission.

    What the queue handed out only a head of section puts back: whoever could would draw until the right case comes.
    """
    row = _task(token_id)
    tasks = Token.objects.filter(pk=token_id, kind=TokenKind.TASK)
    if not duties(by).has(Role.HEAD_OF_SECTION, row.mission_id):
        tasks = tasks.filter(assignee=by)
        if row.assignee_id == by.pk and row.allocation != Allocation.FREE:
            raise Refused(
                _("The queue gave you this task. Only a head of section can take it from you."),
                code="handed_out",
                status=403,
            )
    if not tasks.update(assignee=None):
        raise Refused(_("This task is not yours."), code="not_yours", status=403)


def give(token_id: int, *, to: User) -> None:
    """Make this person the one who does a task, whoever had it before.

    Refused when it is done, not of their lane at its mission, or against four eyes.
    """
    row = _task(token_id)
    if not duties(to).has(Role(row.lane), row.mission_id):
        raise Refused(
            _("%(name)s cannot do this task: it belongs to another role or mission.") % {"name": to.name},
            code="not_their_lane",
        )
    if not _has_fresh_eyes(row, to):
        raise Refused(
            _("%(name)s did the earlier step of this case. Another person has to do this one.")
            % {"name": to.name},
            code="four_eyes",
        )
    Token.objects.filter(pk=token_id, kind=TokenKind.TASK).update(assignee=to)


def lend(token_id: int, mission: Mission) -> None:
    """Lay a task into the queue of another mission, or back into that of its own; its due date stays."""
    of_process = Instance.objects.get(tokens=token_id).mission_id
    home = None if of_process == mission.pk else of_process
    Token.objects.filter(pk=token_id, kind=TokenKind.TASK).update(mission=mission, home=home, assignee=None)


def row(token_id: int) -> Token | None:
    """An open task with its mission and whoever does it; None when it is no longer open."""
    return _rows().filter(pk=token_id).first()


def put_back(token_id: int) -> None:
    """Put a task back into the queue, whoever had taken it."""
    Token.objects.filter(pk=token_id, kind=TokenKind.TASK).update(assignee=None)


def _has_fresh_eyes(row: Token, person: User) -> bool:
    """Whether four eyes let this natural person do the task."""
    process = graph(row.instance.definition)
    return may_complete(process, rows.done(row.instance), rows.waiting(row), str(person.person))


def _task(token_id: int) -> Token:
    found = row(token_id)
    if found is None:
        permission.refuse_done(token_id)
    return found


def _rows() -> QuerySet[Token]:
    tasks = Token.objects.filter(kind=TokenKind.TASK)
    related = tasks.select_related("instance__definition", "mission", "assignee")
    return related.defer("instance__definition__xml")
