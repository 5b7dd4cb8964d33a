"""An officer sees to a request that reached nobody: it is sent anew, to another authority, or another way."""

from django.utils.translation import gettext_lazy as _

from consular.accounts.models import User
from consular.cases.consultations import Consultation, Partner
from consular.cases.models import Case
from consular.casework import consulting, reaching, record
from consular.casework.consultations import locked, require_right
from consular.casework.verb import verb
from consular.core import clock, references
from consular.core.errors import Refused
from consular.workflow.models import Token
from consular.workflow.waiting import Service

AGAIN, OTHERWISE = "again", "otherwise"
"""The ways beside the codes of other partners: to the same one through the interface, or by letter or the like."""


@verb
def send_again(reference: str, way: str, *, actor: User) -> Consultation:
    """Send a request that reached nobody. From now on its time counts.

    `way` is `again`, `otherwise` (the officer sends it by letter or another way), or the code of another partner, which
    is asked instead. Refused: `reached` (409) when somebody has it by now or it is over, `no_reader` (422) when still
    nobody could read it, `invalid` (422) for any other way, and like answers for who may not enter them.
    """
    asked = locked(reference)
    require_right(asked, actor)
    case = asked.case
    if asked.unreached_at is None or asked.closed_at is not None:
        raise Refused(_("This request does not wait for being sent any more."), code="reached")
    partner = None if way in (AGAIN, OTHERWISE) else _other(case, asked, way)
    if partner is None:
        _same(case, asked, way, actor)
    else:
        _redirect(case, asked, partner, actor)
    return asked


def others(case: Case, asked: Consultation) -> list[Partner]:
    """The partners that could be asked instead: somebody reads their requests, and they are not asked already.

    None where the partner was asked before and only could not be reminded, or its silence was about to be written down.
    """
    if not any(_is_first(step, asked) for step in reaching.held(case, asked)):
        return []
    now = clock.now()
    busy = case.consultations.filter(closed_at=None).values("partner")
    possible = Partner.objects.exclude(code__in=busy).order_by("code")
    return [partner for partner in possible if reaching.can_read(partner.code, now)]


def _is_first(step: Service, asked: Consultation) -> bool:
    number = Token.objects.filter(pk=step.token_id).values_list("number", flat=True).first()
    return step.type == reaching.CONSULT and number == asked.token


def _other(case: Case, asked: Consultation, way: str) -> Partner:
    """The partner with this code; refused where it cannot be asked instead."""
    for partner in others(case, asked):
        if partner.code == way:
            return partner
    raise Refused(_("Choose how to send the request."), code="invalid", field="way", status=422)


def _same(case: Case, asked: Consultation, way: str, actor: User) -> None:
    """To the same authority."""
    now = clock.now()
    if way == AGAIN and not reaching.can_read(asked.partner, now):
        sentence = _("Still nobody at this authority can read the request here.")
        raise Refused(sentence, code="no_reader", field="way", status=422)
    if way == OTHERWISE:
        asked.by_other_way = True
        asked.save(update_fields=["by_other_way"])
        record.event(case, "sent_otherwise", actor=actor, at=now, consultation=asked.pk)
    for step in reaching.held(case, asked):
        if step.type == reaching.DEEM:
            consulting.renew(case, step.token_id, asked, actor=actor)
        else:
            consulting.send(case, _token(step), asked, actor=actor)


def _redirect(case: Case, asked: Consultation, partner: Partner, actor: User) -> None:
    """To another authority: nobody has seen the request yet, so it gets another address and another number."""
    now = clock.now()
    steps = [step for step in reaching.held(case, asked) if step.type == reaching.CONSULT]
    before = asked.partner
    asked.partner, asked.name, asked.reference = partner.code, partner.name, references.issue()
    asked.save(update_fields=["partner", "name", "reference"])
    record.event(
        case, "redirected", actor=actor, at=now, consultation=asked.pk, before=before, partner=partner.code
    )
    for step in steps:
        consulting.send(case, _token(step), asked, to=partner, actor=actor)


def _token(step: Service) -> Token:
    return Token.objects.select_related("instance__definition").get(pk=step.token_id)
