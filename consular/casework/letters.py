"""A letter with a mistake: one officer proposes to correct or revoke it, another person approves; the old one ends.

A correction is the same letter once more, made from what the case says now; it names the letter whose place it takes.
Letters that say a decision can only be corrected. What they decide is changed by a decision: a visa is annulled or
revoked in the process made for it. Of letters to authorities the applicant is told nothing.
"""

from datetime import date
from typing import Any

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consular.accounts.models import Role, User
from consular.cases.models import Audience, Case
from consular.casework import correspondence, letter_facts, record
from consular.casework.officer import locked
from consular.casework.verb import verb
from consular.core import clock, jobs
from consular.core.errors import Refused
from consular.decisions import ending, issuing
from consular.decisions.changes import Change
from consular.decisions.choices import INTERNAL, End
from consular.decisions.issuing import About
from consular.decisions.models import Letter, Supersession
from consular.decisions.source import issued_on
from consular.missions.postings import Duties, duties
from consular.notifications import outbox

PROPOSING = (Role.CASEWORKER, Role.DECIDER, Role.HEAD_OF_SECTION)
JUDGING = (Role.DECIDER, Role.HEAD_OF_SECTION)
LONGEST_REASON = 300


@verb
def propose_change(reference: str, letter_id: int, *, end: str, reason: str, actor: User) -> Change:
    """Propose to correct (`corrected`) or revoke (`revoked`) a letter of the case, with the reason, which is internal.

    Refused for a letter that no longer stands, when a proposal is open, for the revocation of a decision, and for the
    correction of a letter about something that is no longer so.
    """
    case = locked(reference, actor)
    _require(case, actor, PROPOSING)
    letter = Letter.objects.listed().filter(case=case, pk=letter_id).first()
    if letter is None:
        raise Refused(_("There is no such letter in this case."), code="not_found", status=404)
    _require_standing(letter)
    if end not in {End.CORRECTED, End.REVOKED}:
        raise Refused(_("Choose whether to correct or to revoke."), code="invalid", field="end", status=422)
    if end == End.REVOKED and letter.decision_id is not None:
        raise Refused(
            _("This letter says a decision. It ends with a new decision, or is corrected."), code="decided"
        )
    if end == End.CORRECTED:
        _about(case, letter)
    if letter.changes.filter(judged_at=None).exists():
        raise Refused(_("There is already a proposal for this letter."), code="already_proposed")
    now = clock.now()
    change = Change.objects.create(
        letter=letter, end=end, reason=_reason(reason), proposed_by=actor, proposed_at=now
    )
    record.event(case, "change_proposed", actor=actor, at=now, letter=letter.pk, change=change.pk)
    return change


@verb
def approve_change(reference: str, change_id: int, *, actor: User) -> Change:
    """Approve the proposal of another person. A revocation counts at once, a correction with the new letter."""
    case = locked(reference, actor)
    _require(case, actor, JUDGING)
    change = _open(case, change_id)
    proposer = User.objects.get(pk=change.proposed_by_id)
    if proposer.person == actor.person:
        raise Refused(
            _("Another person than the one who proposed it must approve this."), code="four_eyes", status=403
        )
    _require_standing(change.letter)
    if change.end == End.CORRECTED:
        _about(case, change.letter)
    _judge(case, change, actor, is_approved=True)
    if change.end == End.REVOKED:
        _end(case, change, by=None)
        if change.letter.kind not in INTERNAL:
            text = _explained(case, change.letter)
            correspondence.send(case, text, audience=Audience.APPLICANT, actor=actor)
    else:
        jobs.promise("casework.correct", key=f"change:{change.pk}", payload={"change": change.pk})
    return change


@verb
def decline_change(reference: str, change_id: int, *, actor: User) -> Change:
    """Turn a proposal down, or take one's own back; the letter stands."""
    case = locked(reference, actor)
    _require(case, actor, PROPOSING)
    change = _open(case, change_id)
    _judge(case, change, actor, is_approved=False)
    return change


@verb
def correct(payload: dict[str, Any]) -> None:
    """Issue the corrected letter and end the old one, in one transaction; a second run finds it done."""
    change = Change.objects.select_related("letter__decision", "judged_by").get(pk=payload["change"])
    case = (
        Case.objects.select_for_update(of=("self",))
        .select_related("owner", "mission")
        .get(pk=change.letter.case_id)
    )
    if Supersession.objects.filter(letter=change.letter).exists():
        return
    old, now = change.letter, clock.now()
    name, last_day, asked = old.values.get("name") or old.kind, old.values.get("last_day"), _about(case, old)
    folder = case.folder
    facts = letter_facts.facts(case, name, asked, folder)
    letter = issuing.issue(
        case,
        name,
        key=f"change:{change.pk}",
        about=About(old.decision, date.fromisoformat(last_day) if last_day else None, old, asked, facts),
        folder=folder,
    )
    is_internal = letter.kind in INTERNAL
    kind = "authority_letter" if is_internal else "letter_issued"
    record.event(case, kind, actor=None, at=now, letter=letter.pk, letter_kind=letter.kind)
    _end(case, change, by=letter)
    if case.owner and not is_internal:
        outbox.promise("letter", to=case.owner, case=case, key=f"letter:{letter.pk}")


def _about(case: Case, letter: Letter) -> str:
    """What the letter made anew is about: where an appointment has moved, the one there is now.

    Refused when there is nothing any more that it could say.
    """
    name, about = letter.values.get("name") or letter.kind, letter.values.get("about") or ""
    now = about if letter_facts.is_true(case, name, about) else letter_facts.about_now(case, name)
    if now is None:
        raise Refused(
            _("What this letter says is no longer so. It cannot be corrected, only revoked."), code="gone"
        )
    return now


def _end(case: Case, change: Change, *, by: Letter | None) -> None:
    """The letter stands no longer, on the word of the person who approved."""
    assert change.judged_by is not None  # noqa: S101
    ending.supersede(change.letter, end=End(change.end), reason=change.reason, actor=change.judged_by, by=by)
    record.event(
        case, "letter_ended", actor=change.judged_by, at=clock.now(), letter=change.letter_id, end=change.end
    )


def _explained(case: Case, letter: Letter) -> str:
    """What the applicant is told of a revoked letter, in the language of the application."""
    with translation.override(case.language):
        facts = {
            "number": letter.number,
            "day": date_format(issued_on(letter), "DATE_FORMAT"),
        }
        return (
            gettext(
                "We issued our letter %(number)s of %(day)s by mistake. It no longer stands: do not use it."
            )
            % facts
        )


def _judge(case: Case, change: Change, actor: User, *, is_approved: bool) -> None:
    change.is_approved, change.judged_by, change.judged_at = is_approved, actor, clock.now()
    change.save(update_fields=["is_approved", "judged_by", "judged_at"])
    kind = "change_approved" if is_approved else "change_declined"
    record.event(case, kind, actor=actor, at=change.judged_at, letter=change.letter_id, change=change.pk)


def _open(case: Case, change_id: int) -> Change:
    """The open proposal; the lock on the case keeps it open until the end of the transaction."""
    change = Change.objects.select_related("letter").filter(pk=change_id, letter__case=case).first()
    if change is None:
        raise Refused(_("There is no such proposal."), code="not_found", status=404)
    if change.judged_at is not None:
        raise Refused(_("Somebody has already judged this proposal."), code="done")
    return change


def may_propose(case: Case, held: Duties) -> bool:
    """Whether somebody with these duties may propose to change a letter of the case."""
    return any(held.has(role, case.mission_id) for role in PROPOSING)


def may_approve(case: Case, change: Change, actor: User, held: Duties) -> bool:
    """Whether this person may approve the proposal."""
    is_another = change.proposed_person != actor.person
    return is_another and any(held.has(role, case.mission_id) for role in JUDGING)


def _require(case: Case, actor: User, roles: tuple[Role, ...]) -> None:
    held = duties(actor)
    if not any(held.has(role, case.mission_id) for role in roles):
        raise Refused(_("Your role does not allow this."), code="forbidden", status=403)


def _require_standing(letter: Letter) -> None:
    if Supersession.objects.filter(letter=letter).exists():
        raise Refused(_("This letter no longer stands."), code="ended")


def _reason(text: str) -> str:
    reason = correspondence.tidy(text)
    if len(reason) > LONGEST_REASON:
        raise Refused(
            _("The reason can have up to 300 characters."), code="too_long", field="reason", status=422
        )
    return reason
