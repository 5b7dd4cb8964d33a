"""Annulment and revocation: opened by an officer, walked to the end with its letters; and who may open what."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from consular import casework
from consular.accounts.models import Role, User
from consular.cases.models import Audience, Case, Phase
from consular.casework import proceedings
from consular.casework.proceedings import Elsewhere
from consular.core import clock, jobs
from consular.core.errors import Refused
from consular.decisions import verification
from consular.decisions.models import Letter
from consular.formspec import NoSuchService
from consular.notifications.models import Notification
from tests import factories, stages
from tests.forms import walking

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]

FACTS = {"kind": "annul", "grounds": ["1", "10"], "facts": "The bank statement was forged.", "danger": False}
PROPOSED = {"recommendation": "annul", "grounds": ["1", "10"]}
DONE = {
    "serve_letter": {"delivered": "account", "delivered_on": "2026-01-05"},
    "cancel_sticker": {"sticker": "not_presented"},
    "enter_register": {"entered_on": "2026-01-05"},
    "notify_state": {"notified_on": "2026-01-05"},
}
FRENCH = {
    "surname": "Mensah", "birth_date": "1990-04-12", "nationality": "GHA", "doc_number": "G1234567",
    "issued_by": "FRA", "visa_number": "FRA123456", "visa_issued_on": "2026-01-02",
}  # fmt: skip


@pytest.fixture
def post() -> stages.Post:
    return stages.ministry()


def head(post: stages.Post) -> User:
    return factories.official(Role.HEAD_OF_SECTION, mission=post.mission)


def opened(case: Case, actor: User, **more: Any) -> Case:
    return casework.open_annulment(case.reference, reason="A tip of the bank.", actor=actor, **more)


def elsewhere(post: stages.Post, actor: User | None = None, **changed: Any) -> Case:
    values = {
        "mission": post.mission.pk,
        "email": "holder@example.org",
        "language": "fr",
        "answers": FRENCH,
        **changed,
    }
    return casework.open_annulment_elsewhere(
        Elsewhere(**values), reason="A tip.", actor=actor or post.caseworker
    )


def follow_up(case: Case, post: stages.Post) -> None:
    """What is done after the decision, each by its role."""
    for task in walking.open_tasks(case):
        officer = post.clerk if task.lane == Role.INTAKE_CLERK else post.caseworker
        casework.complete(case.reference, task.pk, DONE[task.node], actor=officer)


def code_of(act: Any, *args: Any, **kwargs: Any) -> str:
    with pytest.raises(Refused) as refusal:
        act(*args, **kwargs)
    return refusal.value.code


def test_a_granted_visa_is_annulled_after_a_hearing_and_its_letter_stands_no_longer(
    post: stages.Post,
) -> None:
    granted = stages.issued(post)
    visa, chief = granted.letters.get(kind="L10"), head(post)

    case = opened(granted, post.caseworker, visa_number="D1234567")

    assert (case.owner, case.mission, case.phase) == (granted.owner, granted.mission, Phase.IN_REVIEW)
    assert Case.objects.visible_to(granted.owner).filter(pk=case.pk).exists()
    assert {one.audience: one.author for one in case.messages.all()} == dict.fromkeys(
        [Audience.INTERNAL, Audience.APPLICANT], post.caseworker
    )
    assert Notification.objects.filter(case=case, kind="message", to=granted.owner).count() == 1
    assert code_of(opened, granted, chief) == "already_open"

    stages.do(case, post.caseworker, **FACTS)
    jobs.work()
    hearing = case.letters.get(kind="L04").values["versions"][0]["body"]
    assert [entry["value"] for entry in hearing["visa"]] == ["D1234567", visa.number]
    casework.reply(case.pk, "It was my bank's mistake.", actor=case.owner)
    stages.do(case, post.caseworker, **PROPOSED)
    with pytest.raises(Refused):
        stages.do(case, post.caseworker, approved=True)
    stages.do(case, chief, approved=True)
    assert verification.look_up(visa.code).is_valid
    jobs.work()

    decision = case.decisions.get()
    assert (decision.ends, decision.visa_number, decision.visa_issued_on) == (
        visa, "D1234567", clock.today("Asia/Kolkata"),
    )  # fmt: skip
    assert verification.look_up(visa.code).status == "revoked"
    follow_up(case, post)
    case.refresh_from_db()
    assert (case.phase, case.outcome, walking.letters(case)) == (
        Phase.CLOSED,
        "annulled",
        ["L04.hearing", "L08"],
    )
    assert (proceedings.standing_grant(granted), code_of(opened, granted, chief)) == (None, "no_visa")


def test_a_visa_of_another_state_is_revoked_at_the_request_of_a_holder_without_an_account(
    post: stages.Post,
) -> None:
    case = elsewhere(post)
    holder = User.objects.get(email="holder@example.org")
    assert (case.owner, case.language, holder.is_official) == (holder, "fr", False)
    assert "FRA123456" in case.messages.get(audience=Audience.APPLICANT).body
    assert code_of(elsewhere, post) == "already_open"

    stages.do(
        case, post.caseworker, kind="revoke", grounds=["17"], facts="The holder asked for it.", danger=False
    )
    stages.do(case, post.caseworker, recommendation="revoke", grounds=["17"])
    stages.do(case, head(post), approved=True)
    jobs.work()
    assert "notify_state" in [task.node for task in walking.open_tasks(case)]
    follow_up(case, post)

    case.refresh_from_db()
    assert (case.phase, case.outcome, walking.letters(case)) == (Phase.CLOSED, "revoked", ["L08"])
    assert Letter.objects.get(case=case).decision.ends is None


def test_a_visa_that_stands_is_told_to_the_holder(post: stages.Post) -> None:
    case = elsewhere(post)
    stages.do(case, post.caseworker, **FACTS | {"danger": True})
    stages.do(case, post.caseworker, recommendation="stand")
    stages.do(case, head(post), approved=True)
    stages.do(case, post.caseworker, told="Your visa stays valid.")

    case.refresh_from_db()
    assert (case.phase, case.outcome) == (Phase.CLOSED, "visa_stands")
    assert case.messages.filter(audience=Audience.APPLICANT).latest("pk").body == "Your visa stays valid."


def test_only_officers_of_the_mission_open_one_and_only_for_a_visa_and_a_holder(post: stages.Post) -> None:
    sent = stages.sent()
    abroad = factories.official(Role.CASEWORKER, mission=factories.mission())
    before = Case.objects.count()

    assert code_of(opened, sent, post.caseworker) == "no_visa"
    assert code_of(opened, sent, post.clerk) == "forbidden"
    assert code_of(opened, sent, sent.owner) == code_of(opened, sent, abroad) == "not_found"
    assert code_of(elsewhere, post, abroad) == code_of(elsewhere, post, sent.owner) == "forbidden"
    assert (
        code_of(elsewhere, post, email=abroad.email) == code_of(elsewhere, post, email="nobody") == "invalid"
    )
    for wrong in ({"visa_number": None}, {"visa_issued_on": (clock.today() + timedelta(days=3)).isoformat()}):
        assert code_of(elsewhere, post, answers=FRENCH | wrong) == "incomplete"
    with pytest.raises(NoSuchService):
        casework.start("annulment", language="en", actor=sent.owner, answers={})
    assert Case.objects.count() == before


def test_pages_lead_from_the_case_and_from_the_queue_to_a_case_of_its_own(post: stages.Post) -> None:
    granted = stages.issued(post)
    desk = factories.signed_in(Client(), post.caseworker)
    address = f"/desk/cases/{granted.reference}/annulment/"
    assert address.encode() in desk.get(f"/desk/cases/{granted.reference}/").content
    assert desk.post(address, {"reason": ""}).status_code == 422

    assert desk.post(address, {"reason": "A tip."}).status_code == 302

    case = Case.objects.get(service="annulment")
    assert case.reference.encode() in desk.get(f"/desk/cases/{granted.reference}/").content
    assert b"A tip." in desk.get(f"/desk/cases/{case.reference}/").content
    own = factories.signed_in(Client(), granted.owner).get(f"/cases/{case.reference}/").content
    assert b"The mission has opened this case" in own
    assert b"A tip." not in own
    assert f"/cases/{case.reference}/appointment/".encode() not in own
    assert b"/desk/annulments/new/" in desk.get("/desk/").content
    typed = {
        f"visa-{name}": value
        for name, value in FRENCH.items()
        if not isinstance(value, str) or "-" not in value
    }
    for day in ("birth_date", "visa_issued_on"):
        year, month, of_month = FRENCH[day].split("-")
        typed |= {f"visa-{day}_year": year, f"visa-{day}_month": month, f"visa-{day}_day": of_month}
    typed |= {"email": "h@example.org", "reason": "A tip.", "mission": str(post.mission.pk), "language": "ar"}
    typed["visa-visa_number"] = ""
    again = desk.post("/desk/annulments/new/", typed)
    assert (again.status_code, b"h@example.org" in again.content) == (422, True)
    assert desk.post("/desk/annulments/new/", typed | {"visa-visa_number": "FRA1"}).status_code == 302
