"""Sending an application: everything or nothing."""

import pytest

from consular import casework
from consular.cases.models import Case, Event, Phase
from consular.casework.submission import Incomplete
from consular.core.errors import Refused
from consular.core.models import Job
from consular.notifications.models import Notification
from consular.workflow.models import Instance, Token
from tests import factories, stages

pytestmark = pytest.mark.django_db


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
        casework.submit(case.pk, declarations=stages.DECLARATIONS, actor=case.owner)

    assert [problem.question for problem in refused.value.problems] == ["doc_number"]
    assert Case.objects.get(pk=case.pk).phase == Phase.DRAFT
    assert (Instance.objects.count(), Token.objects.count(), Job.objects.count()) == (0, 0, 0)


def test_sending_twice_is_refused_the_second_time() -> None:
    stages.ministry()
    case = stages.sent()

    with pytest.raises(Refused) as refused:
        casework.submit(case.pk, declarations=stages.DECLARATIONS, actor=case.owner)

    assert refused.value.code == "sent_already"
    assert Instance.objects.count() == 1


def test_a_stranger_cannot_send_a_draft_nor_learn_that_it_exists() -> None:
    stages.ministry()
    case = stages.draft()

    with pytest.raises(Refused) as refused:
        casework.submit(case.pk, declarations=stages.DECLARATIONS, actor=factories.applicant())

    assert (refused.value.code, refused.value.status) == ("not_found", 404)


def test_nobody_responsible_is_said_and_nothing_is_written() -> None:
    stages.ministry()
    case = stages.draft(residence_country="FRA", residence_area="FR")

    with pytest.raises(Refused) as refused:
        casework.submit(case.pk, declarations=stages.DECLARATIONS, actor=case.owner)

    assert refused.value.code == "nobody_responsible"
    assert Instance.objects.count() == 0
