"""Who may answer for a partner, what an answer must say, and what happens to one that is refused."""

from datetime import timedelta

import pytest

from consular import casework
from consular.accounts.models import Role
from consular.cases import history
from consular.casework.consultations import Given
from consular.core import clock
from consular.core.errors import Refused
from tests import factories
from tests.casework import asking
from tests.casework.asking import SECURITY

pytestmark = pytest.mark.django_db


def refused(act, *args, **more) -> tuple[str, int]:
    """With which code and status it is refused."""
    with pytest.raises(Refused) as refusal:
        act(*args, **more)
    return refusal.value.code, refusal.value.status


def test_the_same_answer_under_the_same_key_counts_once() -> None:
    case = asking.consulting(SECURITY)
    partner = asking.member("security")

    first = asking.reply(case, "consent", partner, key="K1")
    again = asking.reply(case, "consent", partner, key="K1")

    assert first == again
    assert refused(asking.reply, case, "objection", partner, key="K1") == ("key_reused", 422)
    assert refused(asking.reply, case, "consent", partner, key="K2") == ("duplicate", 409)
    assert asking.given(case) == [("consent", False, False)]


def test_who_may_answer() -> None:
    case = asking.consulting(SECURITY)
    today = clock.today()
    owner = asking.member("security", user=case.owner)
    people = {
        "partner": asking.member("security"),
        "last_day": asking.member("security", ends_on=today),
        "left": asking.member("security", ends_on=today - timedelta(days=1)),
        "not_yet": asking.member("security", starts_on=today + timedelta(days=1)),
        "other_partner": asking.member("foreigners"),
        "owner": owner,
        "second_account_of_owner": asking.member("security", user=factories.applicant(person=owner.person)),
        "closed": asking.member("security", user=factories.applicant(is_active=False)),
        "applicant": factories.applicant(),
        "caseworker": asking.caseworker(case),
        "abroad": factories.official(Role.CASEWORKER, mission=factories.mission()),
        **{
            role.value: factories.official(role, mission=case.mission)
            for role in (
                Role.HEAD_OF_SECTION,
                Role.DECIDER,
                Role.INTAKE_CLERK,
                Role.AUDITOR,
                Role.SLOT_MANAGER,
            )
        },
    }
    told: dict[str, set[str]] = {}
    for name, person in people.items():
        consultation = asking.asked(case)
        try:
            casework.answer(consultation.reference, Given("more_time"), actor=person)
            code = ""
        except Refused as refusal:
            code = refusal.code
        told.setdefault(code, set()).add(name)

    assert told == {
        "": {"partner", "last_day", "caseworker", "head_of_section"},
        "own_case": {"owner", "second_account_of_owner"},
        "forbidden": {"decider", "intake_clerk", "auditor"},
        "not_found": {"left", "not_yet", "other_partner", "closed", "applicant", "abroad", "slot_manager"},
    }


def test_strangers_and_duplicates_are_written_down_once_each_and_answered_alike() -> None:
    case = asking.consulting(SECURITY)
    stranger, partner = factories.applicant(), asking.member("security")
    reference = asking.asked(case).reference

    for _ in range(3):
        assert refused(casework.answer, reference, Given("consent"), actor=stranger) == ("not_found", 404)
    asking.reply(case, "consent", partner)
    for _ in range(3):
        assert refused(casework.answer, reference, Given("objection"), actor=partner) == ("duplicate", 409)

    events = case.events.filter(kind="answer_refused").order_by("pk")
    assert [(event.actor, event.data["code"]) for event in events] == [
        (stranger, "stranger"),
        (partner, "duplicate"),
    ]


@pytest.mark.parametrize(
    ("answer", "text", "field"),
    [
        ("", "", "answer"),
        ("yes", "", "answer"),
        ("none", "", "answer"),
        ("conditions", "", "text"),
        ("conditions", " \u200b\n ", "text"),
        ("more_data", "  ", "text"),
        ("objection", "x" * 5001, "text"),
    ],
)
def test_garbage_is_refused_at_its_field_and_nothing_is_written(answer: str, text: str, field: str) -> None:
    case = asking.consulting(SECURITY)

    with pytest.raises(Refused) as refusal:
        asking.reply(case, answer, asking.member("security"), text=text)

    assert (refusal.value.field, refusal.value.status) == (field, 422)
    assert asking.given(case) == []
    assert asking.told(case) == ["consulted"]


def test_what_is_typed_is_kept_without_what_nobody_sees() -> None:
    case = asking.consulting(SECURITY)

    answer = asking.reply(case, "objection", asking.member("security"), text=" A\u202eB\r\nC\x00 ")

    assert answer.text == "AB\nC"


def test_an_unknown_reference_is_not_found() -> None:
    assert refused(casework.answer, "AAAA-AAAA", Given("consent"), actor=factories.applicant()) == (
        "not_found",
        404,
    )


def test_officers_read_in_the_history_what_happened_and_applicants_do_not() -> None:
    case = asking.consulting(SECURITY)
    asking.reply(case, "consent", asking.member("security"))

    assert [entry.what for entry in history.for_officers(case)] == ["Answer of a partner", "Partner asked"]
    assert history.for_applicant(case) == []
