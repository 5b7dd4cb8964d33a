"""A decision that chance has chosen is looked at by somebody who had no part in it."""

from django.utils.translation import gettext_lazy as _

from consular.accounts.models import Role, User
from consular.casework import record
from consular.casework.correspondence import tidy
from consular.casework.officer import locked
from consular.casework.verb import verb
from consular.core import clock
from consular.core.errors import Refused
from consular.decisions.sampled import Finding, SecondLook
from consular.missions.postings import Duties, duties

LOOKERS = frozenset({Role.HEAD_OF_SECTION, Role.DECIDER, Role.AUDITOR})


def may_look(held: Duties, mission_id: int) -> bool:
    """Whether somebody with these duties looks at decisions of a mission again."""
    return any(held.has(role, mission_id) for role in LOOKERS)


def had_a_part(look: SecondLook, person: User) -> bool:
    """Whether this natural person proposed or approved the decision."""
    return person.person in {look.decision.proposed_person, look.decision.approved_person}


@verb
def look_again(look_id: int, finding: str, remark: str, *, actor: User) -> SecondLook:
    """Write down what the second look found. Refused for who proposed or approved, with whatever account, and twice.

    Whoever finds something says what. Correcting or annulling is another step, by those who may.
    """
    looks = SecondLook.objects.select_related("decision__case")
    found = looks.filter(pk=look_id).first()
    if found is None or not may_look(duties(actor), found.mission_id):
        raise Refused(
            _("There is no such decision, or it is not yours to look at."), code="not_found", status=404
        )
    case = locked(found.decision.case.reference, actor)
    found = looks.select_for_update(of=("self",)).get(pk=look_id)
    if had_a_part(found, actor):
        raise Refused(
            _("You had a part in this decision. Somebody else has to look at it."),
            code="four_eyes",
            status=403,
        )
    if found.looked_at is not None:
        raise Refused(_("Somebody has already looked at this decision."), code="done")
    if finding not in Finding.values:
        raise Refused(_("Say what you have found."), code="no_finding", field="finding", status=422)
    if finding != Finding.IN_ORDER and not remark.strip():
        raise Refused(_("Say what you have found."), code="no_remark", field="remark", status=422)
    found.finding, found.remark = finding, tidy(remark)[:2000] if remark.strip() else ""
    found.looked_at, found.looked_by = clock.now(), actor
    found.save(update_fields=["finding", "remark", "looked_at", "looked_by"])
    record.event(case, "looked_again", actor=actor, at=found.looked_at, decision=found.decision_id)
    return found
