"""Jobs that end in a business error: the process goes on from what catches it, or the case stays where it was."""

from contextlib import nullcontext
from types import SimpleNamespace

import pytest

from consular.cases import history
from consular.cases.models import Case, Event
from consular.casework import failing, record, worker
from consular.casework.failing import BusinessError
from consular.core import clock, jobs
from consular.core.models import Job
from consular.notifications.models import Notification
from consular.workflow import store
from consular.workflow.models import Token
from tests import factories
from tests.workflow import bpmn
from tests.workflow.bpmn import path

pytestmark = pytest.mark.django_db

NO_RECEIVER = '<error id="e_none" errorCode="NO_RECEIVER"/>'
MOVES = (
    bpmn.start(),
    bpmn.service("transfer", type="casework.transfer"),
    bpmn.end(),
    path("start", "transfer", "end"),
)
CAUGHT = bpmn.process(
    *MOVES, bpmn.on_error("bounced", "transfer", "e_none"), bpmn.user("check"),
    path("bounced", "check", "transfer"), top=NO_RECEIVER,
)  # fmt: skip
UNCAUGHT = bpmn.process(*MOVES)


def transferring(to: str, xml: bytes = CAUGHT) -> Case:
    """A case whose process has just come to the step that moves it to a mission."""
    mission, now = factories.mission("HERE"), clock.now()
    definition = store.publish(f"moves{len(xml)}", 1, xml)
    begun = store.start(definition, mission=mission, variables={"mission": to}, now=now)
    case = factories.sent_case(mission=mission, instance=begun.instance)
    record.advance(case, begun, actor=None, at=now)
    return case


def at(case: Case) -> list[str]:
    """Where the process of a case is."""
    return list(Token.objects.filter(instance=case.instance_id).values_list("node", flat=True))


@pytest.mark.parametrize("to", ["NOWHERE", "HERE", "EMPTY"])
def test_a_case_that_no_mission_takes_comes_back_at_once_and_stays(to: str) -> None:
    factories.mission("EMPTY")
    case = transferring(to)

    jobs.work()

    job, case = Job.objects.get(name="casework.transfer"), Case.objects.get(pk=case.pk)
    assert (at(case), case.mission.code) == (["check"], "HERE")
    assert (job.attempts, job.error, job.done_at is not None) == (1, "", True)
    failed = Event.objects.get(case=case, kind="failed")
    assert (failed.node, failed.data["code"]) == ("transfer", "NO_RECEIVER")
    assert str(history.REASONS["NO_RECEIVER"]) in [entry.what for entry in history.for_officers(case)]
    assert not Notification.objects.filter(case=case).exists()
    before = case.events.count()
    worker.transfer(job.payload)
    assert case.events.count() == before


def test_every_error_is_told_in_words() -> None:
    assert set(history.REASONS) == set().union(*failing.ERRORS.values())


def test_a_business_error_that_nothing_catches_goes_the_way_of_every_fault_and_the_case_stays() -> None:
    case = transferring("NOWHERE", UNCAUGHT)

    jobs.work()
    Job.objects.update(attempts=jobs.ATTEMPTS - 1, run_at=clock.now())
    jobs.work()

    job = Job.objects.get(name="casework.transfer")
    assert (job.error, job.dead_at is not None, job.done_at) == ("Refused", True, None)
    assert at(case) == ["transfer"]
    assert not Event.objects.filter(case=case, kind__in=("failed", "uncaught", "ended")).exists()


def flags(case: Case, code: str) -> int:
    """How many flags the case has when a step has set one and then found that it cannot go on."""
    token = Token.objects.select_related("instance__definition").get(instance=case.instance_id)
    with failing.caught(case, token):
        record.event(case, "flag_set", actor=None, at=clock.now())
        raise BusinessError(code)
    return Event.objects.filter(case=case, kind="flag_set").count()


def test_what_the_step_had_done_is_undone() -> None:
    case = transferring("NOWHERE")

    assert flags(case, "NO_RECEIVER") == 0
    assert at(case) == ["check"]


def test_without_its_savepoint_half_a_step_would_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    case = transferring("NOWHERE")
    monkeypatch.setattr(failing, "transaction", SimpleNamespace(atomic=nullcontext))

    assert flags(case, "NO_RECEIVER") == 1


def test_an_error_the_job_does_not_name_is_a_fault() -> None:
    case = transferring("NOWHERE")

    with pytest.raises(BusinessError):
        flags(case, "OTHER")

    assert at(case) == ["transfer"]
