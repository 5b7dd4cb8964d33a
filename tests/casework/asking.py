"""Cases that consult partners, on two small processes: one that takes silence as consent, one that wants an answer."""

import secrets
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import transaction

from consular import casework
from consular.accounts.models import ApiToken, Role, User
from consular.cases.consultations import (
    Consultation,
    ConsultationAnswer,
    Partner,
    PartnerMember,
    readers,
)
from consular.cases.models import Case
from consular.casework import record
from consular.casework.consultations import ENTERS as ENTERS
from consular.casework.consultations import Given
from consular.core import clock, jobs, references
from consular.workflow import store
from consular.workflow.models import Instance
from tests import factories
from tests.workflow import bpmn

MESSAGE = (
    '<message id="m_partner" name="partner.answered"><extensionElements>'
    '<zeebe:subscription correlationKey="=partner.id"/></extensionElements></message>'
)
ASKED = ("begun", "ask", "await")
SILENCE = '=duration("P" + string(partner.days) + "D")'
EACH = bpmn.each("=partners", "partner", "=answer", "answers")

BRIEF = bpmn.process(
    bpmn.start(),
    bpmn.sub(
        "consult",
        bpmn.start("begun"),
        bpmn.service("ask", type="casework.consult"),
        bpmn.race("await"),
        bpmn.message("answered", "m_partner"),
        bpmn.timer("silent", SILENCE, ends="day"),
        bpmn.service("record", type="casework.deem"),
        bpmn.end("over"),
        bpmn.path(*ASKED, "answered", "over"),
        bpmn.path("await", "silent", "record", "over"),
        EACH,
    ),
    bpmn.user("examine"),
    bpmn.end(),
    bpmn.path("start", "consult", "examine", "end"),
    top=MESSAGE,
)
"""Prior consultation as the Visa Code has it (art. 22): every answer ends the round, silence is consent."""

PATIENT = bpmn.process(
    bpmn.start(),
    bpmn.sub(
        "consult",
        bpmn.start("begun"),
        bpmn.service("ask", type="casework.consult"),
        bpmn.race("await"),
        bpmn.message("answered", "m_partner"),
        bpmn.timer("silent", SILENCE, ends="day"),
        bpmn.exclusive("is_final", "is_final-over"),
        bpmn.message("heard", "m_partner"),
        bpmn.end("over"),
        bpmn.path(*ASKED, "answered", "is_final", "over"),
        bpmn.path("await", "silent", "ask"),
        bpmn.flow("is_final", "heard", '=answer = "more_time" or answer = "more_data"'),
        bpmn.flow("heard", "is_final"),
        EACH,
    ),
    bpmn.user("examine"),
    bpmn.end(),
    bpmn.path("start", "consult", "examine", "end"),
    top=MESSAGE,
)
"""A partner that must answer: it is reminded for ever, and more time stops the reminders."""

THOROUGH = bpmn.process(
    bpmn.start(),
    bpmn.sub(
        "consult",
        bpmn.start("begun"),
        bpmn.service("ask", type="casework.consult"),
        bpmn.message("answered", "m_partner"),
        bpmn.exclusive("is_final", "is_final-over"),
        bpmn.user("supply"),
        bpmn.end("over"),
        bpmn.path("begun", "ask", "answered", "is_final", "over"),
        bpmn.flow("is_final", "supply", '=answer = "more_data"'),
        bpmn.flow("supply", "ask"),
        EACH,
    ),
    bpmn.user("examine"),
    bpmn.end(),
    bpmn.path("start", "consult", "examine", "end"),
    top=MESSAGE,
)
"""A partner that is given what it misses and asked again."""

SECURITY = {"id": "security", "name": "Security authority", "days": 7, "silence": "consent"}
FOREIGNERS = {"id": "foreigners", "name": "Foreigners authority", "days": 28, "silence": "none"}


def consulting(
    *partners: dict[str, Any], process: bytes = BRIEF, ask: bool = True, read: bool = True
) -> Case:
    """A case that has asked these partners; unless `read` is said to be false, somebody reads it at each of them."""
    case = factories.sent_case()
    if read:
        be_read(*(partner["id"] for partner in partners))
    with transaction.atomic():
        definition = store.publish(f"p{case.pk}", 1, process)
        step = store.start(
            definition, mission=case.mission, variables={"partners": list(partners)}, now=clock.now()
        )
        case.instance = step.instance
        case.save()
        record.advance(case, step, actor=None, at=clock.now())
    if ask:
        jobs.work()
    return case


def answered(case: Case, **answer: Any) -> Consultation:
    """A consultation of any case that was answered, without a process that asked."""
    now = clock.now()
    asked = {name: answer.pop(name) for name in ("partner", "name", "token") if name in answer}
    values = {"partner": "central", "name": "Central authorities", "token": 1, "silence": "consent", **asked}
    row = case.consultations.create(
        reference=references.issue(), asked_at=now, due_at=now, closed_at=now, **values
    )
    row.answers.create(**{"answer": "objection", "at": now, "by": factories.applicant(), **answer})
    return row


def member(code: str, *, user: User | None = None, **dates: Any) -> User:
    """An account that may answer for a partner, and whose system has a key."""
    partner, _ = Partner.objects.get_or_create(code=code, defaults={"name": code, "kind": "security"})
    user = user or factories.applicant()
    PartnerMember.objects.create(partner=partner, user=user, **{"starts_on": "2020-01-01", **dates})
    key(user)
    return user


def key(user: User, **facts: Any) -> ApiToken:
    """A key by which the system of an account reads; nobody knows it."""
    name = secrets.token_hex(16)
    ever = {"created_at": datetime(2020, 1, 1, tzinfo=UTC), "expires_on": date(2099, 1, 1)}
    return ApiToken.objects.create(user=user, name=name, digest=name.encode(), **(ever | facts))


def be_read(*partners: str) -> None:
    """Somebody at each of these partners can read what it is asked."""
    for partner in partners:
        if not readers(partner, clock.now()).exists():
            member(partner)


def caseworker(case: Case) -> User:
    """An officer who may enter answers."""
    return factories.official(Role.CASEWORKER, mission=case.mission)


def asked(case: Case, partner: str = "security") -> Consultation:
    """The consultation of a partner as it is now."""
    return Consultation.objects.filter(case=case, partner=partner).latest("pk")


def reply(
    case: Case, answer: str, actor: User, *, partner: str = "security", **more: str
) -> ConsultationAnswer:
    """Somebody answers for a partner."""
    return casework.answer(asked(case, partner).reference, Given(answer, **more), actor=actor)


def given(case: Case, partner: str = "security") -> list[tuple[str, bool, bool]]:
    """What was answered: answer, deemed, late."""
    rows = ConsultationAnswer.objects.filter(consultation__case=case, consultation__partner=partner)
    return list(rows.order_by("pk").values_list("answer", "is_deemed", "is_late"))


def nodes(case: Case) -> list[str]:
    """Where the process waits, without the places that only hold others."""
    tokens = Instance.objects.get(pk=case.instance_id).tokens.exclude(kind="scope")
    return sorted(tokens.values_list("node", flat=True))


def told(case: Case) -> list[str]:
    """What the case's history says of consultations."""
    words = (
        "consulted", "reminded", "answered", "answered_late", "deemed", "unanswered", "answer_refused",
        "unreached", "remind_by_hand", "sent_otherwise", "redirected",
    )  # fmt: skip
    return list(case.events.filter(kind__in=words).order_by("pk").values_list("kind", flat=True))


def variables(case: Case) -> dict[str, Any]:
    """The routing variables."""
    return Instance.objects.get(pk=case.instance_id).variables


def late() -> datetime:
    """When every silence has counted."""
    return datetime.now(UTC) + timedelta(days=60)
