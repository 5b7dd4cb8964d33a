"""A whole case goes to another mission: the wrong one was chosen, one is closed or evacuated, or has too much to do.

By a step of its process, or by a head of section for one case or many; what comes of it is the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from consular.accounts.models import Kind, Role, User
from consular.appointments import booking, inviting
from consular.appointments.invitations import Ended
from consular.appointments.models import Booking, State
from consular.cases import lookup
from consular.cases.models import Audience, Batch, BatchItem, Case, Event, Phase
from consular.cases.worklists import Act
from consular.casework import appointments, correspondence, elsewhere, record
from consular.casework import waiting as waiting_list
from consular.casework.counter import Reason
from consular.casework.officer import locked
from consular.casework.verb import verb
from consular.core import clock, jobs
from consular.core.errors import Refused
from consular.decisions import issuing, second_looks
from consular.missions.models import Mission
from consular.missions.postings import Duties, duties, is_manned
from consular.notifications import outbox
from consular.workflow import store
from consular.workflow.models import Token, TokenKind

MOST = 100
"""Cases that are handed over at once."""

MERELY_READ = ("document_opened",)
"""What an officer may have done with a case without having gone on with it."""


@dataclass(frozen=True)
class Seen:
    """A case as the preview showed it: where it was, and the appointment that would be given back ("" for none)."""

    mission_id: int | None
    appointment: str


@dataclass(frozen=True)
class HandingOver:
    """To which mission cases go, why, and what the preview said of each, by its number."""

    mission_id: int
    reason: str
    seen: Mapping[int, Seen]


def relocate(case: Case, mission: Mission, *, key: str, actor: User | None, at: datetime) -> None:
    """Move a case that is locked, with its open tasks and deadlines, and tell its applicant by letter and mail.

    Its appointment is given back, and times that were offered for it are let go: they are those of the mission before.
    """
    before = case.mission
    assert before is not None  # noqa: S101  a case that was sent has a mission
    facts: dict[str, Any] = {"mission": mission.code, "before": before.code}
    gone = _give_back(case, actor, at)
    if gone is not None:
        facts["appointment"] = gone.slot.starts_at.astimezone(ZoneInfo(before.time_zone)).isoformat()
    record.event(case, "transferred", actor=actor, at=at, **facts)
    case.mission = mission
    case.save(update_fields=["mission"])
    waiting_list.follow(case, mission)
    second_looks.follow(case)
    elsewhere.follow(case, before)
    if case.instance_id is not None:
        store.move(case.instance_id, mission)
    lookup.move(case)
    letter = issuing.issue(case, "L12", key=f"transfer:{key}", folder=case.folder)
    record.letter(case, letter, "transferred", key=f"transferred:{key}", at=at)


@verb
def begin_handing_over(case_ids: Sequence[int], how: HandingOver, *, language: str, actor: User) -> Batch:
    """Hand whole cases to another mission; the worker does it, one case after the other."""
    require_reason(how.reason)
    ids = [case.pk for case in chosen(case_ids, actor)]
    seen = {str(pk): [found.mission_id, found.appointment] for pk, found in how.seen.items()}
    facts = {"mission": how.mission_id, "reason": how.reason, "seen": seen}
    return _begin(Act.TRANSFER, ids, facts, language=language, actor=actor)


@verb
def begin_bringing_back(batch_id: int, *, language: str, actor: User) -> Batch:
    """Undo the handing over of many cases as far as nobody has gone on with them; for who has done it."""
    done = BatchItem.objects.filter(
        batch=batch_id, batch__by=actor, batch__act=Act.TRANSFER, state=BatchItem.State.DONE
    )
    ids = list(done.order_by("position").values_list("case", flat=True))
    return _begin(Act.BRING_BACK, ids, {}, language=language, actor=actor)


def chosen(case_ids: Sequence[int], actor: User) -> list[Case]:
    """The cases among these that the officer may see, in the given order, up to the most there may be."""
    wanted = list(dict.fromkeys(case_ids))[:MOST]
    rows = Case.objects.visible_to(actor).filter(pk__in=wanted).select_related("mission", "owner", "answers")
    found = {case.pk: case for case in rows}
    return [found[pk] for pk in wanted if pk in found]


@verb
def hand_case_over(reference: str, mission_id: int, *, reason: str, seen: Seen, actor: User) -> None:
    """Hand a whole case to another mission, with a reason that stays in it.

    For heads of section of its mission. Refused as `obstacle` says.
    """
    case = locked(reference, actor)
    mission = Mission.objects.filter(pk=mission_id).first()
    require_reason(reason)
    refusal = obstacle(case, mission, duties(actor), seen)
    if refusal is not None or mission is None:
        raise refusal or _no_mission()
    correspondence.send(case, reason, audience=Audience.INTERNAL, actor=actor)
    relocate(case, mission, key=_key(case), actor=actor, at=clock.now())


@verb
def bring_back(case_id: int, *, actor: User) -> None:
    """Undo that this officer has handed a case over, as long as nobody has gone on with it.

    An appointment that was given back is not booked again.
    """
    case = Case.objects.select_for_update(of=("self",)).select_related("owner", "mission").get(pk=case_id)
    correspondence.require_another(case, actor)
    moved = case.events.filter(kind="transferred").order_by("-id").first()
    former = Mission.objects.filter(code=moved.data["before"]).first() if moved else None
    if (
        moved is None
        or former is None
        or moved.actor_id != actor.pk
        or not may_hand_over(former.pk, duties(actor))
    ):
        raise Refused(
            _("There is no such case, or it was not you who handed it over."), code="not_found", status=404
        )
    if case.phase == Phase.CLOSED or _has_gone_on(case, moved):
        raise Refused(
            _(
                "Somebody has gone on with this case. A head of section of the other mission can hand it back."
            ),
            code="gone_on",
        )
    _require_still(case)
    relocate(case, former, key=_key(case), actor=actor, at=clock.now())


def may_hand_over(mission_id: int | None, held: Duties) -> bool:
    """Whether somebody with these duties hands over whole cases of a mission."""
    return held.has(Role.HEAD_OF_SECTION, mission_id)


def obstacle(case: Case, mission: Mission | None, held: Duties, seen: Seen) -> Refused | None:
    """Why a case cannot go to a mission at this moment; None where it can."""
    if not may_hand_over(case.mission_id, held):
        return Refused(
            _("Only a head of section of the case's mission can hand it to another one."),
            code="forbidden",
            status=403,
        )
    if case.phase == Phase.CLOSED:
        return Refused(_("This case is closed, and stays where it is."), code="closed")
    if mission is None or mission.pk == case.mission_id:
        return _no_mission()
    if seen != seen_now(case):
        return Refused(
            _("Something has changed since you looked at what this does. Look at it again."), code="changed"
        )
    if not _is_still(case):
        return _busy()
    missing = [lane for lane in lanes_of_tasks(case) if not is_manned(mission, lane)]
    if missing:
        return Refused(
            _("Nobody there has the role that goes on with this case: %(role)s. Choose another mission.")
            % {"role": Role(missing[0]).label},
            code="nobody_there",
            field="mission",
        )
    return None


def seen_now(case: Case) -> Seen:
    """What a preview says of a case that would not be true any more where it changes."""
    comes = to_be_given_back(case, clock.now())
    return Seen(case.mission_id, f"{comes.reference}:{comes.sequence}" if comes else "")


def to_be_given_back(case: Case, now: datetime) -> Booking | None:
    """The place that a case has or holds, unless its time has begun."""
    current = booking.current(case.pk, now=now)
    return current if current is not None and current.slot.starts_at > now else None


def lanes_of_tasks(case: Case) -> list[str]:
    """Whose turn it will be there: the roles of the open tasks that lie at the case's mission or were lent by it."""
    process = store.graph(case.instance.definition) if case.instance else None
    tokens = Token.objects.filter(instance=case.instance_id, kind=TokenKind.TASK)
    going = [
        token.lane
        for token in tokens.order_by("id")
        if process is None or process.node(token.node).office is None or token.mission_id == case.mission_id
    ]
    return list(dict.fromkeys(going)) or [Role.CASEWORKER.value]


def require_reason(reason: str) -> None:
    """Refused without one."""
    if not reason.strip():
        raise Refused(
            _("Give a reason. It is kept with the case."), code="no_reason", field="reason", status=422
        )


def _give_back(case: Case, actor: User | None, now: datetime) -> Booking | None:
    """Give back the place that the case has, or holds; the appointment, if it was one."""
    inviting.end(inviting.current(case.pk), Ended.REPLACED, now=now)
    current = to_be_given_back(case, now)
    if current is None:
        return None
    gone = booking.cancel(current.reference, now=now)
    if current.state != State.CONFIRMED:
        return None
    appointments.recorded("appointment_cancelled", case, gone, actor, now, reason=Reason.PASSED_ON.value)
    appointments.tell_process(case, booked=False, actor=actor, now=now)
    if case.owner is not None:
        key = f"appointment_cancelled:{gone.reference}:{gone.sequence}"
        outbox.promise("appointment_cancelled", to=case.owner, case=case, key=key)
    return gone


def _begin(act: Act, cases: Sequence[int], facts: dict[str, Any], *, language: str, actor: User) -> Batch:
    if not cases:
        raise Refused(_("Choose at least one case."), code="nothing", field="chosen", status=422)
    batch = Batch.objects.create(by=actor, act=act, facts=facts, language=language, begun_at=clock.now())
    BatchItem.objects.bulk_create(
        BatchItem(batch=batch, position=at, case_id=case) for at, case in enumerate(cases)
    )
    jobs.promise("casework.batch", key=f"batch:{batch.pk}:0", payload={"batch": batch.pk, "from": 0})
    return batch


def _has_gone_on(case: Case, moved: Event) -> bool:
    """Whether an official has done anything with a case since it came here, or its process has moved on."""
    since = case.events.filter(pk__gt=moved.pk)
    if since.filter(kind__in=("completed", "proposed", "approved", "transferred")).exists():
        return True
    return since.filter(actor__kind=Kind.STAFF).exclude(kind__in=MERELY_READ).exists()


def _key(case: Case) -> str:
    """The same for one handing over, another for the next; the case is locked."""
    return f"{case.reference}:{case.events.filter(kind='transferred').count()}"


def _is_still(case: Case) -> bool:
    """Whether no step of the service runs for the case: a letter that is being made is one of its mission."""
    return not Token.objects.filter(instance=case.instance_id, kind=TokenKind.SERVICE).exists()


def _require_still(case: Case) -> None:
    if not _is_still(case):
        raise _busy()


def _busy() -> Refused:
    return Refused(
        _("A letter, or another step that the service does by itself, is under way. Try again in a minute."),
        code="busy",
    )


def _no_mission() -> Refused:
    return Refused(_("Choose another mission."), code="no_mission", field="mission", status=422)
