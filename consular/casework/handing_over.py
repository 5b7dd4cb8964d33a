"""Tasks that go to somebody else: to a colleague, to another mission, and back.

Who says so has seen with whom the task is. Given as `Seen`, it is refused where it is in other hands by now.
"""

from dataclasses import dataclass

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consular.accounts.models import Kind, Role, User
from consular.cases.models import Audience, Case
from consular.casework import correspondence, record
from consular.casework.officer import locked
from consular.casework.verb import verb
from consular.core import clock
from consular.core.errors import Refused
from consular.missions import absences
from consular.missions.models import Mission
from consular.missions.postings import Duties, duties, is_manned
from consular.missions.titles import title
from consular.workflow import permission, tasks
from consular.workflow.graph import Allocation
from consular.workflow.models import Token


@dataclass(frozen=True)
class Seen:
    """A task as the page showed it: who had it (None: nobody), and in which mission's queue it lay."""

    token_id: int
    assignee_id: int | None
    mission_id: int


@verb
def hand_over(reference: str, task: int | Seen, to_id: int, *, reason: str = "", actor: User) -> None:
    """Give a task to a colleague: one's own, or, as head of section with a reason, anybody's (assigning it).

    Refused when the colleague may not do it: other role or mission, away, their own application, four eyes.
    """
    case, row = _open(reference, task, actor)
    assigns = may_assign(row, duties(actor))
    if not assigns and not may_hand_over(row, actor):
        raise Refused(
            _("Only who has taken this task, or a head of section, can give it to somebody."),
            code="not_yours",
            status=403,
        )
    if assigns and row.assignee_id != actor.pk:
        _require(reason)
    to = User.objects.filter(pk=to_id, kind=Kind.STAFF, is_active=True).first()
    if to is None:
        raise Refused(_("Choose a colleague."), code="nobody", field="to", status=422)
    absences.require_present(to, clock.today(row.mission.time_zone), by=actor)
    if case.owner is not None and case.owner.person == to.person:
        raise Refused(
            _("It is this person's own application. Choose somebody else."), code="own_case", field="to"
        )
    tasks.give(row.pk, to=to)
    kind = "assigned" if assigns and row.assignee_id != actor.pk else "handed_over"
    _write_down(case, row, kind, reason, actor, to=to.pk)


@verb
def delegate(reference: str, task: int | Seen, mission_id: int, *, reason: str, actor: User) -> None:
    """Lend a task to another mission or to a back office, which reads the case as long as the task is open there.

    The case and the due date stay. For heads of section of the case's mission. Refused where nobody could do it.
    """
    case, row = _open(reference, task, actor)
    if not may_delegate(case, duties(actor)):
        raise Refused(
            _("Only a head of section of the case's mission can delegate its tasks."),
            code="forbidden",
            status=403,
        )
    _require(reason)
    mission = Mission.objects.filter(pk=mission_id).first()
    if mission is None or mission.pk in {row.mission_id, case.mission_id}:
        raise Refused(_("Choose another mission."), code="no_mission", field="mission", status=422)
    if not is_manned(mission, row.lane):
        raise Refused(
            _("Nobody at that mission has the role this task needs. Choose another one."),
            code="nobody_there",
            field="mission",
        )
    tasks.lend(row.pk, mission)
    _write_down(case, row, "delegated", reason, actor, mission=mission.code)


@verb
def take_back(reference: str, task: int | Seen, *, actor: User) -> None:
    """End a delegation: the task is in its own mission's queue again. For heads of section of either mission."""
    case, row = _open(reference, task, actor)
    if not may_take_back(case, row, duties(actor)):
        raise Refused(
            _("Only a head of section can take back a task, and only one that is delegated."),
            code="forbidden",
            status=403,
        )
    tasks.lend(row.pk, row.instance.mission)
    _write_down(case, row, "taken_back", "", actor, mission=row.mission.code)


def may_pass_on(case: Case, row: Token, officer: User, held: Duties) -> bool:
    """Whether the officer may do any of this with a task."""
    heads = may_assign(row, held) or may_delegate(case, held)
    return heads or may_hand_over(row, officer)


def may_hand_over(row: Token, officer: User) -> bool:
    """Whether the officer has this task and may give it to a colleague; not what the queue handed out."""
    return row.assignee_id == officer.pk and row.allocation == Allocation.FREE


def may_assign(row: Token, held: Duties) -> bool:
    """Whether somebody with these duties may say who does the task."""
    return held.has(Role.HEAD_OF_SECTION, row.mission_id)


def may_delegate(case: Case, held: Duties) -> bool:
    """Whether somebody with these duties may lend tasks of the case to other missions."""
    return held.has(Role.HEAD_OF_SECTION, case.mission_id)


def may_take_back(case: Case, row: Token, held: Duties) -> bool:
    """Whether the task is delegated and somebody with these duties may end that."""
    return row.mission_id != case.mission_id and (may_delegate(case, held) or may_assign(row, held))


def _open(reference: str, task: int | Seen, actor: User) -> tuple[Case, Token]:
    """The case, locked, and its open task, which must be with whom it was seen to be."""
    case = locked(reference, actor)
    token_id = task.token_id if isinstance(task, Seen) else task
    row = tasks.row(token_id)
    if row is None or row.instance_id != case.instance_id:
        permission.refuse_done(token_id, instance_id=case.instance_id)
    if isinstance(task, Seen) and (row.assignee_id, row.mission_id) != (task.assignee_id, task.mission_id):
        who = row.assignee.name if row.assignee else gettext("nobody")
        facts = {"name": who, "mission": title(row.mission)}
        raise Refused(
            _("Meanwhile this task is with %(name)s, %(mission)s. Look again before you pass it on.") % facts,
            code="changed",
        )
    return case, row


def _require(reason: str) -> None:
    if not reason.strip():
        raise Refused(
            _("Give a reason. It is kept with the case."), code="no_reason", field="reason", status=422
        )


def _write_down(case: Case, row: Token, kind: str, reason: str, actor: User, **facts: object) -> None:
    """The event, with ids only, and the reason as an internal note of the case."""
    record.event(case, kind, actor=actor, at=clock.now(), node=row.node, token=row.pk, **facts)
    if reason.strip():
        correspondence.send(case, reason, audience=Audience.INTERNAL, actor=actor)
