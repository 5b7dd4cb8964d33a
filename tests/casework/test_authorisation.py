"""Every verb judges for itself who may call it, whatever door it was called through."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from consular import casework
from consular.accounts.models import Role, User
from consular.appointments.models import Slot
from consular.cases.models import READERS, Case, Event, Message
from consular.casework import correspondence
from consular.core import clock
from consular.core.errors import Refused
from consular.missions.models import Mission, Posting
from tests import factories, stages

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("missions")]

ROLES = (Role.INTAKE_CLERK, Role.CASEWORKER, Role.DECIDER, Role.HEAD_OF_SECTION, Role.AUDITOR,
         Role.SLOT_MANAGER, Role.ADMINISTRATOR)  # fmt: skip
NOT_THERE = "not_found"


def _people(case: Case) -> dict[str, User]:
    """One person for each way of having to do, or nothing to do, with the case."""
    mission, elsewhere = case.mission, factories.mission()
    people = {role.value: factories.official(role, mission=mission) for role in ROLES}
    people["owner"] = case.owner
    people["other_applicant"] = factories.applicant()
    people["abroad"] = factories.official(*ROLES, mission=elsewhere)
    people["audits_here"] = factories.official(Role.AUDITOR, mission=mission)
    Posting.objects.create(
        user=people["audits_here"], mission=elsewhere, role=Role.CASEWORKER, starts_on="2020-01-01"
    )
    people["ended"] = _left(mission)
    people["closed"] = factories.official(*ROLES, mission=mission, is_active=False)
    return people


def _left(mission: Mission) -> User:
    user = factories.official(*ROLES, mission=mission)
    Posting.objects.filter(user=user).update(ends_on=clock.today() - timedelta(days=1))
    return user


def _told(people: dict[str, User], attempt: Callable[[User], object]) -> dict[str, set[str]]:
    """Code of refusal ("" for success) -> who was told so."""
    told: dict[str, set[str]] = {}
    for name, person in people.items():
        try:
            attempt(person)
            code = ""
        except Refused as refused:
            code = refused.code
        told.setdefault(code, set()).add(name)
    return told


STRANGERS = {"other_applicant", "abroad", "ended", "closed", "slot_manager", "administrator"}
OFFICERS = {"intake_clerk", "caseworker", "decider", "head_of_section"}
AUDITORS = {"auditor", "audits_here"}


@pytest.fixture
def case() -> Case:
    stages.ministry()
    return stages.sent()


def test_only_the_applicant_and_officers_who_are_no_auditors_write(case: Case) -> None:
    told = _told(_people(case), lambda person: casework.reply(case.pk, "Hello.", actor=person))

    assert told == {"": {"owner"} | OFFICERS, "forbidden": AUDITORS, NOT_THERE: STRANGERS}


def test_only_officers_who_are_no_auditors_leave_notes(case: Case) -> None:
    told = _told(_people(case), lambda person: casework.note(case.pk, "A note.", actor=person))

    assert told == {
        "": OFFICERS,
        "forbidden": AUDITORS | {"owner", "other_applicant"},
        NOT_THERE: STRANGERS - {"other_applicant"},
    }


def test_auditors_are_offered_no_box_to_write_in(case: Case) -> None:
    people = _people(case)
    address = f"/desk/cases/{case.reference}/"

    pages = {
        name: factories.signed_in(Client(), people[name]).get(address).content.decode()
        for name in ("auditor", "caseworker")
    }

    assert "/messages/" not in pages["auditor"]
    assert "/messages/" in pages["caseworker"]


def test_without_the_list_of_writers_an_auditor_would_write(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(correspondence, "WRITERS", READERS)

    assert casework.note(case.pk, "A note.", actor=factories.official(Role.AUDITOR, mission=case.mission))


@pytest.mark.parametrize("verb", ["claim", "complete"])
def test_only_the_role_of_the_task_takes_and_completes_it(case: Case, verb: str) -> None:
    token = stages.open_task(case).pk

    def attempt(person: User) -> None:
        if verb == "claim":
            casework.claim(case.reference, token, actor=person)
            casework.release(case.reference, token, actor=person)
        else:
            casework.complete(case.reference, token, {"complete": True}, actor=person)

    told = _told(dict(reversed(_people(case).items())), attempt)

    assert told == {
        "": {"intake_clerk"},
        "not_your_lane": OFFICERS - {"intake_clerk"} | AUDITORS,
        NOT_THERE: STRANGERS | {"owner"},
    }


def test_a_task_is_given_back_by_its_holder_and_the_head_of_section_only(case: Case) -> None:
    token = stages.open_task(case).pk
    people = _people(case)
    holder = people.pop("intake_clerk")
    casework.claim(case.reference, token, actor=holder)

    told = _told(people, lambda person: casework.release(case.reference, token, actor=person))

    assert told == {
        "": {"head_of_section"},
        "not_yours": {"caseworker", "decider"} | AUDITORS,
        NOT_THERE: STRANGERS | {"owner"},
    }


def test_a_task_is_reached_through_its_own_case_only(case: Case) -> None:
    """Otherwise the history of one case would tell of what was done to another one."""
    other, clerk = stages.sent(doc_number="X7654321"), _people(case)["intake_clerk"]
    token = stages.open_task(other).pk

    for verb in (casework.claim, casework.release):
        with pytest.raises(Refused) as refused:
            verb(case.reference, token, actor=clerk)
        assert refused.value.code == "done"

    assert stages.open_task(other).assignee_id is None
    assert not Event.objects.filter(case=case, kind__in=["claimed", "released"]).exists()


def test_nobody_is_told_who_did_a_task_of_another_case(case: Case) -> None:
    other, people = stages.sent(doc_number="X7654321"), _people(case)
    token = stages.open_task(other).pk
    stages.do(other, people["intake_clerk"], complete=True)

    with pytest.raises(Refused) as refused:
        casework.complete(case.reference, token, {"complete": True}, actor=people["intake_clerk"])

    assert people["intake_clerk"].name not in str(refused.value)


def test_who_may_book_and_cancel(case: Case) -> None:
    slot = Slot.objects.filter(
        calendar=stages.calendar(case.mission), starts_at__gt=clock.now() + timedelta(days=2)
    ).first()

    def attempt(person: User) -> None:
        held = casework.hold_slot(case.pk, slot.pk, actor=person)
        casework.confirm_booking(held.reference, actor=person)
        casework.cancel_booking(held.reference, actor=person)

    bookers = {"owner", "intake_clerk", "caseworker", "head_of_section"}
    assert _told(_people(case), attempt) == {
        "": bookers,
        NOT_THERE: STRANGERS | AUDITORS | {"decider"},
    }


@pytest.mark.parametrize("step", ["confirm", "move", "cancel"])
def test_a_booking_is_changed_by_those_who_may_book_only(case: Case, step: str) -> None:
    booking = stages.booked(case)
    verbs: dict[str, Callable[[User], object]] = {
        "confirm": lambda person: casework.confirm_booking(booking.reference, actor=person),
        "move": lambda person: casework.move_booking(booking.reference, booking.slot.pk, actor=person),
        "cancel": lambda person: casework.cancel_booking(booking.reference, actor=person),
    }

    refused = _told(_people(case), verbs[step])[NOT_THERE]

    assert refused == STRANGERS | AUDITORS | {"decider"}


def test_a_decider_does_not_approve_a_proposal_that_replaced_the_one_on_the_page() -> None:
    post = stages.ministry()
    case = stages.at_decision(post)
    seen = stages.open_task(case).pk
    other = factories.official(Role.DECIDER, mission=post.mission)
    stages.do(case, other, approved=False, reason="The dates are wrong.")
    stages.do(case, post.caseworker, **stages.granting(days="5"))

    with pytest.raises(Refused) as refused:
        casework.complete(case.reference, seen, {"approved": True}, actor=post.decider)

    assert refused.value.code == "done"


def test_a_posting_that_ends_between_looking_and_deciding_decides_nothing() -> None:
    post = stages.ministry()
    case = stages.at_decision(post)
    decider = User.objects.get(pk=post.decider.pk)
    Posting.objects.filter(user=decider).update(ends_on=clock.today() - timedelta(days=1))

    with pytest.raises(Refused):
        casework.complete(case.reference, stages.open_task(case).pk, {"approved": True}, actor=decider)

    assert not case.decisions.filter(state="approved").exists()


def test_internal_notes_never_reach_the_applicant(case: Case) -> None:
    casework.note(case.pk, "Suspicious.", actor=_people(case)["caseworker"])
    client = factories.signed_in(Client(), case.owner)

    page = client.get(f"/cases/{case.reference}/").content.decode()

    assert Message.objects.get().body == "Suspicious."
    assert "Suspicious" not in page


def test_a_decision_is_made_of_judged_entries_whatever_a_door_hands_in() -> None:
    post = stages.ministry()
    case = stages.at_examination(post)
    entries = {**stages.REFUSING, "ground_11_text": " The\u200f hotel\u200b. \r\n", "not_asked": "\0"}

    stages.do(case, post.caseworker, **entries)

    assert case.decisions.get().statement == "The hotel."
