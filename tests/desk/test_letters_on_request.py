"""The register of letters, and the page on which letters are asked for, concerns entered and the file taken out."""

import io
import zipfile

import pytest
from django.test import Client
from django.urls import reverse

from consular.accounts.models import Role
from consular.cases.models import Case
from consular.core import clock, jobs
from consular.decisions import ending, issuing, keys
from consular.decisions.models import Concern, Letter
from consular.desk import register
from tests import factories
from tests.decisions import letters

pytestmark = pytest.mark.django_db


@pytest.fixture
def case() -> Case:
    keys.make_local()
    return factories.sent_case()


@pytest.fixture
def browser(case: Case) -> Client:
    return factories.signed_in(Client(), factories.official(Role.HEAD_OF_SECTION, mission=case.mission))


def issued(case: Case, count: int) -> list[Letter]:
    return [
        issuing.issue(case, "L01", key=f"{case.pk}/{number}", folder=letters.folder())
        for number in range(count)
    ]


def shown(browser: Client, **query: str) -> list[str]:
    page = browser.get(reverse("desk:register"), query)
    assert page.status_code == 200
    return [letter.number for letter in page.context["letters"]]


def test_the_register_shows_what_the_mission_issued(
    case: Case, browser: Client, monkeypatch: pytest.MonkeyPatch
):
    other = factories.sent_case()
    first, second, third = issued(case, 3)
    issued(other, 1)
    ending.supersede(first, end="corrected", by=second, reason="x", actor=factories.official())
    ending.supersede(second, end="revoked", reason="x", actor=factories.official())
    today = clock.today(case.mission.time_zone).isoformat()

    assert shown(browser) == [third.number, second.number, first.number]
    assert shown(browser, state="valid") == [third.number]
    assert shown(browser, state="superseded") == [first.number]
    assert shown(browser, state="revoked") == [second.number]
    assert shown(browser, kind="L01", first=today, last=today) == shown(browser)
    assert shown(browser, kind="L08") == shown(browser, last="2020-01-01") == []
    assert (
        shown(browser, first="0001-01-01", last="9999-12-31")
        == shown(browser, last="9999-12-30")
        == shown(browser)
    )
    assert browser.get(reverse("desk:register"), {"mission": other.mission.code}).status_code == 422
    assert browser.get(reverse("desk:register"), {"first": "nonsense\x00"}).status_code == 422
    assert shown(browser, after="x" * 50) == shown(browser)
    monkeypatch.setattr(register, "PAGE", 2)
    page = browser.get(reverse("desk:register"), {"kind": "L01"})
    following = browser.get(reverse("desk:register") + page.context["next_url"])
    assert [one.number for one in following.context["letters"]] == [first.number]
    assert (following.context["next_url"], following.context["first_url"]) == ("", "?kind=L01")

    Case.objects.filter(pk=case.pk).update(mission=other.mission)
    page = browser.get(reverse("desk:register"))
    assert len(page.context["letters"]) == 2
    assert reverse("desk:letter", args=[case.reference, third.pk]) not in page.content.decode()


def test_a_reprint_is_the_same_bytes(case: Case, browser: Client):
    [letter] = issued(case, 1)

    answers = [
        browser.get(reverse("desk:letter", args=[case.reference, letter.pk])).content for _ in range(2)
    ]

    assert answers == [bytes(letter.content)] * 2


def test_a_letter_is_asked_for_a_concern_entered_and_the_file_taken_out(case: Case, browser: Client):
    address = reverse("desk:letters", args=[case.reference])
    assert browser.get(address).content.count(b"<h1") == 1

    assert browser.post(address, {"name": "L16.notice", "about": ""}).status_code == 302
    wrong = {
        "act": "concern",
        "kind": "erasure",
        "received_on": "2026-01-05",
        "subject": "<b>Delete</b>",
        "reply": "refused",
    }
    page = browser.post(address, wrong)
    assert page.status_code == 422
    assert "&lt;b&gt;Delete" in page.content.decode()
    assert browser.post(address, {**wrong, "reasons": "The law {{ x }} says two years."}).status_code == 302
    jobs.work()

    assert Concern.objects.get(case=case).number.startswith(case.mission.code)
    assert set(case.letters.values_list("values__name", flat=True)) == {"L16.notice", "L16.erasure"}
    assert browser.post(address, {"name": "L16.notice", "about": ""}).status_code == 404
    assert browser.post(address, {"act": "file", "reason": ""}).status_code == 422
    answer = browser.post(address, {"act": "file", "reason": "VG Berlin"})
    assert "manifest.json.p7s" in zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
    assert case.applicant_name not in answer["Content-Disposition"]


def test_only_heads_of_section_enter_concerns(case: Case):
    officer = factories.signed_in(Client(), factories.official(Role.CASEWORKER, mission=case.mission))
    address = reverse("desk:letters", args=[case.reference])
    entered = {"act": "concern", "kind": "complaint", "received_on": "2026-01-05", "subject": "x"}

    assert b'value="concern"' not in officer.get(address).content
    assert officer.post(address, entered).status_code == 403
    assert officer.post(address, {"act": "file", "reason": "x"}).status_code == 403
    auditor = factories.signed_in(Client(), factories.official(Role.AUDITOR, mission=case.mission))
    assert auditor.get(address).status_code == 403
    assert auditor.get(reverse("desk:register")).status_code == 200
