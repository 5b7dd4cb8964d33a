"""Taking a task from the queue and putting it back, each in one statement that only one person can win."""

from django.db.models import Q
from django.utils.translation import gettext as _

from consular.accounts.models import Role, User
from consular.core.errors import Refused
from consular.missions.postings import duties
from consular.workflow import permission, rows
from consular.workflow.models import Completion, Token, TokenKind
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
    """Take a task. Refused when it is done, claimed by somebody else, not of this person's lane, or against
    four eyes.
    """
    row = _task(token_id)
    permission.require_lane(row, by)
    definition = row.instance.definition
    if not may_complete(graph(definition), rows.done(row.instance), rows.waiting(row), str(by.person)):
        permission.refuse_second_eyes()
    free = Q(assignee=None) | Q(assignee=by)
    if not Token.objects.filter(free, pk=token_id, kind=TokenKind.TASK).update(assignee=by):
        permission.require_free(_task(token_id), by)
        raise Refused(
            _("Somebody else changed this case in the same moment. Please look at it again."), code="changed"
        )


def release(token_id: int, *, by: User) -> None:
    """Put a task back into the queue: one's own, or, for a head of section, anybody's at the mission."""
    row = _task(token_id)
    tasks = Token.objects.filter(pk=token_id, kind=TokenKind.TASK)
    if not duties(by).has(Role.HEAD_OF_SECTION, row.mission_id):
        tasks = tasks.filter(assignee=by)
    if not tasks.update(assignee=None):
        raise Refused(_("This task is not yours."), code="not_yours", status=403)


def _task(token_id: int) -> Token:
    found = (
        Token.objects.select_related("instance__definition")
        .defer("instance__definition__xml")
        .filter(pk=token_id, kind=TokenKind.TASK)
        .first()
    )
    if found is None:
        permission.refuse_done(token_id)
    return found
