"""The history of a case in words, for officers and, without who did it, for the applicant."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consular.accounts.models import Kind
from consular.cases import outcomes, withdrawals
from consular.cases.models import Case
from consular.core.prepared import Row, all_rows

LENGTH = 100

WORDS = {
    "draft_started": _("Application started"),
    "draft_carried": _("Application moved to a new edition of the form"),
    "answers_taken_over": _("Answers taken over from an earlier application"),
    "submitted": _("Application sent"),
    "opened_by_mission": _("Opened by the mission"),
    "letter_issued": _("Letter issued"),
    "authority_letter": _("Letter to an authority issued"),
    "concern_entered": _("Request about data or complaint entered"),
    "file_exported": _("File exported for a court"),
    "letter_ended": _("Letter no longer stands"),
    "change_proposed": _("Correction or revocation of a letter proposed"),
    "change_approved": _("Correction or revocation of a letter approved by a second officer"),
    "change_declined": _("Correction or revocation of a letter declined"),
    "transferred": _("Moved to another mission"),
    "failed": _("A step of the process cannot be done"),
    "responsible_elsewhere": _("By the corrected answers this mission is not responsible"),
    "message": _("Message written"),
    "asked": _("Applicant asked to correct or to add something"),
    "corrected": _("Applicant has sent what was asked for"),
    "came_back": _("Task back with the officer who had asked"),
    "own_data": _("Own data downloaded as a file"),
    "handed_in": _("All documents sent"),
    "document_added": _("Document added"),
    "document_refused": _("Document not usable"),
    "document_removed": _("Document removed"),
    "document_opened": _("Document opened"),
    "letter_printed": _("Letter printed"),
    "flag_set": _("Flag set"),
    "flag_removed": _("Flag removed"),
    "claimed": _("Task taken"),
    "released": _("Task given back"),
    "handed_over": _("Task handed over to a colleague"),
    "assigned": _("Task assigned by the head of section"),
    "delegated": _("Task delegated to another mission"),
    "taken_back": _("Delegated task taken back"),
    "returned": _("Task back in the queue because of an absence"),
    "stalled": _("Nobody has moved this case for a long time"),
    "completed": _("Task completed"),
    "appointment_held": _("Appointment reserved"),
    "appointment_confirmed": _("Appointment confirmed"),
    "appointment_moved": _("Appointment moved"),
    "appointment_cancelled": _("Appointment cancelled"),
    "waiting_joined": _("Applicant waits for an appointment"),
    "waiting_moved": _("Waiting list of another mission, with the same rank"),
    "waiting_left": _("Applicant waits for an appointment no longer"),
    "waiting_reordered": _("Order of the waiting list changed by two officers"),
    "draw_hardship": _("Drawn first, because of hardship: two officers agreed"),
    "draw_won": _("Applicant was drawn for an appointment"),
    "draw_lost": _("Applicant was not drawn for an appointment"),
    "place_offered": _("Appointment offered from the waiting list"),
    "place_passed": _("Offer of an appointment not taken"),
    "times_offered": _("The mission offers times for an appointment"),
    "times_declined": _("None of the offered times is suitable"),
    "emergency_asked": _("Applicant asks for an appointment in an emergency"),
    "emergency_refused": _("Appointment in an emergency refused"),
    "appointment_displaced": _("The mission cannot keep the appointment: another time is chosen"),
    "appointment_stands": _("The appointment can take place after all"),
    "visit_late": _("Applicant says to be late for the appointment"),
    "visit_check_in": _("Applicant has come to the appointment"),
    "visit_call": _("Applicant called to the counter"),
    "visit_serve": _("Applicant served at the counter"),
    "visit_miss": _("Applicant did not come to the appointment"),
    "visit_undo": _("Entry about the appointment undone"),
    "proposed": _("Decision proposed"),
    "approved": _("Decision approved by a second officer"),
    "sent_back": _("Proposal sent back"),
    "looked_again": _("Decision looked at again by somebody who had no part in it"),
    "proposal_dropped": _("Proposal dropped: the application was withdrawn"),
    "consulted": _("Partner asked"),
    "reminded": _("Partner reminded"),
    "unreached": _("Request reached nobody at the partner: its silence does not count"),
    "remind_by_hand": _("Partner has to be reminded by letter or another way: nobody there can read it here"),
    "sent_otherwise": _("Request to a partner sent by letter or another way"),
    "redirected": _("Request that reached nobody sent to another partner"),
    "answered": _("Answer of a partner"),
    "answered_late": _("Answer of a partner, too late to count"),
    "deemed": _("Silence of a partner counts as consent"),
    "unanswered": _("Partner did not answer in time"),
    "answer_refused": _("Answer to a consultation refused"),
    "applicant_reminded": _("Applicant reminded of a day"),
    "withdrawn": _("Application withdrawn"),
    withdrawals.ENTERED: _("Withdrawal entered"),
    "posting_ended": _("Task back in the queue because a posting ended"),
    "migrated": _("Case moved to another version of the process"),
    "mandate_recorded": _("Somebody acts for the applicant"),
    "mandate_removed": _("Nobody acts for the applicant any more"),
    "consent_asked": _("Other person with custody asked for consent"),
    "consent_reminded": _("Other person with custody reminded"),
    "consent_in_person": _("Consent is given in person"),
    "consent_given": _("Other person with custody has consented"),
    "consent_declined": _("Other person with custody has declined"),
    "ended": _("Case closed"),
}
"""Event kind -> what happened. Kinds that are not here are steps inside the process and are not told."""

REASONS = {
    "NO_RECEIVER": _("Not moved: the case is at this mission already, or nobody there works on such cases"),
}
"""Why a step of the process could not be done, by the code of its error."""

TOLD_TO_APPLICANTS = frozenset(
    {
        "consent_asked", "consent_in_person", "consent_given", "consent_declined",
        "draft_started", "submitted", "letter_issued", "transferred", "withdrawn", "applicant_reminded", "ended",
        "asked", "corrected", "own_data",
        "handed_in", "opened_by_mission",
        "appointment_confirmed", "appointment_moved", "appointment_cancelled",
        "waiting_joined", "waiting_moved", "waiting_left", "waiting_reordered", "place_offered", "place_passed",
        "draw_hardship", "draw_won", "draw_lost", "times_offered", "times_declined", "emergency_asked",
        "emergency_refused",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """One line of the history."""

    at: datetime
    what: str
    who: str


def for_officers(case: Case) -> list[Entry]:
    """The latest entries, newest first, with the name of the officer who acted."""
    return [
        Entry(at, _what(case, kind, *entered), who)
        for at, kind, who, *entered in _events(case, frozenset(WORDS))
    ]


def for_applicant(case: Case) -> list[Entry]:
    """What the applicant is told, newest first; officers stay nameless."""
    return [Entry(at, _what(case, kind), "") for at, kind, *_ in _events(case, TOLD_TO_APPLICANTS)]


def _events(case: Case, kinds: frozenset[str]) -> list[Row]:
    """When, what, which officer, how and when a withdrawal arrived, and the code of what cannot be done: the latest
    events of these kinds.
    """
    return all_rows(
        _LATEST, {"case": case.pk, "kinds": sorted(kinds), "official": Kind.STAFF.value, "length": LENGTH}
    )


def _what(
    case: Case, kind: str, how: str | None = None, on: str | None = None, code: str | None = None
) -> str:
    """What happened; of the end of a case also what it ended in, of a withdrawal that was entered how it came, of a
    step that cannot be done why.
    """
    if kind == "failed" and code in REASONS:
        return str(REASONS[code])
    if kind == withdrawals.ENTERED and how and on:
        facts = {"how": withdrawals.Channel(how).label, "day": date_format(date.fromisoformat(on))}
        return gettext("Withdrawal entered: %(how)s, reached the mission on %(day)s") % facts
    ended = outcomes.of(case) if kind == "ended" else None
    return gettext("Case closed: %(outcome)s") % {"outcome": ended.title} if ended else str(WORDS[kind])


_LATEST = """
SELECT event.at, event.kind, coalesce(actor.name, ''), event.data ->> 'how', event.data ->> 'on',
    event.data ->> 'code'
FROM cases_event event LEFT JOIN accounts_user actor ON actor.id = event.actor_id AND actor.kind = %(official)s
WHERE event.case_id = %(case)s AND event.kind = ANY(%(kinds)s) AND (event.kind <> 'message' OR event.node = '')
ORDER BY event.id DESC LIMIT %(length)s
"""
"""That a process received a message is a step inside it, and not told."""
