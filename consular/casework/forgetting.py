"""Drafts go: because their owner wants it, or because nobody has worked on them for a long time."""

from datetime import datetime

import structlog
from django.db.models import Exists, OuterRef, Q, QuerySet

from consular.accounts.models import User
from consular.cases import retention
from consular.cases.models import Case, Event, Journey
from consular.casework import journeys
from consular.casework.applicant import not_there, own_drafts
from consular.casework.verb import verb
from consular.core import clock
from consular.notifications import outbox
from consular.notifications.models import Kind, Notification

AT_ONCE = 200

log = structlog.get_logger(__name__)


@verb
def delete_draft(case_id: int, *, actor: User | None, secret: str | None = None) -> None:
    """Delete a draft for good: its answers, files and history. Refused (404) for anybody but its owner or browser."""
    case = own_drafts(actor, secret).select_for_update(of=("self",)).filter(pk=case_id).first()
    if case is None:
        raise not_there()
    delete(case)


@verb
def tell_owners() -> int:
    """Tell the owners of drafts that nobody works on when they will be deleted; returns how many are new."""
    rule, now = retention.of_drafts(), clock.now()
    due = retention.untouched(now - rule.kept + rule.told).filter(owner__isnull=False)
    told = 0
    for case in due.exclude(Exists(_told())).select_related("owner").order_by("pk")[:AT_ONCE]:
        day = clock.today() + rule.told
        key = f"draft_ends:{case.pk}:{day.isoformat()}"
        outbox.promise("draft_ends", to=case.owner, case=case, key=key, facts={"day": day.isoformat()})
        told += 1
    return told


def sweep() -> int:
    """Once a day: tell owners in time, and delete the drafts whose time is over; returns how many were deleted."""
    tell_owners()
    rule, now = retention.of_drafts(), clock.now()
    told_in_time = Exists(_told().filter(promised_at__lt=now - rule.told))
    due = retention.untouched(now - rule.kept).filter(Q(owner=None) | told_in_time)
    gone = sum(
        _forget(pk, now - rule.kept) for pk in due.order_by("pk").values_list("pk", flat=True)[:AT_ONCE]
    )
    if gone:
        log.info("drafts_deleted", rule="draft.kept", days=rule.kept.days, count=gone)
    return gone


@verb
def _forget(case_id: int, since: datetime) -> int:
    """Delete one draft unless somebody has worked on it meanwhile."""
    case = retention.untouched(since).select_for_update(of=("self",)).filter(pk=case_id).first()
    if case is None:
        return 0
    delete(case)
    return 1


def _told() -> QuerySet[Notification]:
    """The mails about a draft since its answers were changed last, for as long as it is kept: what was told before a
    document came counts no more when the time is over again.
    """
    return Notification.objects.filter(
        case=OuterRef("pk"),
        kind=Kind.DRAFT_ENDS,
        promised_at__gt=OuterRef("answers__saved_at"),
        promised_at__gte=clock.now() - retention.of_drafts().kept,
    )


def delete(case: Case) -> None:
    """Everything of a draft that the caller has locked; its journey, too, when nobody is left in it."""
    journey = journeys.locked(case)
    Notification.objects.filter(case=case).delete()
    Event.objects.filter(case=case).delete()
    case.delete()
    if journey is not None and not journey.cases.exists():
        Journey.objects.filter(pk=journey.pk).delete()
