"""The process of every service, walked to its letters: what officers enter, what the worker prints and signs."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from consular.accounts.models import Role, User
from consular.cases.models import Case, Event, TaskEntry
from consular.casework import record, steps
from consular.core import clock, jobs
from consular.decisions import issuing, keys, verification
from consular.decisions.issuing import About
from consular.decisions.models import Decision, Letter, Supersession
from consular.decisions.source import local_day
from consular.decisions.verification import Status
from consular.workflow import store
from consular.workflow.models import Token, TokenKind
from consular.workflow.publishing import Release, release
from consular.workflow.state import Deliver
from tests import factories
from tests.casework import asking
from tests.decisions import letters

pytestmark = pytest.mark.django_db

ROLES = (Role.INTAKE_CLERK, Role.CASEWORKER, Role.DECIDER, Role.HEAD_OF_SECTION)
MOST_STEPS = 25
FORM = """
title = "{service}"
service_group = "passport"

[[pages]]
id = "you"
title = "You"

[[pages.questions]]
id = "surname"
kind = "text"
label = "Surname"
"""
"""As much of a form as a case needs; the tasks are done past it."""

Entries = Mapping[str, Mapping[str, Any]]
YES = {"approved": True}


@dataclass(frozen=True)
class Way:
    """A case of a service with these routing variables, and what is entered at its tasks, until the letter is there."""

    service: str
    letter: str
    entries: Entries
    variables: Mapping[str, object] = field(default_factory=dict)
    languages: tuple[str, ...] = ("de", "fr")
    outcome: str = ""


REASONS = {"facts": "Siehe Akte.", "reasons": "Die Voraussetzungen fehlen."}
NATIONAL_REFUSAL = {"recommendation": "refuse", "grounds": ["1", "9"], **REASONS}
NATIONAL_GRANT = {
    "recommendation": "grant", "valid_from": "2026-07-01", "valid_until": "2026-12-31", "entries": "multiple",
    "conditions": "Sprachkurs in Bonn",
}  # fmt: skip
CHECKED = {"apply": {"lives_in_district": True}}
RESTRICTION = {
    "recommendation": "restrict",
    "grounds": ["5"],
    "conditions": "Gültig bis 1. Mai 2027",
    **REASONS,
}
ANNULMENT = {"recommendation": "annul", "grounds": ["1"], "visa_number": "D1234567"}
ACCUSED = {"establish_facts": {"kind": "annul", "grounds": ["1"], "visa_number": "D1234567"}}

WAYS = [
    Way("national_visa", "L09", {"precheck": {"complete": True}, "examine": NATIONAL_REFUSAL, "decide": YES},
        {"category": "D_LANG", "booked": True}, outcome="refused"),
    Way("national_visa", "L10", {"precheck": {"complete": True}, "examine": NATIONAL_GRANT, "decide": YES},
        {"category": "D_LANG", "booked": True}, ("fr",), "granted"),
    Way("passport", "L15", {**CHECKED, "propose": {"recommendation": "refuse", "grounds": ["2"], **REASONS},
                            "approve_refusal": YES}, {"booked": True, "document": "EPASS"}, ("de",), "refused"),
    Way("passport", "L15", {**CHECKED, "propose": RESTRICTION, "approve_refusal": YES},
        {"booked": True, "document": "EPASS"}, ("de",), "restricted"),
    Way("passport", "L14.ready", {**CHECKED, "propose": {"recommendation": "issue"}, "approve": YES},
        {"booked": True, "document": "PROV"}, ("fr",), "issued"),
    Way("passport", "L14.loss", {"apply": {"lives_in_district": True, "lost": True},
                                 "block_lost": {"lost_document": "EPASS", "lost_on": "2026-03-30"}},
        {"booked": True, "document": "EPASS"}, ("fr", "de")),
    Way("passport", "L05.passport", {"apply": {"lives_elsewhere": True}}, {"booked": True}, ("fr", "de")),
    Way("emergency_travel_document", "L15.travel_document",
        {"check_identity": {"established": True}, "propose_refusal": {"grounds": ["17"], **REASONS},
         "approve_refusal": YES}, {"nationality": "USA", "returns_home": True}, outcome="refused"),
    Way("annulment", "L04.hearing", ACCUSED, languages=("fr", "de")),
]  # fmt: skip


@pytest.fixture(autouse=True)
def _offered(tmp_path: Path, settings: Any) -> None:
    """All services with a form, so that they can have cases."""
    home = tmp_path / "forms"
    shutil.copytree(settings.FORMS_DIR, home)
    for folder in home.glob("*/v1"):
        if not (folder / "form.toml").exists():
            (folder / "form.toml").write_text(FORM.format(service=folder.parent.name))
    settings.FORMS_DIR = home
    keys.make_local()


def begun(service: str, variables: Mapping[str, object], settings: Any, **fields: Any) -> Case:
    """A case of this service that was sent, in French."""
    folder = settings.FORMS_DIR / service / "v1"
    tables = {file.name: file.read_bytes() for file in folder.glob("*.dmn")}
    sent_at = datetime(2026, 5, 1, tzinfo=UTC)
    case = factories.sent_case(service=service, language="fr", submitted_at=sent_at, **fields)
    with transaction.atomic():
        process = release(Release(service, 1, (folder / "process.bpmn").read_bytes(), tables=tables))
        step = store.start(process, mission=case.mission, variables=dict(variables), now=clock.now())
        case.instance = step.instance
        case.save()
        record.advance(case, step, actor=None, at=clock.now())
    return case


def do(case: Case, token: Token, entries: Mapping[str, Any]) -> User:
    """Another officer each time completes a task: what casework.complete does, without a form."""
    officer, now = factories.official(*ROLES, mission=token.mission), clock.now()
    Token.objects.filter(pk=token.pk).update(assignee=officer)  # as the queue hands it out
    node = store.graph(token.instance.definition).node(token.node)
    with transaction.atomic():
        TaskEntry.objects.create(case=case, form=node.form, by=officer, at=now, entries=dict(entries))
        steps.run(node.step, case, entries, actor=officer)
        step = store.complete(token.pk, by=officer, variables=dict(entries), now=now)
        record.advance(case, step, actor=officer, at=now)
    return officer


def walk(case: Case, entries: Entries, until: str) -> Letter:
    """Work, answer for partners and do the tasks until the letter of this name is there."""
    for _step in range(MOST_STEPS):
        jobs.work()
        found = Letter.objects.filter(case=case, values__name=until).last()
        if found is not None:
            return found
        for partner in case.consultations.filter(closed_at=None).values_list("partner", flat=True):
            asking.reply(case, "consent", asking.member(partner), partner=partner)
        tokens = Token.objects.filter(instance=case.instance_id, kind=TokenKind.TASK)
        for token in tokens.select_related("instance__definition", "mission"):
            do(case, token, entries.get(token.node, {}))
    raise AssertionError(f"{until} never came; open: {asking.nodes(case)}")


@pytest.mark.parametrize("way", WAYS, ids=lambda way: f"{way.service} {way.letter} {way.outcome}")
def test_the_process_of_a_service_leads_to_its_letter(way: Way, settings: Any) -> None:
    case = begun(way.service, way.variables, settings)

    letter = walk(case, way.entries, way.letter)

    assert tuple(letter.languages) == way.languages
    assert verification.check_file(bytes(letter.content)).is_valid
    decision = Decision.objects.filter(case=case).first()
    assert (decision.outcome if decision else "") == way.outcome
    if decision and letter.decision_id:
        assert (letter.decision, decision.state) == (decision, "approved")
        assert decision.approved_person != decision.proposed_person


def test_a_withdrawal_is_confirmed_with_its_day(settings: Any) -> None:
    case = begun("national_visa", {"category": "D_LANG"}, settings)
    case.refresh_from_db()
    with transaction.atomic():
        record.deliver(case, Deliver("applicant.withdrew"), actor=case.owner, at=clock.now())

    letter = walk(case, {}, "L11")

    assert letter.values["versions"][1]["body"]["withdrawn_on"]
    assert letter.languages == ["fr", "de"]


def test_a_hearing_says_the_day_until_which_the_process_waits(settings: Any) -> None:
    case = begun("annulment", {}, settings)

    letter = walk(case, ACCUSED, "L04.hearing")

    timer = Token.objects.get(instance=case.instance_id, node="no_statement")
    assert letter.values["last_day"] == local_day(timer.due_at - timedelta(seconds=1), case).isoformat()


def test_an_annulment_ends_the_letter_of_grant_wherever_it_stands_now(settings: Any) -> None:
    granted = letters.approved(letters.GRANT, factories.sent_case())
    visa = issuing.issue(granted.case, "L10", key="visa", about=About(granted), folder=letters.folder())
    case = begun("annulment", {}, settings, mission=granted.case.mission)
    walk(case, ACCUSED, "L04.hearing")
    with transaction.atomic():
        record.deliver(case, Deliver("applicant.answered"), actor=None, at=clock.now())

    letter = walk(case, {"propose": {**ANNULMENT, "visa_letter": visa.number}, "decide": YES}, "L08")

    end = Supersession.objects.get(letter=visa)
    assert (end.by, end.end, end.actor) == (letter, "annulled", letter.decision.approved_by)
    verdict = verification.check_file(bytes(visa.content))
    assert (verdict.status, verdict.ended_on is not None) == (Status.REVOKED, True)
    assert Event.objects.get(case=granted.case, kind="letter_ended").data["end"] == "annulled"
    assert verification.check_file(bytes(letter.content)).is_valid
