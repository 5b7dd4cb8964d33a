"""Correcting and revoking letters: two persons, a new letter that names the old one, and the public page follows."""

import pytest
from django.test import Client

from consular import casework
from consular.accounts.models import Role, User
from consular.cases.models import Case, Event, Message
from consular.casework import letters as verbs
from consular.casework import steps
from consular.core import jobs
from consular.core.errors import Refused
from consular.decisions import ending, issuing, keys, verification
from consular.decisions.changes import Change
from consular.decisions.issuing import About
from consular.decisions.models import Letter, Supersession
from consular.decisions.verification import Status
from tests import factories, stages
from tests.decisions import letters

pytestmark = pytest.mark.django_db


@pytest.fixture
def letter() -> Letter:
    """A receipt that was issued to somebody whose name was misspelt."""
    keys.make_local()
    case = factories.sent_case(applicant_name="Ama Mensha")
    return issuing.issue(case, "L01", key="first", folder=stages.folder())


def officer(case: Case, role: Role = Role.CASEWORKER, **fields: object) -> User:
    return factories.official(role, mission=case.mission, **fields)


def proposed(letter: Letter, end: str = "corrected", by: User | None = None) -> Change:
    by = by or officer(letter.case)
    return casework.propose_change(
        letter.case.reference, letter.pk, end=end, reason="Name misspelt", actor=by
    )


def approved(letter: Letter, end: str = "corrected") -> Change:
    change = proposed(letter, end)
    judge = officer(letter.case, Role.DECIDER)
    return casework.approve_change(letter.case.reference, change.pk, actor=judge)


def test_a_correction_is_the_same_letter_once_more_and_names_the_old_one(letter: Letter) -> None:
    Case.objects.filter(pk=letter.case_id).update(applicant_name="Ama Mensah")

    change = approved(letter)
    assert verification.look_up(letter.code).is_valid  # nobody is without a letter meanwhile
    jobs.work()
    verbs.correct({"change": change.pk})  # a second run changes nothing

    new = Letter.objects.exclude(pk=letter.pk).get()
    assert (new.kind, new.values["applicant"]) == ("L01", "Ama Mensah")
    assert letter.number in new.values["versions"][0]["replaces"]
    end = Supersession.objects.get(letter=letter)
    assert (end.by, end.end, end.actor, end.reason) == (new, "corrected", change.judged_by, "Name misspelt")
    assert verification.look_up(letter.code).status == Status.SUPERSEDED
    assert verification.check_file(bytes(letter.content)).status == Status.SUPERSEDED
    assert verification.check_file(bytes(new.content)).is_valid


def test_a_revocation_counts_at_once_and_the_applicant_is_told_why(letter: Letter) -> None:
    approved(letter, "revoked")

    assert verification.check_file(bytes(letter.content)).status == Status.REVOKED
    assert letter.number in Message.objects.get(case=letter.case).body
    kinds = Event.objects.filter(case=letter.case).values_list("kind", flat=True)
    assert {"change_proposed", "change_approved", "letter_ended"} <= set(kinds)


def test_the_applicant_sees_which_letter_no_longer_stands() -> None:
    stages.ministry()
    case = stages.sent()
    letter = issuing.issue(case, "L01", key="first", folder=stages.folder())
    client = factories.signed_in(Client(), case.owner)

    before = client.get(f"/cases/{case.reference}/")
    approved(letter, "revoked")
    after = client.get(f"/cases/{case.reference}/")

    assert [b"This letter no longer stands." in page.content for page in (before, after)] == [False, True]


def test_a_declined_proposal_leaves_the_letter(letter: Letter) -> None:
    change = proposed(letter)

    casework.decline_change(letter.case.reference, change.pk, actor=change.proposed_by)

    assert verification.look_up(letter.code).is_valid
    with pytest.raises(Refused, match="already judged"):
        casework.approve_change(
            letter.case.reference, change.pk, actor=officer(letter.case, Role.HEAD_OF_SECTION)
        )


def test_whoever_proposed_it_cannot_approve_it_with_another_account_either(letter: Letter) -> None:
    change = proposed(letter, by=officer(letter.case, Role.DECIDER))
    twin = officer(letter.case, Role.DECIDER, person=change.proposed_by.person)

    for actor in (change.proposed_by, twin):
        with pytest.raises(Refused) as refused:
            casework.approve_change(letter.case.reference, change.pk, actor=actor)
        assert refused.value.code == "four_eyes"
    assert Supersession.objects.count() == 0


@pytest.mark.parametrize(
    ("role", "code"), [(Role.INTAKE_CLERK, "forbidden"), (Role.AUDITOR, "forbidden"), (None, "not_found")]
)
def test_only_officers_who_may_decide_propose(letter: Letter, role: Role | None, code: str) -> None:
    actor = officer(letter.case, role) if role else letter.case.owner

    with pytest.raises(Refused) as refused:
        proposed(letter, by=actor)
    assert refused.value.code == code


def test_a_caseworker_proposes_and_does_not_approve(letter: Letter) -> None:
    change = proposed(letter)

    with pytest.raises(Refused) as refused:
        casework.approve_change(letter.case.reference, change.pk, actor=officer(letter.case))
    assert refused.value.code == "forbidden"


def test_another_mission_sees_no_such_case(letter: Letter) -> None:
    with pytest.raises(Refused) as refused:
        proposed(letter, by=factories.official(Role.CASEWORKER, mission=factories.mission()))
    assert refused.value.status == 404


def test_a_decision_is_corrected_and_never_revoked_here() -> None:
    keys.make_local()
    decision = letters.approved(letters.GRANT)
    granted = issuing.issue(decision.case, "L10", key="g", about=About(decision), folder=stages.folder())

    with pytest.raises(Refused) as refused:
        proposed(granted, "revoked")
    assert refused.value.code == "decided"
    approved(granted)
    jobs.work()
    assert Letter.objects.exclude(pk=granted.pk).get().decision == decision


@pytest.mark.parametrize("end", ["annulled", ""])
def test_nothing_else_can_become_of_a_letter_here(letter: Letter, end: str) -> None:
    with pytest.raises(Refused) as refused:
        proposed(letter, end)
    assert refused.value.field == "end"


def test_one_proposal_at_a_time_and_none_for_what_ended(letter: Letter) -> None:
    proposed(letter)
    with pytest.raises(Refused, match="already a proposal"):
        proposed(letter)

    ending.supersede(letter, end="revoked", reason="x", actor=factories.official())
    with pytest.raises(Refused, match="no longer stands"):
        approved_late(letter)


def approved_late(letter: Letter) -> None:
    """A letter that ended after the proposal."""
    change = Change.objects.get(letter=letter)
    casework.approve_change(letter.case.reference, change.pk, actor=officer(letter.case, Role.DECIDER))


@pytest.mark.parametrize(("reason", "code"), [("", "empty"), ("x" * 301, "too_long"), ("\x00\x07", "empty")])
def test_a_reason_is_one_that_can_be_read(letter: Letter, reason: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        casework.propose_change(
            letter.case.reference, letter.pk, end="corrected", reason=reason, actor=officer(letter.case)
        )
    assert refused.value.code == code


def test_an_annulment_names_a_standing_letter_of_grant_that_the_officer_may_read(letter: Letter) -> None:
    granted = letters.approved(letters.GRANT)
    foreign = issuing.issue(granted.case, "L10", key="g", about=About(granted), folder=stages.folder())
    case = factories.sent_case(service="annulment", mission=letter.case.mission)
    entered = {"recommendation": "annul", "grounds": ["1"], "visa_number": "D1234567"}

    for number in (foreign.number, letter.number, "0000-0000-0000/1", "x' OR 1=1"):
        with pytest.raises(Refused) as refused:
            steps.propose(case, {**entered, "visa_letter": number}, actor=officer(case))
        assert refused.value.field == "visa_letter"
    steps.propose(
        case, {**entered, "visa_letter": f" {foreign.number} "}, actor=factories.official(Role.CASEWORKER)
    )
    assert case.decisions.get().ends == foreign


def test_a_service_decides_what_its_table_knows(letter: Letter) -> None:
    with pytest.raises(Refused) as refused:
        steps.propose(letter.case, {"recommendation": "annul", "grounds": ["1"]}, actor=officer(letter.case))
    assert refused.value.field == "recommendation"
