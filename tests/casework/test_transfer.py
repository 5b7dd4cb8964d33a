"""A case goes over to the mission that is competent."""

import pytest

from consular.accounts.models import Role
from consular.cases.models import Case, Event
from consular.casework import worker
from consular.core import jobs
from consular.core.errors import Refused
from consular.core.models import Job
from consular.missions.models import Mission
from consular.notifications.models import Notification
from tests import factories, stages

pytestmark = pytest.mark.django_db


@pytest.fixture
def moved() -> tuple[stages.Post, Case]:
    """A case that was lodged at Mumbai and passed on to New Delhi."""
    post = stages.ministry()
    case = stages.sent()
    stages.do(case, post.clerk, complete=True)
    stages.booked(case)
    stages.do(case, post.clerk, **stages.LODGING)
    stages.do(case, post.caseworker, admissibility="transfer", mission="NEWD")
    jobs.work()
    return post, Case.objects.get(pk=case.pk)


def test_the_other_mission_goes_on_and_the_first_one_sees_it_no_more(moved: tuple[stages.Post, Case]) -> None:
    post, case = moved
    delhi = Mission.objects.get(code="NEWD")
    other = factories.official(Role.CASEWORKER, mission=delhi)

    assert case.mission == delhi
    assert stages.open_task(case).node == "check_admissibility"
    assert not Case.objects.visible_to(post.caseworker).filter(pk=case.pk).exists()
    with pytest.raises(Refused):
        stages.do(case, post.caseworker, admissibility="admissible")
    assert stages.do(case, other, admissibility="admissible").mission == delhi


def test_the_applicant_is_told_and_the_history_names_both(moved: tuple[stages.Post, Case]) -> None:
    _, case = moved

    assert Notification.objects.filter(case=case, kind="transferred").count() == 1
    assert Event.objects.get(case=case, kind="transferred").data == {"mission": "NEWD", "before": "MUMB"}


def test_its_deadlines_go_over_as_they_are(moved: tuple[stages.Post, Case]) -> None:
    _, case = moved
    tokens = case.instance.tokens.filter(kind="timer")

    assert {token.mission for token in tokens} == {case.mission}
    assert {token.node for token in tokens} == {"deadline_near", "deadline", "last_day"}
    assert all(token.due_at is not None for token in tokens)


def test_a_second_run_of_the_job_changes_nothing(moved: tuple[stages.Post, Case]) -> None:
    _, case = moved
    before = case.events.count()

    worker.transfer(Job.objects.get(name="casework.transfer").payload)

    assert case.events.count() == before
