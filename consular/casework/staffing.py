"""Who works at a mission in which role from when to when: given by another, for some roles by two others.

Nobody gives a role to themselves, with whatever account. A head of section gives the roles of the section; those who
head, audit or administer are named by administrators. Who decides, heads, audits or administers needs two who agree.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from consular.accounts.models import Kind, Role, User
from consular.casework.mission_changes import Signed, change, locked, undoable
from consular.casework.verb import verb
from consular.core import clock
from consular.core.errors import Refused
from consular.missions import administered
from consular.missions.administered import State, Target
from consular.missions.changes import MissionChange, StaffProposal, Subject
from consular.missions.models import Posting
from consular.missions.postings import Duties, duties

OF_THE_SECTION = frozenset({Role.INTAKE_CLERK, Role.CASEWORKER, Role.DECIDER, Role.SLOT_MANAGER})
"""What a head of section gives."""
ALL_ROLES = frozenset(Role) - {Role.APPLICANT}
WANTS_TWO = frozenset({Role.DECIDER, Role.HEAD_OF_SECTION, Role.AUDITOR, Role.ADMINISTRATOR})
"""What nobody gives alone."""
LONGEST = timedelta(days=366 * 10)

Done = MissionChange | StaffProposal | None


@dataclass(frozen=True)
class Term:
    """A role from one day to another, both included; without a last one until it is ended."""

    role: Role
    first: date
    last: date | None = None


def givable(held: Duties, mission_id: int) -> frozenset[Role]:
    """The roles that somebody with these duties gives at a mission."""
    if held.has(Role.ADMINISTRATOR, mission_id):
        return ALL_ROLES
    return OF_THE_SECTION if held.has(Role.HEAD_OF_SECTION, mission_id) else frozenset()


@verb
def add_posting(mission_id: int, email: str, term: Term, *, actor: User) -> Done:
    """Post a member of staff at a mission; a proposal where two have to agree.

    Refused for oneself, for a role one does not give, and where the person has it on these days already.
    """
    mission = locked(mission_id, actor)
    today = clock.today(mission.time_zone)
    if term.first < today or (term.last and not term.first <= term.last <= today + LONGEST):
        raise Refused(
            _("The first day is today at the earliest, and the last day follows it."),
            code="bad_days",
            field="last",
            status=422,
        )
    user = User.objects.filter(email__iexact=email.strip(), kind=Kind.STAFF, is_active=True).first()
    if user is None:
        raise Refused(
            _("No member of staff has this address. An administrator makes the account first."),
            code="nobody",
            field="email",
            status=422,
        )
    target = Target(Subject.STAFF, mission.pk, str(user.pk))
    before = administered.state_of(target)
    _require_new(term, before)
    row = [term.role.value, term.first.isoformat(), term.last.isoformat() if term.last else None]
    return _settle(target, [*before, row], Signed(actor))


@verb
def end_posting(mission_id: int, posting_id: int, last: date, *, actor: User) -> Done:
    """End a posting with a day: yesterday ends it at once. What the person has taken goes back to the queue.

    One's own may be ended; only roles that one also gives.
    """
    mission = locked(mission_id, actor)
    row = Posting.objects.filter(pk=posting_id, mission=mission).first()
    if row is None:
        raise Refused(_("There is no such posting at this mission."), code="not_found", status=404)
    if last < clock.today(mission.time_zone) - timedelta(days=1) or (row.ends_on and last > row.ends_on):
        raise Refused(
            _("A posting ends yesterday at the earliest, and not later than it does now."),
            code="bad_days",
            field="last",
            status=422,
        )
    held = duties(actor)
    if Role(row.role) not in givable(held, mission.pk):
        _refuse_role()
    target = Target(Subject.STAFF, mission.pk, str(row.user_id))
    ended = [row.role, row.starts_on.isoformat(), row.ends_on.isoformat() if row.ends_on else None]
    rest = administered.state_of(target)
    rest.remove(ended)
    if row.starts_on <= last:
        rest.append([*ended[:2], last.isoformat()])
    return change(target, lambda _before: rest, Signed(actor))


@verb
def agree_to_posting(proposal_id: int, *, actor: User) -> MissionChange | None:
    """The second person agrees, and the postings count from now on.

    Refused for who proposed it and whom it is about, with whatever account; when one of the two who sign may not give
    these roles any more; when the person's postings have changed since; and when the last day of a new one has passed.
    A new one whose first day has passed begins today: nobody is given a role for days gone by.
    """
    proposal = _open(proposal_id, actor)
    proposer = proposal.proposed_by
    if actor.person in {proposer.person, proposal.user.person}:
        raise Refused(
            _("Another person than the one who proposed it, and not the one it is about, must agree."),
            code="four_eyes",
            status=403,
        )
    target = Target(Subject.STAFF, proposal.mission_id, str(proposal.user_id))
    for one in (proposer, actor):
        _require_may_give(one, target, administered.gains(proposal.before, proposal.after))
    if administered.state_of(target) != proposal.before:
        raise Refused(
            _("The postings of this person have changed since. Decline, and propose it anew."), code="changed"
        )
    _close(proposal, actor, is_agreed=True)
    signed = Signed(proposer, agreed_by=actor, undoes=proposal.undoes)
    after = proposal.after if proposal.undoes else _from_today(proposal)
    return change(target, lambda _before: after, signed)


@verb
def decline_posting(proposal_id: int, *, actor: User) -> None:
    """Take a proposal off the list: by who made it, or by another who may change the mission."""
    _close(_open(proposal_id, actor), actor, is_agreed=False)


@verb
def undo_mission_change(change_id: int, *, actor: User) -> Done:
    """Make it exactly as it was before a change; that is a change itself. Roles that come back are given anew."""
    made, target = undoable(change_id, actor)
    return _settle(target, made.before, Signed(actor, undoes=made))


def _settle(target: Target, after: State, signed: Signed) -> Done:
    """Make a change, or, where it gives a role that wants two, propose it."""
    if target.subject != Subject.STAFF:
        return change(target, lambda _before: after, signed)
    before = administered.state_of(target)
    gained = administered.gains(before, after)
    _require_may_give(signed.by, target, gained)
    lost = {Role(role) for role in administered.gains(after, before)}
    if not lost <= givable(duties(signed.by), target.mission):
        _refuse_role()
    if not WANTS_TWO & {Role(role) for role in gained}:
        return change(target, lambda _before: after, signed)
    if StaffProposal.objects.filter(mission=target.mission, user=int(target.about), settled_at=None).exists():
        raise Refused(
            _("A proposal about this person is open already. Agree to it or decline it first."), code="open"
        )
    return StaffProposal.objects.create(
        mission_id=target.mission,
        user_id=int(target.about),
        before=before,
        after=administered.tidy(after),
        proposed_at=clock.now(),
        proposed_by=signed.by,
        undoes=signed.undoes,
    )


def _require_may_give(giver: User, target: Target, roles: list[str]) -> None:
    """Refused (403) unless this person gives these roles there, and not to themselves."""
    to = User.objects.get(pk=int(target.about))
    if roles and giver.person == to.person:
        raise Refused(_("Nobody gives a role to themselves."), code="own_role", status=403)
    if roles and not {Role(role) for role in roles} <= givable(duties(giver), target.mission):
        _refuse_role()


def _refuse_role() -> None:
    raise Refused(
        _("You cannot give or end this role. Ask an administrator."), code="not_your_role", status=403
    )


def _require_new(term: Term, before: State) -> None:
    """Refused where the person has this role there on one of these days."""
    last = term.last.isoformat() if term.last else "9999"
    for role, since, until in before:
        if role == term.role and since <= last and term.first.isoformat() <= (until or "9999"):
            raise Refused(
                _("This person has this role on these days already."),
                code="there_already",
                field="role",
                status=422,
            )


def _from_today(proposal: StaffProposal) -> State:
    """What was proposed, without the days that have passed since."""
    today = clock.today(proposal.mission.time_zone).isoformat()
    new = [row for row in proposal.after if row not in proposal.before]
    if any(last and last < today for _role, _first, last in new):
        raise Refused(
            _("The last day of this posting has passed. Decline, and propose it anew."), code="too_late"
        )
    return [
        [role, max(first, today) if [role, first, last] in new else first, last]
        for role, first, last in proposal.after
    ]


def _open(proposal_id: int, actor: User) -> StaffProposal:
    """An open proposal, with its mission locked; 404 where there is none."""
    found = StaffProposal.objects.select_related("user", "proposed_by").filter(pk=proposal_id).first()
    if found is None:
        raise Refused(_("There is no such proposal."), code="not_found", status=404)
    locked(found.mission_id, actor)
    found.refresh_from_db(fields=["settled_at"])
    if found.settled_at is not None:
        raise Refused(_("Somebody has already judged this proposal."), code="done")
    return found


def _close(proposal: StaffProposal, actor: User, *, is_agreed: bool) -> None:
    proposal.settled_at, proposal.settled_by, proposal.is_agreed = clock.now(), actor, is_agreed
    proposal.save(update_fields=["settled_at", "settled_by", "is_agreed"])
