"""A step and what is told of it are one statement: either both are written or neither is."""

import pytest
from django.db.models import F

from consular import casework
from consular.cases import events
from consular.cases.models import Case, Event
from consular.casework import record
from consular.core import clock
from consular.core.errors import Refused
from consular.missions.postings import duties
from consular.workflow import store
from consular.workflow.models import Instance
from tests import stages
from tests.harm import alter

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("missions")]


@pytest.fixture
def case() -> Case:
    stages.ministry()
    found = stages.sent()
    stages.booked(found)
    return found


def losing_its_process(case: Case) -> None:
    """A step that is written after somebody else has moved the process, without any lock."""
    officer, now = stages.ministry().clerk, clock.now()
    task = store.open_task(stages.open_task(case).pk, telling=record.telling(case, actor=officer, at=now))
    Instance.objects.filter(pk=case.instance_id).update(revision=F("revision") + 1)
    with pytest.raises(Refused) as refused:
        store.complete_open(task, by=officer, held=duties(officer), variables={"complete": True}, now=now)
    assert refused.value.code == "changed"


def test_of_a_step_that_lost_its_process_nothing_is_told(case: Case) -> None:
    before = (Event.objects.count(), Case.objects.get(pk=case.pk).changed_at)

    losing_its_process(case)

    assert (Event.objects.count(), Case.objects.get(pk=case.pk).changed_at) == before


def test_if_the_history_did_not_hang_on_the_process_it_would_tell_what_never_was(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control."""
    alter(monkeypatch, events, "_TOLD", ("FROM moved, ROWS", "FROM ROWS"), ("FROM moved WHERE", "WHERE"))
    before = Event.objects.count()

    losing_its_process(case)

    assert Event.objects.count() > before
    assert Event.objects.latest("pk").kind == "entered"


def test_a_step_that_is_told_already_is_not_told_twice(case: Case) -> None:
    before = Event.objects.filter(kind="completed").count()

    casework.complete(
        case.reference, stages.open_task(case).pk, {"complete": True}, actor=stages.ministry().clerk
    )

    assert Event.objects.filter(kind="completed").count() == before + 1
