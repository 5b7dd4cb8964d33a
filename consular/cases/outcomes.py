"""What a case ended in, in plain words: what it means, and what the person can do now."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from consular.cases.models import Case, Phase

Words = str | Promise


@dataclass(frozen=True)
class Meaning:
    """One outcome for the applicant. `next` is what can be done now, "" where there is nothing to say."""

    title: Words
    meaning: Words
    next: Words = ""


_REMEDY = _("The letter says what you can do against the decision, where and until when.")
_AGAIN = _("You can start a new application at any time.")

OF_A_DECISION: Mapping[str, Meaning] = {
    "granted": Meaning(
        _("Granted"), _("Your application was granted. The letter says what you get and for how long.")
    ),
    "refused": Meaning(
        _("Refused"), _("Your application was refused. The letter gives the reasons."), _REMEDY
    ),
    "annulled": Meaning(
        _("Visa annulled"), _("Your visa was annulled. The letter gives the reasons."), _REMEDY
    ),
    "revoked": Meaning(_("Visa revoked"), _("Your visa was revoked. The letter gives the reasons."), _REMEDY),
    "restricted": Meaning(
        _("Document restricted"),
        _("Your document is valid only with restrictions. The letter gives the reasons."),
        _REMEDY,
    ),
    "issued": Meaning(_("Document issued"), _("Your document was issued.")),
    "visa_stands": Meaning(
        _("The visa stands"), _("The mission has examined your visa again. It stays valid as it is.")
    ),
}
"""What was decided. It is told once the letter is there: in the phases ready and closed."""

WITHOUT_A_DECISION: Mapping[str, Meaning] = {
    "lapsed": Meaning(
        _("Lapsed"),
        _(
            "The time to answer the mission or to book an appointment is over, and so your application has lapsed. "
            "It was not decided; this is not a refusal."
        ),
        _AGAIN,
    ),
    "discontinued": Meaning(
        _("Discontinued"),
        _(
            "The mission did not receive what it needs to examine your application, and has closed it. It was not "
            "decided; this is not a refusal."
        ),
        _(
            "You can start a new application at any time. If you think this is a mistake, write to the mission."
        ),
    ),
    "inadmissible": Meaning(
        _("Not admissible"),
        _(
            "A condition for examining your application was not met. The letter says which one. It was not decided; "
            "this is not a refusal."
        ),
        _(
            "You get back the fee and your papers. You can start a new application as soon as the condition is met."
        ),
    ),
    "not_competent": Meaning(
        _("Another authority is competent"),
        _(
            "Another authority is competent for your application. The letter says which one. It was not decided; this "
            "is not a refusal."
        ),
        _("You get back your papers. Apply to the authority that the letter names."),
    ),
    "withdrawn": Meaning(
        _("Withdrawn"),
        _("You have withdrawn your application. The mission does not work on it any more."),
        _(
            "A fee that you have paid is not refunded. If the mission has papers of yours, you get them back. You can "
            "start a new application at any time."
        ),
    ),
    "unclaimed": Meaning(
        _("Not collected"),
        _("Your document was not collected in time. It was cancelled and is not valid any more."),
        _("If you still need a document, start a new application."),
    ),
    "served": Meaning(_("Done"), _("The mission has done what you came for.")),
    "not_appeared": Meaning(
        _("Appointment missed"),
        _(
            "You did not come to your appointment, and so the mission has closed the case. Nothing was decided."
        ),
        _(
            "You can start a new application at any time. If you think this is a mistake, write to the mission."
        ),
    ),
}
"""How a case ends although nothing was decided, or although what was issued is not valid any more."""

KNOWN = frozenset({*OF_A_DECISION, *WITHOUT_A_DECISION})
"""All outcomes; a process may end in no other."""


def of(case: Case) -> Meaning | None:
    """What the case ended in, as far as the applicant may know it; None while it goes on."""
    if case.outcome in WITHOUT_A_DECISION:
        return WITHOUT_A_DECISION[case.outcome]
    if case.phase in {Phase.READY, Phase.CLOSED}:
        return OF_A_DECISION.get(case.outcome)
    return None
