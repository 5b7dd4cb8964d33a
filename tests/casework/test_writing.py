"""A process writes the letters that its service steps name: once, whole, and from what officers entered."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils.formats import date_format

from consular import casework
from consular.accounts.models import Role
from consular.cases.models import Case, Event, Phase, TaskEntry
from consular.casework import record, worker
from consular.core import clock, jobs
from consular.core.models import Job
from consular.decisions import keys, verification
from consular.decisions.models import Kind, Letter
from consular.notifications.models import Notification
from consular.workflow import store
from consular.workflow.models import Token
from tests import factories, stages
from tests.workflow import bpmn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("missions")]

ENTERED: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "L05": [("admissibility", {"admissibility": "not_competent", "state": "FRA"})],
    "L06": [("admissibility", {"admissibility": "inadmissible", "missing": ["fee"]})],
    "L07": [("lodging", {}), ("extension", {"extended": True, "extension_category": "consultation"})],
}


def process(letter: str) -> bytes:
    """Write this letter, then have somebody see to the rest."""
    step = '<zeebe:taskDefinition type="casework.write"/>' + bpmn.properties(letter=letter)
    return bpmn.process(
        bpmn.start(),
        bpmn.element("serviceTask", "write", "", step),
        bpmn.user("refund"),
        bpmn.end(),
        bpmn.path("start", "write", "refund", "end"),
    )


def due(letter: str, *, entered: bool = True) -> Case:
    """A case whose process has come to the step that writes the letter."""
    keys.make_local()
    case = factories.sent_case(language="ar")
    officer = factories.official(Role.CASEWORKER, mission=case.mission)
    for form, entries in ENTERED[letter] if entered else []:
        TaskEntry.objects.create(case=case, form=form, by=officer, at=clock.now(), entries=entries)
    with transaction.atomic():
        definition = store.publish(f"p{case.pk}", 1, process(letter))
        step = store.start(definition, mission=case.mission, variables={}, now=clock.now())
        case.instance = step.instance
        case.save()
        record.advance(case, step, actor=None, at=clock.now())
    return case


def waits_at(case: Case) -> list[str]:
    return list(Token.objects.filter(instance=case.instance_id).values_list("node", flat=True))


@pytest.mark.parametrize("kind", ENTERED)
def test_the_letter_is_issued_told_and_the_process_goes_on(kind: str) -> None:
    case = due(kind)

    jobs.work()

    letter = Letter.objects.get(case=case)
    assert (letter.kind, letter.languages, letter.decision) == (kind, ["ar", "de"], None)
    assert verification.check_file(bytes(letter.content)).is_valid
    assert verification.look_up(letter.code).name == Kind(kind).label
    assert Event.objects.get(case=case, kind="letter_issued").data["letter_kind"] == kind
    assert Notification.objects.get(case=case, kind="letter").to == case.owner
    assert waits_at(case) == ["refund"]


def test_a_second_run_finds_the_step_done_and_writes_nothing() -> None:
    case = due("L06")
    payload = Job.objects.get(name="casework.write").payload

    worker.write(payload)
    worker.write(payload)

    assert Letter.objects.filter(case=case).count() == 1
    assert waits_at(case) == ["refund"]


def test_without_its_facts_no_letter_is_written_and_the_step_stays_open() -> None:
    case = due("L06", entered=False)

    jobs.work()

    assert not Letter.objects.exists()
    assert not Notification.objects.filter(kind="letter").exists()
    assert waits_at(case) == ["write"]
    assert Job.objects.get(name="casework.write").done_at is None


def lodged(post: stages.Post) -> Case:
    """A case that was taken in and lies before the caseworker."""
    case = stages.sent()
    stages.do(case, post.clerk, complete=True)
    stages.booked(case)
    return stages.do(case, post.clerk, **stages.LODGING)


@pytest.mark.parametrize(
    ("kind", "entries", "outcome"),
    [
        ("L05", {"admissibility": "not_competent", "state": "FRA"}, "not_competent"),
        ("L06", {"admissibility": "inadmissible", "missing": ["biometrics", "fee"]}, "inadmissible"),
    ],
)
def test_a_schengen_case_that_cannot_be_examined_is_told_refunded_and_closed(
    kind: str, entries: dict[str, Any], outcome: str
) -> None:
    post = stages.ministry()
    case = lodged(post)

    stages.do(case, post.caseworker, **entries)
    jobs.work()
    second = factories.official(Role.INTAKE_CLERK, mission=post.mission)
    closed = stages.do(case, second, refunded="refunded", returned=["papers", "biometrics"])

    assert Letter.objects.exclude(kind__in=["L01", "L03"]).get(case=case).kind == kind
    assert (closed.phase, closed.outcome) == (Phase.CLOSED, outcome)


def test_an_extension_names_the_day_on_which_the_last_deadline_of_the_process_ends() -> None:
    post = stages.ministry()
    case = lodged(post)
    last_day = Token.objects.get(instance=case.instance_id, node="last_day")

    with clock.at(clock.now() + timedelta(days=17)):
        worker.wake()
        token = Token.objects.get(instance=case.instance_id, node="extend")
        reasons = {"extension_category": "scrutiny", "extension_reason": "The employer is unknown."}
        casework.complete(case.reference, token.pk, {"extended": True, **reasons}, actor=post.decider)
        jobs.work()

    letter = Letter.objects.get(case=case, kind="L07")
    assert letter.values["versions"][0]["body"]["last_day"] == date_format(last_day.due_on)
    assert "employer" not in str(letter.values)
