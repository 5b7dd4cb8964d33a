"""What it would do to hand whole cases to another mission, for each of them; nothing happens."""

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consular.accounts.models import Role, User
from consular.appointments import calendars, inviting
from consular.appointments.models import State
from consular.cases import companions
from consular.cases.models import Case
from consular.casework import letter_facts, relocating, waiting
from consular.casework.relocating import Seen
from consular.core import clock
from consular.core.wording import listed
from consular.decisions import approval
from consular.missions.models import Mission
from consular.missions.postings import Duties, duties, is_manned
from consular.missions.titles import title
from consular.workflow import store
from consular.workflow.graph import Kind
from consular.workflow.models import Token, TokenKind


@dataclass(frozen=True)
class Effect:
    """What would become of one case: `refusal` says why it would stay ("" when it goes), else `lines` what follows."""

    case: Case
    refusal: str
    lines: tuple[str, ...]
    seen: Seen


def preview_handing_over(
    case_ids: Sequence[int], mission_id: int, reason: str, *, actor: User
) -> list[Effect]:
    """What handing these cases to a mission would do now, in the order of the cases."""
    relocating.require_reason(reason)
    mission = Mission.objects.filter(pk=mission_id).first()
    held = duties(actor)
    return [_effect(case, mission, actor, held) for case in relocating.chosen(case_ids, actor)]


def _effect(case: Case, mission: Mission | None, actor: User, held: Duties) -> Effect:
    seen = relocating.seen_now(case)
    refusal = relocating.obstacle(case, mission, held, seen)
    if refusal is not None or mission is None:
        return Effect(case, str(refusal.message) if refusal else "", (), seen)
    lines = [
        *_tasks(case),
        *_deadline(case, mission),
        *_appointment(case, mission),
        *_fee(case, mission),
        *_proposal(case),
        *_others(case, actor, held),
        *_nobody_for(case, mission),
    ]
    return Effect(case, "", tuple(lines), seen)


def _tasks(case: Case) -> list[str]:
    """What is open, who had it, and what stays in an office that the process names."""
    tokens = list(
        Token.objects.filter(instance=case.instance_id, kind=TokenKind.TASK).select_related(
            "assignee", "mission"
        )
    )
    process = store.graph(case.instance.definition) if case.instance else None
    staying = [
        token
        for token in tokens
        if process and process.node(token.node).office and token.mission_id != case.mission_id
    ]
    going = [token for token in tokens if token not in staying]
    lines = []
    if going:
        lines.append(
            ngettext(
                "%(number)d open task goes into the queue there.",
                "%(number)d open tasks go into the queue there.",
                len(going),
            )
            % {"number": len(going)}
        )
    names = sorted({token.assignee.name for token in going if token.assignee})
    if names:
        lines.append(_("Taken from: %(names)s") % {"names": listed(names)})
    lines += [_("One task stays: %(mission)s") % {"mission": title(token.mission)} for token in staying]
    return lines


def _deadline(case: Case, mission: Mission) -> list[str]:
    """The next day that runs: it stays."""
    running = Token.objects.filter(instance=case.instance_id, due_at__gt=clock.now())
    due = running.order_by("due_at").values_list("due_at", flat=True).first()
    if due is None:
        return []
    day = date_format(due.astimezone(ZoneInfo(mission.time_zone)), "SHORT_DATETIME_FORMAT")
    return [_("Deadlines stay. The next one, in local time there: %(day)s") % {"day": day}]


def _appointment(case: Case, mission: Mission) -> list[str]:
    """What becomes of the appointment, of times that are offered, and of waiting for one."""
    lines = []
    now = clock.now()
    comes = relocating.to_be_given_back(case, now)
    there = calendars.of(mission, case.service)
    if comes is not None and comes.state == State.CONFIRMED and case.mission is not None:
        at = date_format(
            comes.slot.starts_at.astimezone(ZoneInfo(case.mission.time_zone)), "SHORT_DATETIME_FORMAT"
        )
        lines.append(_("The appointment is given back, and the applicant is told: %(day)s") % {"day": at})
    elif comes is not None:
        lines.append(_("A time that is just kept for the applicant is let go."))
    if inviting.stands(case.pk, now):
        lines.append(_("The times that were offered are let go."))
    entry = waiting.of(case.pk)
    if entry is not None:
        goes = entry.people == 1 and waiting.has_list(there)
        lines.append(
            _("The place on the waiting list goes along, with its rank.")
            if goes
            else _("The place on the waiting list rests: the applicant has to join the list there.")
        )
    if (comes is not None or entry is not None) and there is None:
        lines.append(_("That mission gives no appointments for this service in this system."))
    return lines


def _fee(case: Case, mission: Mission) -> list[str]:
    """Whether it is settled, and in which money it is taken there otherwise."""
    if "fees" not in case.folder.tables:
        return []
    if letter_facts.about_now(case, "L03"):
        return [_("The fee is settled, and is not taken again.")]
    if case.mission is not None and case.mission.currency != mission.currency:
        return [_("The fee is not settled yet. It is taken in the money of that mission: %(currency)s") % {
            "currency": mission.currency
        }]  # fmt: skip
    return []


def _proposal(case: Case) -> list[str]:
    if approval.open_proposal(case) is None:
        return []
    return [_("A decision is proposed. Somebody there approves it, or sends it back.")]


def _others(case: Case, actor: User, held: Duties) -> list[str]:
    """Those who apply together and stay here, unless they are handed over as well."""
    others = companions.of(case, actor, held)
    number = sum(other.mission_id == case.mission_id for other in others.seen)
    if not number:
        return []
    sentence = ngettext(
        "%(number)d other person of the family or group has a case here. Choose it as well, or it stays.",
        "%(number)d other people of the family or group have cases here. Choose them as well, or they stay.",
        number,
    )
    return [sentence % {"number": number}]


def _nobody_for(case: Case, mission: Mission) -> list[str]:
    """The roles that the process wants later, and that nobody has there today."""
    if case.instance is None:
        return []
    nodes = store.graph(case.instance.definition).nodes.values()
    lanes = {node.lane for node in nodes if node.kind is Kind.USER and node.office is None}
    missing = sorted(str(Role(lane).label) for lane in lanes if not is_manned(mission, lane))
    if not missing:
        return []
    return [_("Nobody there has these roles today: %(roles)s") % {"roles": listed(missing)}]
