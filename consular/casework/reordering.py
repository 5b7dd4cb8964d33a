"""Changing the order of a waiting list: one officer says why, another one agrees, and the person can read it."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from consular.accounts.models import Role, User
from consular.appointments.waiting import Reordering, Waiting, Waits
from consular.cases.models import Case
from consular.casework import record
from consular.casework.correspondence import require_another
from consular.casework.verb import verb
from consular.core import clock
from consular.core.errors import Refused
from consular.missions.postings import duties

ORDERERS = frozenset({Role.SLOT_MANAGER, Role.HEAD_OF_SECTION})
"""The officers of a mission who may change the order of its list, two together."""


@verb
def propose_order(entry_id: int, since: date, reason: str, *, actor: User) -> Reordering:
    """Propose that somebody counts as waiting since another day at the mission; a second officer has to agree.

    Refused (404) for officers of other missions; (403) `own_case`; (409) `open` when a proposal waits already; (422)
    without a reason or with a day that has not come.
    """
    now = clock.now()
    entry = _orderable(entry_id, actor)
    require_another(entry.case, actor)
    moment = datetime.combine(since, time(0), ZoneInfo(entry.calendar.mission.time_zone))
    if not reason.strip():
        raise Refused(
            _("Say why. The person can read the reason."), code="no_reason", field="reason", status=422
        )
    if moment > now:
        raise Refused(_("This day has not come yet."), code="future", field="since", status=422)
    if entry.reorderings.filter(approved_by=None).exists():
        raise Refused(_("A change for this person waits for a second officer already."), code="open")
    return Reordering.objects.create(
        entry=entry,
        since=moment,
        before=entry.since,
        reason=reason.strip(),
        proposed_by=actor,
        proposed_at=now,
    )


@verb
def agree_to_order(reordering_id: int, *, actor: User) -> Reordering:
    """Agree to what another officer proposed; the order changes now, and the person can see why.

    Refused: (404) for officers of other missions; (403) `own_case`; (409) `own` for one's own proposal, with whatever
    account, `done` when it was decided.
    """
    now = clock.now()
    proposal = Reordering.objects.filter(pk=reordering_id).first()
    entry = _orderable(proposal.entry_id if proposal else 0, actor)
    rows = Reordering.objects.select_for_update(of=("self",)).select_related("proposed_by")
    proposal = rows.get(pk=reordering_id)
    if proposal.approved_by_id is not None:
        raise Refused(_("This change was made already."), code="done")
    if proposal.proposed_by.person == actor.person:
        raise Refused(_("Another officer has to agree."), code="own")
    require_another(entry.case, actor)
    proposal.approved_by, proposal.approved_at = actor, now
    proposal.save(update_fields=["approved_by", "approved_at"])
    entry.since, entry.changed_at = proposal.since, now
    entry.save(update_fields=["since", "changed_at"])
    record.event(entry.case, "waiting_reordered", actor=actor, at=now, since=proposal.since.isoformat())
    return proposal


@verb
def drop_order(reordering_id: int, *, actor: User) -> None:
    """Take back a proposal that nobody has agreed to."""
    proposal = Reordering.objects.filter(pk=reordering_id).first()
    _orderable(proposal.entry_id if proposal else 0, actor)
    Reordering.objects.filter(pk=reordering_id, approved_by=None).delete()


def _orderable(entry_id: int, actor: User) -> Waiting:
    """The entry of the list of one's mission, its case locked; Refused (404)."""
    entry = Waiting.objects.filter(pk=entry_id, head=None, state=Waits.WAITING).first()
    held = duties(actor)
    if entry is not None:
        Case.objects.select_for_update(of=("self",)).get(pk=entry.case_id)
        entry = Waiting.objects.select_related("calendar__mission", "case").get(pk=entry_id)
        mission = entry.calendar.mission_id
        if entry.state == Waits.WAITING and any(held.has(role, mission) for role in ORDERERS):
            return entry
    raise Refused(_("There is nobody waiting by this number."), code="not_found", status=404)
