"""Safeguards of consultations, switched off alone; and the objection that a uniform visa cannot pass."""

import pytest

from consular import casework
from consular.cases.consultations import Consultation, ConsultationQuerySet, objections
from consular.cases.models import Case, Event
from consular.casework import consultations, steps
from consular.casework.consultations import Given
from consular.core import clock
from consular.core.errors import Refused
from consular.decisions.models import Decision
from tests import factories, stages
from tests.casework import asking
from tests.casework.asking import SECURITY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("missions")]


def test_without_asking_for_whom_an_account_answers_a_stranger_would_consent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = asking.consulting(SECURITY)
    stranger = factories.applicant()
    with pytest.raises(Refused, match="no such consultation"):
        asking.reply(case, "consent", stranger)

    monkeypatch.setattr(ConsultationQuerySet, "visible_to", lambda rows, *_who: rows.all())
    asking.reply(case, "consent", stranger)

    assert asking.variables(case)["answers"] == ["consent"]


def test_without_the_list_of_roles_an_auditor_would_answer_for_partners(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = asking.consulting(SECURITY)
    auditor = factories.official(consultations.Role.AUDITOR, mission=case.mission)
    with pytest.raises(Refused, match="Your role"):
        asking.reply(case, "consent", auditor)

    monkeypatch.setattr(consultations, "ENTERS", frozenset(consultations.Role))
    asking.reply(case, "consent", auditor)

    assert asking.given(case) == [("consent", False, False)]


def test_without_the_clock_on_the_wall_a_late_objection_would_count_until_a_worker_comes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case, partner = asking.consulting(SECURITY), asking.member("security")
    due = asking.asked(case).due_at
    monkeypatch.setattr(clock, "now", lambda: due)
    assert asking.asked(case).is_silent(due)

    monkeypatch.setattr(Consultation, "is_silent", lambda *_: False)
    asking.reply(case, "objection", partner)

    assert asking.variables(case)["answers"] == ["objection"]


def test_without_knowing_the_person_an_applicant_would_consent_to_the_own_visa(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = asking.consulting(SECURITY)
    owner = asking.member("security", user=case.owner)
    with pytest.raises(Refused, match="your own application"):
        asking.reply(case, "consent", owner)

    owner.person = factories.applicant().person
    asking.reply(case, "consent", owner)

    assert asking.variables(case)["answers"] == ["consent"]


def knock(case: Case, times: int) -> int:
    """A stranger tries several times; how often the history says so."""
    stranger = factories.applicant()
    for _ in range(times):
        with pytest.raises(Refused, match="no such consultation"):
            casework.answer(asking.asked(case).reference, Given("consent"), actor=stranger)
    return case.events.filter(kind="answer_refused").count()


def test_without_looking_for_an_earlier_note_a_stranger_would_flood_the_history(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = asking.consulting(SECURITY)
    assert knock(case, 3) == 1

    monkeypatch.setattr(consultations, "_was_noted", lambda *_: False)

    assert knock(case, 3) == 4


LIMITED = {"visa_type": "LTV", "territory": ["DEU"], "ltv_reason": "objection"}


@pytest.mark.parametrize("visa_type", ["C", "A"])
def test_against_an_objection_only_limited_territorial_validity_can_be_proposed(visa_type: str) -> None:
    post = stages.ministry()
    case = stages.at_examination(post)
    asking.answered(case)
    days = {"days": None} if visa_type == "A" else {}

    with pytest.raises(Refused) as refusal:
        stages.do(case, post.caseworker, **stages.granting(visa_type=visa_type, **days))

    assert (refusal.value.code, refusal.value.field) == ("objection", "recommendation")
    assert "Central authorities" in str(refusal.value.message)
    assert not Decision.objects.exists()
    assert not Event.objects.filter(case=case, kind="proposed").exists()
    stages.do(case, post.caseworker, **stages.granting(**LIMITED))
    assert Decision.objects.get().visa_type == "LTV"


def test_a_refusal_is_possible_and_so_is_a_grant_when_the_objection_was_late() -> None:
    post = stages.ministry()
    late, refused = (stages.at_examination(post, doc_number=number) for number in ("G1", "G2"))
    asking.answered(late, is_late=True)
    asking.answered(refused)

    stages.do(late, post.caseworker, **stages.granting())
    stages.do(refused, post.caseworker, **stages.REFUSING)

    assert Decision.objects.count() == 2


def test_without_minding_objections_a_uniform_visa_would_be_proposed(monkeypatch: pytest.MonkeyPatch) -> None:
    post = stages.ministry()
    case = stages.at_examination(post)
    asking.answered(case)
    monkeypatch.setattr(steps, "objections", lambda case_id: objections(case_id).none())

    stages.do(case, post.caseworker, **stages.granting())

    assert Decision.objects.get().visa_type == "C"
