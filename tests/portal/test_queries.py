"""The pages of applicants take the same few statements however much there is: a guard that no machine can blur."""

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from consular import casework
from consular.accounts.models import User
from consular.cases import forecast
from consular.cases.models import Audience, Case, Event, Message
from consular.core import clock
from consular.formspec import judging
from tests import factories, stages
from tests.cases import lately
from tests.portal import drafting

pytestmark = pytest.mark.django_db(transaction=True)

FEW, MANY = 2, 25


@pytest.fixture
def owner() -> User:
    stages.ministry()
    return factories.applicant()


@pytest.fixture
def browser(owner: User) -> Client:
    return factories.signed_in(Client(), owner)


def statements(browser: Client, address: str, **typed: object) -> int:
    """How many statements the page takes, once everything that is read once has been read."""

    def ask() -> HttpResponse:
        return browser.post(address, typed) if typed else browser.get(address)

    ask()
    with CaptureQueriesContext(connection) as queries:
        answer = ask()
    assert answer.status_code in (200, 302), answer.content
    sql = [query["sql"] for query in queries]
    assert not any("OFFSET" in text for text in sql)
    return len([text for text in sql if text not in ("BEGIN", "COMMIT")])


def correspond(case: Case, number: int) -> None:
    """So many messages and so many lines of history."""
    now = clock.now()
    Message.objects.bulk_create(
        Message(case=case, audience=Audience.APPLICANT, author=case.owner, body="Hello", sent_at=now)
        for _ in range(number)
    )
    Event.objects.bulk_create(
        Event(case=case, at=now, kind="submitted", actor=factories.applicant()) for _ in range(number)
    )


def test_my_cases_take_as_many_statements_for_many_as_for_few(owner: User, browser: Client) -> None:
    for _ in range(FEW):
        stages.draft(owner)
    few = statements(browser, "/my/")
    for _ in range(MANY):
        stages.draft(owner)

    assert statements(browser, "/my/") == few <= 4


def test_a_case_takes_as_many_statements_with_a_long_history_as_with_a_short_one(
    owner: User, browser: Client
) -> None:
    case = stages.sent(owner)
    correspond(case, FEW)
    few = statements(browser, f"/cases/{case.reference}/")
    correspond(case, MANY)

    # One of them: times that the mission keeps for the case.
    assert statements(browser, f"/cases/{case.reference}/") == few <= 10


def test_a_forecast_takes_one_statement_more(owner: User, browser: Client) -> None:
    forecast.forget()
    case = stages.sent(owner)
    without = statements(browser, f"/cases/{case.reference}/")
    lately.decided(case.mission, [5] * 20)
    forecast.forget()

    assert statements(browser, f"/cases/{case.reference}/") == without + 1
    forecast.forget()


def test_the_free_times_take_as_many_statements_for_a_full_calendar_as_for_an_empty_one(
    owner: User, browser: Client
) -> None:
    case = stages.sent(owner)
    address = f"/cases/{case.reference}/appointment/"
    empty = statements(browser, address)
    stages.calendar(case.mission)

    assert statements(browser, address) <= empty + 3 <= 12


@pytest.mark.parametrize("page", ["", "identity/", "passport/", "residence/", "journey/", "review/"])
def test_every_page_of_a_draft_takes_three_statements(owner: User, browser: Client, page: str) -> None:
    draft = stages.draft(owner)

    to_take_from = 0 if page else 1  # whether there is an earlier application
    assert statements(browser, f"/drafts/{draft.reference}/{page}") <= 3 + to_take_from


def test_saving_a_page_takes_five_statements(owner: User, browser: Client) -> None:
    draft = casework.start(stages.SERVICE, language="en", actor=owner, answers=stages.answers())
    page = stages.folder().form.page("identity")
    assert page is not None
    typed = drafting.typed(page, stages.answers())

    assert statements(browser, f"/drafts/{draft.reference}/identity/", **typed) <= 5


@pytest.mark.parametrize(("address", "walks"), [("identity/", 2), ("", 1.5), ("review/", 1)])
def test_a_page_of_a_draft_judges_the_form_about_once_and_saving_it_at_most_twice(
    owner: User, browser: Client, monkeypatch: pytest.MonkeyPatch, address: str, walks: float
) -> None:
    draft, form, judged = stages.draft(owner), stages.folder().form, []
    judge = judging._judge
    monkeypatch.setattr(judging, "_judge", lambda *given: judged.append(given[0].id) or judge(*given))
    page = form.page(address.rstrip("/"))
    typed = {"data": drafting.typed(page, stages.answers())} if page else {}

    ask = browser.post if page else browser.get
    assert ask(f"/drafts/{draft.reference}/{address}", **typed).status_code in (200, 302)

    questions = {question.id for question in form.questions}
    assert len([name for name in judged if name in questions]) <= walks * len(questions)


def test_the_answer_of_the_finder_takes_few_statements(browser: Client) -> None:
    address = "/find/?service=schengen_visa&nationality=GHA&country=IN&state=IN-MH"

    assert statements(browser, address) <= 7


def test_sending_takes_few_statements(owner: User) -> None:
    stages.sent(owner)
    draft = stages.draft(owner)

    with CaptureQueriesContext(connection) as queries:
        casework.submit(draft.pk, attested=stages.ATTESTED, actor=owner)

    sql = [query["sql"] for query in queries if query["sql"] not in ("BEGIN", "COMMIT")]
    assert len(sql) <= 18, sql
