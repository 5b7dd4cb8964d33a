"""One case from sending to closing, by calling the verbs, with the real engine, letters and outbox."""

import pytest
from django.db import DatabaseError, transaction

from consular import casework
from consular.cases import history
from consular.cases.models import Audience, Case, Event, Message, Phase, TaskEntry
from consular.casework.officer import NotRight
from consular.core import jobs
from consular.core.errors import Refused
from consular.decisions import verification
from consular.decisions.models import Decision, Letter
from consular.notifications.models import Notification
from tests import factories, stages

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("missions")]


def test_a_granted_case_ends_closed_with_a_valid_letter_and_the_mails_of_its_way() -> None:
    post = stages.ministry()
    case = stages.issued(post, **stages.granting())
    letter = Letter.objects.get(case=case, kind="L10")

    assert (case.phase, case.outcome) == (Phase.READY, "granted")
    assert verification.check_file(bytes(letter.content)).is_valid
    closed = stages.do(case, post.clerk, handed_to="applicant")

    assert closed.phase == Phase.CLOSED
    assert set(Notification.objects.values_list("kind", flat=True)) == {
        "submitted", "your_turn", "appointment_confirmed", "decided", "ready",
    }  # fmt: skip


def test_a_refusal_says_its_grounds_and_is_signed() -> None:
    post = stages.ministry()

    case = stages.issued(post, **stages.REFUSING)

    assert case.outcome == "refused"
    assert Decision.objects.get(case=case).grounds == [2, 11]
    assert verification.check_file(bytes(Letter.objects.get(case=case, kind="L08").content)).is_valid


def test_the_applicant_is_asked_and_answers_and_the_case_comes_back() -> None:
    post = stages.ministry()
    case = stages.sent()

    asked = stages.do(case, post.clerk, complete=False, request="Please tell us where you will stay.")
    assert asked.phase == Phase.YOUR_TURN
    casework.reply(case.pk, "At the Example Hotel.", actor=case.owner)

    assert Case.objects.get(pk=case.pk).phase == Phase.IN_REVIEW
    assert stages.open_task(case).node == "check_completeness"
    assert list(Message.objects.order_by("id").values_list("audience", flat=True)) == [
        Audience.APPLICANT, Audience.MISSION,
    ]  # fmt: skip


def test_a_proposal_that_is_sent_back_is_made_anew() -> None:
    post = stages.ministry()
    case = stages.at_decision(post)

    stages.do(case, post.decider, approved=False, reason="The dates are wrong.")

    assert stages.open_task(case).node == "examine"
    assert Decision.objects.get(case=case).state == "sent_back"


def test_officers_read_in_the_history_who_proposed_sent_back_and_approved() -> None:
    post = stages.ministry()
    case = stages.at_decision(post)
    stages.do(case, post.decider, approved=False, reason="The dates are wrong.")
    stages.do(case, post.caseworker, **stages.granting())
    stages.do(case, post.decider, approved=True)

    told = [(entry.what, entry.who) for entry in reversed(history.for_officers(case))]

    assert [entry for entry in told if entry[0] != "Task completed" and entry[1]][-5:] == [
        ("Decision proposed", post.caseworker.name),
        ("Proposal sent back", post.decider.name),
        ("Message written", post.decider.name),
        ("Decision proposed", post.caseworker.name),
        ("Decision approved by a second officer", post.decider.name),
    ]


def test_who_proposed_cannot_approve_with_either_account_and_nothing_happens() -> None:
    post = stages.ministry()
    case = stages.at_decision(post)
    twin = factories.official("decider", mission=post.mission, person=post.caseworker.person)

    with pytest.raises(Refused) as refused:
        stages.do(case, twin, approved=True)

    assert refused.value.code == "four_eyes"
    assert Decision.objects.get(case=case).state == "proposed"
    assert stages.open_task(case).node == "decide"


def test_officers_of_another_mission_find_no_such_case() -> None:
    post = stages.ministry()
    case = stages.sent()
    stranger = factories.official("intake_clerk", mission=factories.mission())

    with pytest.raises(Refused) as refused:
        stages.do(case, stranger, complete=True)

    assert refused.value.status == 404
    assert post.mission == case.mission


def test_a_role_that_is_not_the_tasks_is_refused() -> None:
    post = stages.ministry()
    case = stages.sent()

    with pytest.raises(Refused) as refused:
        stages.do(case, post.decider, complete=True)

    assert refused.value.code == "not_your_lane"


def test_a_task_done_twice_says_by_whom_it_was_done() -> None:
    post = stages.ministry()
    case = stages.sent()
    token = stages.open_task(case)
    stages.do(case, post.clerk, complete=True)

    with pytest.raises(Refused) as refused:
        casework.complete(case.reference, token.pk, {"complete": True}, actor=post.clerk)

    assert refused.value.code == "done"
    assert post.clerk.name in str(refused.value)


def test_running_the_letters_job_twice_issues_one_letter_and_one_mail() -> None:
    post = stages.ministry()
    case = stages.decided(post)
    token = case.instance.tokens.get(node="issue_letter")

    casework.issue({"token": token.pk})
    casework.issue({"token": token.pk})
    jobs.work()

    assert Letter.objects.filter(case=case, kind="L10").count() == 1
    assert Notification.objects.filter(case=case, kind="decided").count() == 1
    assert Event.objects.filter(case=case, kind="letter_issued", data__letter_kind="L10").count() == 1


def test_notes_never_reach_the_applicant() -> None:
    post = stages.ministry()
    case = stages.sent()

    casework.note(case.pk, "Compare with the earlier case.", actor=post.clerk)

    assert Message.objects.get().audience == Audience.INTERNAL
    assert not Notification.objects.filter(kind="message").exists()


def test_what_the_caseworker_asks_comes_back_to_the_examination() -> None:
    post = stages.ministry()
    case = stages.at_examination(post)

    asked = stages.do(case, post.caseworker, recommendation="ask", request="Please send the invitation.")
    assert asked.phase == Phase.YOUR_TURN
    casework.reply(case.pk, "It is attached to the mail of my host.", actor=case.owner)

    assert stages.open_task(case).node == "examine"


def test_the_state_that_issued_an_alert_is_named_in_the_words_of_each_language() -> None:
    post = stages.ministry()

    case = stages.issued(post, recommendation="refuse", grounds=["6"], ground_6_state="FRA")

    values = str(Letter.objects.get(case=case, kind="L08").values)
    assert "Frankreich" in values
    assert "France" in values


def test_what_officers_enter_is_kept_and_the_database_lets_nobody_change_it() -> None:
    post = stages.ministry()
    case = stages.at_examination(post)

    kept = TaskEntry.objects.filter(case=case).order_by("id")

    assert [(entry.form, entry.by) for entry in kept] == [
        ("completeness", post.clerk),
        ("lodging", post.clerk),
        ("admissibility", post.caseworker),
        ("registers", post.caseworker),
    ]
    assert kept[1].entries["biometrics"] == "taken"
    with pytest.raises(DatabaseError), transaction.atomic():
        kept.update(entries={})


def test_a_person_who_is_not_the_one_of_the_document_cannot_lodge() -> None:
    post = stages.ministry()
    case = stages.sent()
    stages.booked(case)
    stages.do(case, post.clerk, complete=True)

    with pytest.raises(NotRight) as refused:
        stages.do(case, post.clerk, **{**stages.LODGING, "identity_checked": False})

    assert [problem.question for problem in refused.value.problems] == ["identity_checked"]


def test_nobody_works_on_the_own_application() -> None:
    post = stages.ministry()
    case = stages.sent(factories.applicant(person=post.clerk.person))

    with pytest.raises(Refused) as refused:
        stages.do(case, post.clerk, complete=True)

    assert refused.value.code == "own_case"
