"""Sending an application: everything or nothing."""

import pytest
from django.utils import translation

from consular import casework
from consular.cases.models import Answers, Case, Event, Phase
from consular.casework.submission import Incomplete, NotAttested
from consular.core import jobs
from consular.core.errors import Refused
from consular.core.models import Job
from consular.decisions.models import Letter
from consular.notifications.models import Notification
from consular.workflow.models import Instance, Token
from tests import factories, stages

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("missions")]


def test_a_sent_case_has_a_mission_with_its_reason_a_process_a_receipt_and_a_mail() -> None:
    post = stages.ministry()

    case = stages.sent()

    assert (case.mission, case.phase, case.applicant_name) == (post.mission, Phase.IN_REVIEW, "Mensah, Ama")
    assert case.because["rule"]
    assert stages.open_task(case).node == "check_completeness"
    assert Job.objects.filter(name="casework.acknowledge", payload={"case": case.pk}).count() == 1
    assert list(Notification.objects.values_list("kind", flat=True)) == ["submitted"]
    assert list(Event.objects.filter(case=case, kind="submitted").values_list("data", flat=True)) == [
        {"mission": "MUMB", "rule": case.because["rule"]}
    ]


def test_an_incomplete_draft_is_refused_and_nothing_is_written() -> None:
    stages.ministry()
    case = stages.draft(doc_number=None)

    with pytest.raises(Incomplete) as refused:
        casework.submit(case.pk, attested=stages.ATTESTED, actor=case.owner)

    assert [problem.question for problem in refused.value.problems] == ["doc_number"]
    assert Case.objects.get(pk=case.pk).phase == Phase.DRAFT
    assert (Instance.objects.count(), Token.objects.count(), Job.objects.count()) == (0, 0, 0)


def test_sending_twice_is_refused_the_second_time() -> None:
    stages.ministry()
    case = stages.sent()

    with pytest.raises(Refused) as refused:
        casework.submit(case.pk, attested=stages.ATTESTED, actor=case.owner)

    assert refused.value.code == "sent_already"
    assert Instance.objects.count() == 1


def test_a_stranger_cannot_send_a_draft_nor_learn_that_it_exists() -> None:
    stages.ministry()
    case = stages.draft()

    with pytest.raises(Refused) as refused:
        casework.submit(case.pk, attested=stages.ATTESTED, actor=factories.applicant())

    assert (refused.value.code, refused.value.status) == ("not_found", 404)


def test_nobody_responsible_is_said_and_nothing_is_written() -> None:
    stages.ministry()
    case = stages.draft(residence_country="ATA", residence_area="AQ")

    with pytest.raises(Refused) as refused:
        casework.submit(case.pk, attested=stages.ATTESTED, actor=case.owner)

    assert refused.value.code == "nobody_responsible"
    assert Instance.objects.count() == 0


@pytest.mark.parametrize("left_out", ["true_and_complete", "leave_in_time"])
def test_a_declaration_that_was_not_confirmed_keeps_the_draft_a_draft(left_out: str) -> None:
    stages.ministry()
    case = stages.draft()
    attested = [each for each in stages.ATTESTED if each != left_out]

    with pytest.raises(NotAttested) as refused:
        casework.submit(case.pk, attested=attested, actor=case.owner)

    assert refused.value.field == left_out
    assert Case.objects.get(pk=case.pk).phase == Phase.DRAFT


def test_the_declarations_are_kept_as_they_were_read() -> None:
    stages.ministry()
    case = stages.draft(entries="multiple")

    with translation.override("de"):
        casework.submit(case.pk, attested=stages.ATTESTED, actor=case.owner)

    kept = Answers.objects.get(case=case).declarations
    assert [each["id"] for each in kept] == list(stages.ATTESTED)
    assert {each["language"] for each in kept} == {"de"}
    assert "Visum" in kept[0]["text"]


def test_letters_are_written_in_the_language_in_which_the_application_was_sent() -> None:
    stages.ministry()
    case = stages.draft()

    with translation.override("de"):
        casework.submit(case.pk, attested=stages.ATTESTED, actor=case.owner)
    jobs.work()

    assert Letter.objects.get(case=case, kind="L01").languages == ["de"]


def test_a_case_is_routed_by_the_answers_that_count() -> None:
    """A country that has one area only is answered without being asked, also where something else was stored."""
    stages.ministry()
    case = stages.draft(residence_country="HKG", residence_area="IN-MH")

    casework.submit(case.pk, attested=stages.ATTESTED, actor=case.owner)

    sent = Case.objects.get(pk=case.pk)
    assert (sent.mission.code, sent.answers.data["residence_area"]) == ("HONG", "HK")
