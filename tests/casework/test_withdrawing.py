"""An application that is withdrawn: at once, by its owner, before the decision; what hangs on it goes, too."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import DatabaseError, transaction
from django.utils.formats import date_format

from consular import casework
from consular.accounts.models import Role
from consular.appointments.models import Booking, State
from consular.appointments.waiting import Waiting, Waits
from consular.cases import history
from consular.cases.models import Audience, Case, Phase
from consular.casework import record, worker
from consular.casework.withdrawing import Declared
from consular.core import clock, jobs
from consular.core.errors import Refused
from consular.decisions import approval
from consular.decisions.models import Decision
from consular.notifications.models import Notification
from consular.workflow.models import Token, TokenKind
from tests import factories, stages
from tests.casework import asking
from tests.files import hostile
from tests.harm import without_trigger

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]

PAPERS = {"returned": ["papers", "biometrics"]}


@pytest.fixture
def post() -> stages.Post:
    return stages.ministry()


def withdrawn(case: Case, **more: str) -> Case:
    """The case after its owner has withdrawn it."""
    casework.withdraw(case.pk, actor=case.owner, **more)
    return Case.objects.get(pk=case.pk)


def refused(case: Case, actor: object) -> str:
    """The code with which somebody is told that it is not possible; nothing is written then."""
    before = case.events.count()
    with pytest.raises(Refused) as refusal:
        casework.withdraw(case.pk, actor=actor)
    assert case.events.count() == before
    return refusal.value.code


def open_nodes(case: Case) -> set[str]:
    """Where the process waits for somebody."""
    return set(Token.objects.filter(instance=case.instance_id).values_list("node", flat=True))


def test_before_lodging_the_appointment_is_free_again_and_a_letter_ends_the_case(post: stages.Post) -> None:
    case = stages.sent()
    stages.booked(case)

    ended = withdrawn(case)
    assert (ended.outcome, ended.phase, open_nodes(case)) == (
        "withdrawn",
        "decided",
        {"confirm_early_withdrawal"},
    )
    jobs.work()

    ended.refresh_from_db()
    assert (ended.outcome, ended.phase) == ("withdrawn", Phase.CLOSED)
    assert Booking.objects.get(case=case).state == State.CANCELLED
    assert sorted(ended.letters.values_list("kind", flat=True)) == ["L01", "L11"]
    told = ended.events.filter(kind__in=["withdrawn", "appointment_cancelled", "ended"]).order_by("pk")
    assert list(told.values_list("kind", flat=True)) == ["withdrawn", "appointment_cancelled", "ended"]


@pytest.mark.parametrize("ends", [withdrawn, None])
def test_whoever_waits_for_an_appointment_waits_no_longer(post: stages.Post, ends: object) -> None:
    case, now = stages.sent(), clock.now()
    entry = Waiting.objects.create(
        calendar=stages.calendar(case.mission), case=case, owner=case.owner, identity=b"x" * 32,
        category="visa_c", since=now, joined_at=now, changed_at=now,
    )  # fmt: skip

    if ends:
        ends(case)
    else:  # however else it is closed
        step = SimpleNamespace(
            phase=Phase.CLOSED, is_told=True, entered=(), history=(), instance=case.instance
        )
        record.advance(case, step, actor=None, at=now)

    entry.refresh_from_db()
    assert entry.state == Waits.LEFT
    assert case.events.filter(kind="waiting_left").count() == 1


def test_after_lodging_open_tasks_go_and_the_papers_come_back(post: stages.Post) -> None:
    case = stages.at_decision(post)

    ended = withdrawn(case)
    jobs.work()
    ended.refresh_from_db()
    assert (ended.phase, stages.open_task(ended).node) == (Phase.READY, "return_papers")
    stages.do(ended, post.clerk, **PAPERS)

    ended.refresh_from_db()
    assert (ended.outcome, ended.phase) == ("withdrawn", Phase.CLOSED)


def test_a_proposal_ends_with_the_application_and_nobody_can_approve_it(post: stages.Post) -> None:
    case = stages.at_decision(post)

    withdrawn(case)

    proposal = Decision.objects.get(case=case)
    assert (proposal.state, approval.open_proposal(case)) == ("dropped", None)
    assert case.events.filter(kind="proposal_dropped", data__decision=proposal.pk).exists()
    with pytest.raises(Refused, match="already judged"):
        approval.approve(proposal, by=post.decider)
    with pytest.raises(DatabaseError, match="dropped"), transaction.atomic():
        Decision.objects.filter(pk=proposal.pk).update(
            state="approved", approved_by=post.decider, approved_at=clock.now()
        )


def test_without_the_path_of_states_a_dropped_proposal_could_be_approved(post: stages.Post) -> None:
    """Negative control: the triggers off, and the statement does what it says."""
    case = stages.at_decision(post)
    withdrawn(case)

    with without_trigger(*(f"decisions.Decision:{name}" for name in ("path", "verdict_frozen", "persons"))):
        Decision.objects.update(
            state="approved",
            approved_by=post.decider,
            approved_person=post.decider.person,
            approved_at=clock.now(),
        )

    assert Decision.objects.get(case=case).state == "approved"


def test_the_applicant_gets_a_mail_and_the_reason_reaches_the_mission_alone(post: stages.Post) -> None:
    case = stages.sent()

    withdrawn(case, reason="I am not travelling any more.")

    mail = Notification.objects.get(kind="withdrawn")
    assert (mail.to, mail.facts) == (case.owner, {})
    message = case.messages.get()
    assert (message.audience, message.body) == (Audience.MISSION, "I am not travelling any more.")
    assert "travelling" not in str(list(case.events.values_list("data", flat=True)))


def test_withdrawing_twice_changes_nothing(post: stages.Post) -> None:
    case = withdrawn(stages.sent())
    before = case.events.count()

    withdrawn(case)

    assert case.events.count() == before
    assert Notification.objects.filter(kind="withdrawn").count() == 1


def test_partners_are_not_asked_any_more(post: stages.Post) -> None:
    case = stages.at_examination(post)
    asking.answered(case, answer="more_time")
    case.consultations.update(closed_at=None)

    withdrawn(case)

    assert not case.consultations.filter(closed_at=None).exists()


@pytest.mark.parametrize("entries", [stages.granting(), stages.REFUSING], ids=["granted", "refused"])
def test_after_the_decision_it_is_too_late(post: stages.Post, entries: dict) -> None:
    case = stages.decided(post, **entries)

    assert refused(case, case.owner) == "decided"
    jobs.work()
    assert refused(case, case.owner) == "decided"
    assert Case.objects.get(pk=case.pk).outcome == ("granted" if "visa_type" in entries else "refused")


def test_a_case_that_lapsed_cannot_be_withdrawn(post: stages.Post) -> None:
    case = stages.sent()
    stages.do(case, post.clerk, complete=True)
    worker.wake(clock.now() + timedelta(days=200))

    assert refused(case, case.owner) == "closed"


def entered(case: Case, actor: object, **changed: object) -> Case:
    """The case after an officer has entered a withdrawal that came by letter yesterday."""
    told = {"on": clock.today("UTC"), "how": "letter", **changed}
    casework.enter_withdrawal(case.reference, Declared(**told), actor=actor)
    return Case.objects.get(pk=case.pk)


def test_an_officer_enters_what_came_on_paper_and_it_has_the_same_effect(post: stages.Post) -> None:
    case = stages.at_decision(post)
    Case.objects.filter(pk=case.pk).update(submitted_at=clock.now() - timedelta(days=9))
    arrived = clock.today("Asia/Kolkata") - timedelta(days=3)

    ended = entered(case, post.clerk, on=arrived, scan=[("letter.jpg", hostile.picture(60, 80))])
    jobs.work()

    ended.refresh_from_db()
    assert (ended.outcome, stages.open_task(ended).node) == ("withdrawn", "return_papers")
    assert Decision.objects.get(case=case).state == "dropped"
    assert Notification.objects.get(kind="withdrawn").to == case.owner
    assert (case.attachments.get().document, case.attachments.get().added_by) == ("other", post.clerk)
    letter = ended.letters.get(kind="L11")
    assert letter.values["versions"][0]["body"]["withdrawn_on"] == date_format(arrived, "DATE_FORMAT")
    lines = [(line.what, line.who) for line in history.for_officers(ended)]
    day = date_format(arrived)
    assert (f"Withdrawal entered: By letter, reached the mission on {day}", post.clerk.name) in lines


def test_a_withdrawal_is_entered_by_officers_of_the_mission_with_a_day_and_a_way(post: stages.Post) -> None:
    case = stages.sent()
    auditor = factories.official(Role.AUDITOR, mission=post.mission)
    abroad = factories.official(Role.CASEWORKER, mission=factories.mission())
    tomorrow = clock.today("Asia/Kolkata") + timedelta(days=1)
    wrong = [
        (auditor, {}, "forbidden"), (abroad, {}, "not_found"), (case.owner, {}, "not_found"),
        (post.clerk, {"on": tomorrow}, "invalid"), (post.clerk, {"how": "pigeon"}, "invalid"),
        (post.clerk, {"on": clock.today() - timedelta(days=9)}, "invalid"),
        (post.clerk, {"scan": [("a.exe", b"MZ no picture")]}, "unknown_kind"),
    ]  # fmt: skip

    for actor, changed, code in wrong:
        with pytest.raises(Refused) as refusal:
            entered(case, actor, **changed)
        assert refusal.value.code == code
    assert not case.events.filter(kind__startswith="withdraw").exists()
    assert Case.objects.get(pk=case.pk).outcome == ""


def test_nobody_withdraws_for_somebody_else(post: stages.Post) -> None:
    case = stages.sent()
    head = factories.official(Role.HEAD_OF_SECTION, mission=post.mission)

    for stranger in (factories.applicant(), post.clerk, head):
        assert refused(case, stranger) == "not_found"
    assert refused(stages.draft(case.owner), case.owner) == "not_found"


def test_a_reason_that_cannot_be_sent_is_refused_and_nothing_is_withdrawn(post: stages.Post) -> None:
    case = stages.sent()

    with pytest.raises(Refused) as refusal:
        casework.withdraw(case.pk, reason="x" * 5_001, actor=case.owner)

    assert refusal.value.status == 422
    assert Case.objects.get(pk=case.pk).outcome == ""
    assert Token.objects.filter(instance=case.instance_id, kind=TokenKind.TASK).exists()
