"""Officers who are away or no longer posted: who says so, and how what they had taken is taken by others."""

from datetime import date, timedelta

import structlog
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from consular.accounts.models import Kind, Role, User
from consular.cases.models import Case
from consular.casework import record
from consular.casework.verb import verb
from consular.core import clock
from consular.core.errors import Refused
from consular.core.prepared import all_rows
from consular.missions.models import Absence, Posting
from consular.missions.postings import duties
from consular.workflow import tasks
from consular.workflow.models import Token

LONGEST = timedelta(days=366)

_HELD = """
SELECT t.id, t.instance_id FROM missions_absence a
JOIN workflow_token t ON t.assignee_id = a.user_id AND t.kind = 'task'
JOIN missions_mission m ON m.id = t.mission_id
WHERE (%(now)s::timestamptz AT TIME ZONE m.time_zone)::date BETWEEN a.starts_on AND a.ends_on
ORDER BY t.id
"""

_LEFT_BEHIND = """
SELECT t.id, t.instance_id FROM workflow_token t JOIN accounts_user u ON u.id = t.assignee_id
WHERE t.kind = 'task' AND t.assignee_id IS NOT NULL AND NOT (u.is_active AND EXISTS (
    SELECT FROM missions_posting p WHERE p.user_id = t.assignee_id AND p.role = t.lane
    AND (p.mission_id = t.mission_id OR p.mission_id IS NULL)
    AND p.starts_on <= %(today)s::date AND (p.ends_on IS NULL OR p.ends_on >= %(today)s::date)
))
ORDER BY t.id
"""
"""What people hold whose posting has ended, by the day that counts for duties (UTC), or whose account is closed."""

log = structlog.get_logger(__name__)


@verb
def enter_absence(user_id: int, first: date, last: date, *, actor: User) -> Absence:
    """Say that somebody is away from one day to another, both included.

    Refused unless it is oneself or one is head of section where they are posted, and when the days overlap others.
    """
    user = _colleague(user_id, actor)
    if last < first:
        raise Refused(_("The last day lies before the first."), code="bad_days", field="last", status=422)
    if last < clock.today() - timedelta(days=1) or last - first > LONGEST:
        raise Refused(
            _("An absence lasts at most a year and does not lie in the past."),
            code="bad_days",
            field="last",
            status=422,
        )
    try:
        with transaction.atomic():
            return Absence.objects.create(
                user=user, starts_on=first, ends_on=last, entered_by=actor, entered_at=clock.now()
            )
    except IntegrityError as overlap:
        raise Refused(
            _("An absence is already entered for some of these days."),
            code="overlap",
            field="first",
            status=409,
        ) from overlap


@verb
def end_absence(absence_id: int, *, actor: User) -> None:
    """Somebody is back today, or does not leave at all; refused when the absence is over or not theirs to end."""
    absence = Absence.objects.select_for_update().filter(pk=absence_id).first()
    today = clock.today()
    if absence is None:
        raise Refused(_("There is no such absence."), code="not_found", status=404)
    _colleague(absence.user_id, actor)
    if absence.ends_on < today:
        raise Refused(_("This absence is over already."), code="over")
    if absence.starts_on >= today:
        absence.delete()
    else:
        absence.ends_on = today - timedelta(days=1)
        absence.save(update_fields=["ends_on"])


def return_tasks() -> int:
    """Put back into the queues what people have taken who are away or no longer posted; returns how many tasks."""
    held = all_rows(_HELD, {"now": clock.now()})
    left_behind = all_rows(_LEFT_BEHIND, {"today": clock.today()})
    returned = 0
    for token_id, instance_id in dict.fromkeys([*held, *left_behind]):
        try:
            returned += return_task(token_id, instance_id)
        except Exception:  # one case must not keep the tasks of all others
            log.exception("task_not_returned", token=token_id)
    return returned


@verb
def return_task(token_id: int, instance_id: int) -> bool:
    """Put one task of somebody who is away or no longer posted back; False when somebody was faster."""
    case = Case.objects.select_for_update().get(instance=instance_id)
    row = tasks.row(token_id)
    if row is None or row.assignee is None:
        return False
    kind = _why_back(row, row.assignee)
    if not kind:
        return False
    tasks.put_back(token_id)
    facts = {"token": token_id, "was": row.assignee.pk}
    record.event(case, kind, actor=None, at=clock.now(), node=row.node, **facts)
    return True


def _why_back(row: Token, holder: User) -> str:
    """What is written down when this person's task goes back; "" when there is no reason."""
    if not duties(holder).has(Role(row.lane), row.mission_id):
        return "posting_ended"
    today = clock.today(row.mission.time_zone)
    return "returned" if Absence.objects.valid_on(today).filter(user=holder).exists() else ""


def _colleague(user_id: int, actor: User) -> User:
    """The person an absence is about. Refused unless it is oneself or one of one's section."""
    user = User.objects.filter(pk=user_id, kind=Kind.STAFF).first()
    if user is not None and (user.pk == actor.pk and actor.is_official or _heads(actor, user)):
        return user
    raise Refused(
        _("Only the person or a head of section of the same mission can do this."),
        code="forbidden",
        status=403,
    )


def _heads(actor: User, user: User) -> bool:
    held = duties(actor)
    if Role.HEAD_OF_SECTION in held.everywhere:
        return True
    section = held.missions_with({Role.HEAD_OF_SECTION})
    return Posting.objects.valid_on(clock.today()).filter(user=user, mission__in=section).exists()
