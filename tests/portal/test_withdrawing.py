"""The page on which an application is withdrawn, and what the pages say of how a case ended."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import translation

from consular.cases import outcomes
from consular.cases.models import Case, Phase
from consular.casework import worker
from consular.core import clock, jobs
from tests import factories, stages

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("missions")]


@pytest.fixture
def post() -> stages.Post:
    return stages.ministry()


@pytest.fixture
def case(post: stages.Post) -> Case:
    return stages.sent()


@pytest.fixture
def browser(case: Case) -> Client:
    return factories.signed_in(Client(), case.owner)


def address(case: Case) -> str:
    return f"/cases/{case.reference}/withdraw/"


def page(browser: Client, url: str) -> str:
    return browser.get(url).content.decode()


def test_the_case_leads_to_a_page_that_says_what_follows_and_asks(browser: Client, case: Case) -> None:
    assert address(case) in page(browser, f"/cases/{case.reference}/")

    asked = page(browser, address(case))

    assert "You cannot take this back" in asked
    assert 'form="withdraw-form"' in asked
    assert "A fee that you have paid is not refunded" in asked
    assert "Your appointment is cancelled" not in asked
    assert Case.objects.get(pk=case.pk).outcome == ""


def test_who_has_an_appointment_is_told_that_it_goes(browser: Client, case: Case) -> None:
    stages.booked(case)

    assert "Your appointment is cancelled" in page(browser, address(case))


def test_yes_withdraws_and_the_case_and_the_list_say_so(browser: Client, case: Case) -> None:
    answer = browser.post(address(case), {"text": ""})
    told = page(browser, f"/cases/{case.reference}/")

    assert (answer.status_code, answer["Location"]) == (302, f"/cases/{case.reference}/")
    assert "You have withdrawn your application" in told
    assert "You can start a new application at any time" in told
    assert address(case) not in told
    assert "Withdrawn" in page(browser, "/my/")


def test_who_has_papers_at_the_mission_is_told_when_to_collect_them(post: stages.Post) -> None:
    lodged = stages.at_examination(post)
    browser = factories.signed_in(Client(), lodged.owner)
    browser.post(address(lodged), {"text": ""})
    jobs.work()

    told = page(browser, f"/cases/{lodged.reference}/")

    assert "You have withdrawn your application" in told
    assert "Collect your documents at the mission" in told
    assert "decision is ready" not in told


def test_a_second_press_leads_to_the_case_again(browser: Client, case: Case) -> None:
    for _press in range(2):
        assert browser.post(address(case), {"text": ""}).status_code == 302


def test_a_reason_that_is_too_long_stays_on_the_page(browser: Client, case: Case) -> None:
    answer = browser.post(address(case), {"text": "z" * 5_001})

    assert answer.status_code == 422
    assert "up to 5,000 characters" in answer.content.decode()
    assert "z" * 5_001 in answer.content.decode()
    assert Case.objects.get(pk=case.pk).outcome == ""


def test_after_the_decision_a_sentence_says_why_not(post: stages.Post) -> None:
    decided = stages.decided(post)
    browser = factories.signed_in(Client(), decided.owner)

    answer = browser.post(address(decided), {"text": ""})

    assert answer.status_code == 409
    assert "Your application has been decided" in answer.content.decode()
    told = page(browser, address(decided))
    assert "Your application has been decided" in told
    assert 'form="withdraw-form"' not in told  # its languages would belong to no form, and do nothing
    assert address(decided) not in page(browser, f"/cases/{decided.reference}/")


def test_an_applicant_who_is_waited_for_reads_the_last_day_and_what_follows(
    post: stages.Post, case: Case, browser: Client
) -> None:
    stages.do(case, post.clerk, complete=False, request="A photograph, please.")

    told = page(browser, f"/cases/{case.reference}/")

    assert "You have until" in told
    assert "your application lapses" in told


def test_where_the_mission_goes_on_by_itself_the_page_says_that(post: stages.Post) -> None:
    case = stages.at_examination(post)
    stages.do(case, post.caseworker, recommendation="ask", request="Why?")

    told = page(factories.signed_in(Client(), case.owner), f"/cases/{case.reference}/")

    assert "After that day the mission goes on with what it has" in told


def test_a_lapsed_application_says_what_happened_and_what_can_be_done(
    post: stages.Post, case: Case, browser: Client
) -> None:
    stages.do(case, post.clerk, complete=True)
    worker.wake(clock.now() + timedelta(days=200))

    told = page(browser, f"/cases/{case.reference}/")

    assert "your application has lapsed" in told
    assert "this is not a refusal" in told
    assert "You can start a new application at any time" in told
    assert "Case closed: Lapsed" in told
    officer = factories.signed_in(Client(), post.clerk)
    assert "Case closed: Lapsed" in page(officer, f"/desk/cases/{case.reference}/")


def test_a_decision_is_told_by_the_letter_first(post: stages.Post) -> None:
    decided = stages.decided(post, **stages.REFUSING)
    assert (decided.outcome, outcomes.of(decided)) == ("refused", None)

    jobs.work()
    decided.refresh_from_db()

    assert decided.phase == Phase.READY
    with translation.override("en"):
        assert outcomes.of(decided).title == "Refused"
