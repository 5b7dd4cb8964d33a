"""A partner authority at the interface: it answers in time, late, twice, with garbage, or not at all."""

from datetime import timedelta

import pytest

from consular.api import paging
from consular.cases.consultations import TOLD, Consultation, ConsultationQuerySet
from consular.cases.models import Answers
from consular.casework import worker
from consular.core import clock, jobs
from tests import factories, stages
from tests.api.asking import Partner
from tests.casework import asking
from tests.casework.asking import FOREIGNERS, SECURITY

pytestmark = pytest.mark.django_db


@pytest.fixture
def partner() -> Partner:
    return Partner(asking.member("security"))


def consulting(*partners, **more):
    """A case with everything a form asks, that has asked these partners."""
    case = asking.consulting(*partners, **more)
    Answers.objects.filter(case=case).update(data=stages.answers(remarks="private"))
    return case


def address(case, partner="security") -> str:
    return f"consultations/{asking.asked(case, partner).reference}/answer/"


def listed(partner: Partner) -> list[str]:
    return [item["reference"] for item in partner.get("consultations/").json()["items"]]


def silence_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Long enough for any silence, and short enough for the key."""
    moment = clock.now() + timedelta(days=29)
    monkeypatch.setattr(clock, "now", lambda: moment)
    worker.wake(moment)
    jobs.work()


def test_a_partner_reads_what_it_is_asked_and_no_more(partner: Partner) -> None:
    case = consulting(SECURITY, FOREIGNERS)
    asked = asking.asked(case)

    (item,) = partner.get("consultations/").json()["items"]

    assert item["reference"] == asked.reference
    assert (item["service"], item["mission"], item["silence"]) == (case.service, case.mission.code, "consent")
    assert item["facts"]["surname"] == "Mensah"
    assert set(item["facts"]) <= set(TOLD)
    text = str(item)
    for secret in (case.reference, case.owner.email, "ama.mensah@example.org", "Example Road", "private"):
        assert secret not in text


def test_it_answers_in_time_and_the_process_goes_on(partner: Partner) -> None:
    case = consulting(SECURITY)

    answer = partner.post(address(case), {"answer": "conditions", "text": "Only for 30 days."})

    assert answer.status_code == 201
    assert answer.json()["consultation"] == asking.asked(case).reference
    assert (answer.json()["answer"], answer.json()["is_late"]) == ("conditions", False)
    assert answer["Cache-Control"] == "no-store"
    assert asking.variables(case)["answers"] == ["conditions"]
    assert listed(partner) == []


def test_it_asks_for_more_time_and_answers_later(partner: Partner) -> None:
    case = consulting(SECURITY, process=asking.PATIENT)

    partner.post(address(case), {"answer": "more_time"})
    (item,) = partner.get("consultations/").json()["items"]
    partner.post(address(case), {"answer": "consent"})

    assert item["due_at"] is None
    assert asking.variables(case)["answers"] == ["consent"]


def test_it_does_not_answer_at_all(partner: Partner, monkeypatch: pytest.MonkeyPatch) -> None:
    case = consulting(SECURITY)

    silence_counts(monkeypatch)

    assert listed(partner) == []
    assert asking.given(case) == [("consent", True, False)]


def test_it_answers_late_and_is_told_so(partner: Partner, monkeypatch: pytest.MonkeyPatch) -> None:
    case = consulting(SECURITY)
    silence_counts(monkeypatch)

    answer = partner.post(address(case), {"answer": "objection", "text": "Known."})

    assert (answer.status_code, answer.json()["is_late"]) == (201, True)
    assert asking.variables(case)["answers"] == ["consent"]


def test_it_answers_twice(partner: Partner) -> None:
    case = consulting(SECURITY)
    body = {"answer": "consent"}

    first = partner.post(address(case), body, **{"Idempotency-Key": "A-1"})
    again = partner.post(address(case), body, **{"Idempotency-Key": "A-1"})
    without = partner.post(address(case), body)
    other = partner.post(address(case), {"answer": "objection"}, **{"Idempotency-Key": "A-1"})

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert (without.status_code, without.json()["code"]) == (409, "duplicate")
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")
    assert asking.given(case) == [("consent", False, False)]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "invalid"),
        ({"answer": "yes"}, "invalid"),
        ({"answer": "none"}, "invalid"),
        ({"answer": None}, "invalid"),
        ({"answer": ["consent"]}, "invalid"),
        ({"answer": "consent", "reason": "?"}, "invalid"),
        ({"answer": "objection", "text": "x" * 5001}, "invalid"),
        ({"answer": "objection", "text": "a\x00b"}, "invalid"),
        ({"answer": "objection", "text": {"a": 1}}, "invalid"),
        ({"answer": "conditions"}, "empty"),
        ({"answer": "more_data", "text": "\u200b"}, "empty"),
        ([], "invalid"),
        ('"consent"', "invalid"),
    ],
)
def test_it_answers_garbage(partner: Partner, body: object, code: str) -> None:
    case = consulting(SECURITY)

    answer = partner.post(address(case), body)

    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert asking.given(case) == []


def test_it_sends_no_json_or_a_strange_key(partner: Partner) -> None:
    case = consulting(SECURITY)

    broken = partner.client.post(f"/api/v1/{address(case)}", b'{"answer": ', content_type="application/json")
    long = partner.post(address(case), {"answer": "consent"}, **{"Idempotency-Key": "x" * 81})
    strange = partner.post(address(case), {"answer": "consent"}, **{"Idempotency-Key": "a\x07b"})

    assert broken.status_code == 400
    assert [answer.json()["field"] for answer in (long, strange)] == ["Idempotency-Key"] * 2
    assert asking.given(case) == []


def test_strangers_find_nothing_and_are_written_down(partner: Partner) -> None:
    case = consulting(SECURITY, FOREIGNERS)
    others = [
        partner.post(address(case, "foreigners"), {"answer": "consent"}),
        Partner(factories.applicant()).post(address(case), {"answer": "consent"}),
        Partner(case.owner).post(address(case), {"answer": "consent"}),
    ]
    nobody = Partner()

    assert [answer.status_code for answer in others] == [404, 404, 404]
    assert listed(Partner(factories.applicant())) == []
    assert nobody.post(address(case), {"answer": "consent"}).status_code == 401
    assert nobody.get("consultations/").status_code == 401
    assert case.events.filter(kind="answer_refused").count() == 3
    unknown = partner.post("consultations/AAAA/answer/", {"answer": "consent"})
    assert unknown.json() == others[0].json()


def test_long_lists_come_page_by_page(partner: Partner, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = [consulting(SECURITY) for _ in range(3)]
    monkeypatch.setattr(paging, "PAGE", 2)

    first = partner.get("consultations/").json()
    asking.reply(cases[1], "consent", asking.caseworker(cases[1]))
    second = partner.get("consultations/", {"after": first["items"][-1]["reference"]}).json()

    seen = [item["reference"] for item in (*first["items"], *second["items"])]
    assert seen == [asking.asked(case).reference for case in reversed(cases)]
    assert second["next"] is None


def test_a_member_that_has_left_reads_nothing() -> None:
    user = asking.member("security")
    partner = Partner(user)
    case = consulting(SECURITY)
    before = listed(partner)

    user.answers_for.update(ends_on=clock.today() - timedelta(days=1))

    assert len(before) == 1
    assert listed(partner) == []
    assert partner.post(address(case), {"answer": "consent"}).status_code == 404


def test_a_case_that_is_over_is_shown_to_nobody(partner: Partner) -> None:
    case = consulting(SECURITY)
    case.instance.tokens.all().delete()

    assert listed(partner) == []
    assert Consultation.objects.filter(closed_at=None).exists()


def test_without_visible_to_a_partner_would_read_what_others_were_asked(
    partner: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    consulting(FOREIGNERS)
    assert listed(partner) == []

    monkeypatch.setattr(ConsultationQuerySet, "visible_to", lambda rows, *_who: rows.all())

    assert len(listed(partner)) == 1
