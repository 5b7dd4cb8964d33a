"""A case goes over to the mission that is competent."""

import pytest

from consular import casework
from consular.accounts.models import Role
from consular.appointments import booking
from consular.cases.models import Case, Event
from consular.casework import elsewhere, worker
from consular.core import clock, jobs
from consular.core.errors import Refused
from consular.core.models import Job
from consular.decisions.models import Decision, SecondLook
from consular.missions.models import Mission
from consular.notifications.models import Notification
from consular.routing import Because
from tests import factories, stages

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("missions")]


@pytest.fixture
def moved() -> tuple[stages.Post, Case]:
    """A case that was lodged at Mumbai and passed on to New Delhi."""
    post = stages.ministry()
    factories.official(Role.CASEWORKER, mission=Mission.objects.get(code="NEWD"))
    case = stages.sent()
    stages.do(case, post.clerk, complete=True)
    stages.booked(case)
    stages.do(case, post.clerk, **stages.LODGING)
    because = Because("by_area", "%(mission)s is responsible.", {"kind": "embassy", "city": "New Delhi"})
    case.because = {**case.because, elsewhere.KEY: {"mission": "NEWD", "because": because.as_json()}}
    case.save(update_fields=["because"])
    for looked in ({"looked_at": clock.now(), "looked_by": factories.official(), "finding": "in_order"}, {}):
        decision = Decision.objects.create(
            case=case, outcome="issued", content="plain", proposed_by=post.clerk, proposed_at=clock.now()
        )
        SecondLook.objects.create(
            decision=decision, mission=post.mission, share=5, chosen_at=clock.now(), **looked
        )
        Decision.objects.filter(pk=decision.pk).update(state="dropped")
    stages.do(case, post.caseworker, admissibility="transfer", mission="NEWD")
    jobs.work()
    return post, Case.objects.get(pk=case.pk)


def test_the_other_mission_goes_on_and_the_first_one_sees_it_no_more(moved: tuple[stages.Post, Case]) -> None:
    post, case = moved
    delhi = Mission.objects.get(code="NEWD")
    other = factories.official(Role.CASEWORKER, mission=delhi)

    assert case.mission == delhi
    assert elsewhere.of(case) is None
    assert Because.from_json(case.because).rule == "by_area"
    assert stages.open_task(case).node == "check_admissibility"
    assert not Case.objects.visible_to(post.caseworker).filter(pk=case.pk).exists()
    with pytest.raises(Refused):
        stages.do(case, post.caseworker, admissibility="admissible")
    assert stages.do(case, other, admissibility="admissible").mission == delhi


def test_the_applicant_is_told_and_the_history_names_both(moved: tuple[stages.Post, Case]) -> None:
    _, case = moved

    assert Notification.objects.filter(case=case, kind="transferred").count() == 1
    moved = Event.objects.get(case=case, kind="transferred").data
    assert (moved["mission"], moved["before"]) == ("NEWD", "MUMB")


def test_an_appointment_at_the_mission_before_is_given_back(moved: tuple[stages.Post, Case]) -> None:
    _, case = moved

    assert booking.current(case.pk, now=clock.now()) is None
    assert Notification.objects.filter(case=case, kind="appointment_cancelled").count() == 1


def test_what_is_still_to_be_looked_at_again_goes_along_and_what_was_stays(
    moved: tuple[stages.Post, Case],
) -> None:
    post, case = moved
    done, waiting = SecondLook.objects.filter(decision__case=case).order_by("pk")

    assert (waiting.mission, done.mission) == (case.mission, post.mission)
    head = factories.official(Role.HEAD_OF_SECTION, mission=case.mission)
    assert casework.look_again(waiting.pk, "in_order", "", actor=head)


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
