"""The page of one case: what stands there follows from what has happened."""

import html
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.utils.formats import date_format

from consular import casework
from consular.appointments.models import Booking
from consular.cases import forecast
from consular.cases.models import Case
from consular.core import clock
from tests import factories, stages
from tests.cases.lately import decided

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("missions")]

NOTHING_TO_DO = "have to do anything"
STILL_TO_BOOK = "You still need an appointment"
COME_ONCE = "You have to come to the mission once"
IS_OVER = "Your appointment was on"


def said(case: Case) -> set[str]:
    """Which of these sentences the applicant reads."""
    client = factories.signed_in(Client(), case.owner)
    page = client.get(f"/cases/{case.reference}/").content.decode()
    return {sentence for sentence in (NOTHING_TO_DO, STILL_TO_BOOK, COME_ONCE, IS_OVER) if sentence in page}


def test_the_list_begins_with_what_was_worked_on_last_and_names_drafts_too() -> None:
    owner = factories.applicant()
    first = stages.draft(owner, surname="First", given_names="Ann")
    stages.draft(owner, surname="Second", given_names=None)
    stages.draft(owner, surname=None, given_names=None)
    casework.save(first.pk, {"birth_place": "Accra"}, revision=0, actor=owner)

    rows = factories.signed_in(Client(), owner).get("/my/").context["rows"]

    assert [row.name for row in rows] == ["First, Ann", "", "Second"]


@pytest.fixture
def post() -> stages.Post:
    return stages.ministry()


def test_who_has_no_appointment_is_not_told_that_there_is_nothing_to_do(post: stages.Post) -> None:
    assert said(stages.sent()) == {STILL_TO_BOOK, COME_ONCE}


def test_who_has_an_appointment_has_nothing_to_do(post: stages.Post) -> None:
    case = stages.sent()
    stages.booked(case)

    assert said(case) == {NOTHING_TO_DO}


def test_who_has_been_at_the_mission_is_not_asked_to_come_again(post: stages.Post) -> None:
    case = stages.at_examination(post)
    ended = Booking.objects.get(case=case).slot.ends_at

    with clock.at(ended + timedelta(minutes=1)):
        assert said(case) == {NOTHING_TO_DO, IS_OVER}


def test_a_cancelled_appointment_is_none(post: stages.Post) -> None:
    case = stages.sent()
    booking = stages.booked(case)
    casework.cancel_booking(booking.reference, actor=case.owner)

    with clock.at(booking.slot.ends_at + timedelta(minutes=1)):
        assert said(case) == {STILL_TO_BOOK, COME_ONCE}


@pytest.mark.parametrize(
    ("text", "sentence"), [(" ", "Write a message first."), ("x" * 5_001, "up to 5,000 characters")]
)
def test_a_message_that_cannot_be_sent_is_said_at_the_top_and_stays(
    post: stages.Post, text: str, sentence: str
) -> None:
    case = stages.sent()
    client = factories.signed_in(Client(), case.owner)

    answer = client.post(f"/cases/{case.reference}/messages/", {"text": text})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "<title>Error" in page
    assert page.index('<a href="#text">') < page.index("<h1>") < page.index('id="text_error"')
    assert page.count(sentence) == 2
    assert f"\n{text}</textarea>" in page


def test_a_case_that_is_decided_speaks_of_no_appointment(post: stages.Post) -> None:
    case = stages.issued(post)
    Booking.objects.update(active_until=clock.now())

    assert said(case) == set()


def way(case: Case) -> list[tuple[str, str]]:
    """The steps the applicant reads, with how each stands."""
    shown = factories.signed_in(Client(), case.owner).get(f"/cases/{case.reference}/")
    return [(part.what, part.standing.value) for part in shown.context["way"]]


def test_the_applicant_reads_the_few_steps_of_the_usual_way(post: stages.Post) -> None:
    found = way(stages.sent())

    assert [standing for _what, standing in found] == ["open", *["ahead"] * 6]
    assert found[0][0] == "The mission checks whether your application is complete"
    assert found[-1][0] == "You collect your documents"


def test_the_steps_name_nobody_and_hide_who_looks_at_what(post: stages.Post) -> None:
    case = stages.at_decision(post)

    shown = factories.signed_in(Client(), case.owner).get(f"/cases/{case.reference}/").content.decode()

    for inner in (
        post.caseworker.name,
        post.decider.name,
        "/process/",
        "Decide on the application",
        "registers",
    ):
        assert inner not in shown
    assert ("The mission examines your application and decides", "open") in way(case)


def test_that_a_proposal_was_sent_back_does_not_show(post: stages.Post) -> None:
    case = stages.at_decision(post)
    before = way(case)

    stages.do(case, post.decider, approved=False, reason="The dates do not fit.")

    assert way(case) == before


@pytest.fixture
def lately(post: stages.Post) -> Iterator[None]:
    """Half of the cases at the mission were decided within five days, nine of ten within nine."""
    forecast.forget()
    decided(post.mission, [5] * 12 + [9] * 7 + [30])
    yield
    forecast.forget()


def expected(case: Case) -> str:
    """What the applicant reads about how long it takes."""
    page = factories.signed_in(Client(), case.owner).get(f"/cases/{case.reference}/")
    text: str = page.context["forecast"]
    assert text in html.unescape(page.content.decode())
    return text


def test_before_the_papers_are_taken_in_the_applicant_reads_how_long_it_takes(lately: None) -> None:
    assert "took up to 5 days." in expected(stages.sent())


def test_once_they_are_the_applicant_reads_by_which_days_and_later_that_it_takes_longer(
    post: stages.Post, lately: None
) -> None:
    case = stages.at_examination(post)
    today = clock.today(post.mission.time_zone)

    def day(number: int) -> str:
        return date_format(today + timedelta(days=number), "DATE_FORMAT")

    text = expected(case)
    assert f"half of such applications are decided by {day(5)}, nine of ten by {day(9)}." in text
    assert text.endswith("This is no promise.")
    with clock.at(clock.now() + timedelta(days=6)):
        text = expected(case)
        assert f"nine of ten such applications are decided by {day(9)}." in text
        assert day(5) not in text
    with clock.at(clock.now() + timedelta(days=10)):
        text = expected(case)
        assert text.startswith("Your application is taking longer than nine of ten")
        assert day(9) not in text


def test_where_too_few_were_decided_nothing_is_said(post: stages.Post) -> None:
    forecast.forget()
    assert expected(stages.at_examination(post)) == ""


def test_a_decided_case_has_no_forecast(post: stages.Post, lately: None) -> None:
    assert expected(stages.issued(post)) == ""


def test_the_legal_period_is_told_until_the_decision(post: stages.Post) -> None:
    def facts(case: Case) -> list[str]:
        page = factories.signed_in(Client(), case.owner).get(f"/cases/{case.reference}/")
        return [fact.value for fact in page.context["facts"]]

    period = "Calendar days until the decision: 15 as a rule, 45 at most."
    assert period in facts(stages.sent())
    assert period not in facts(stages.issued(post))
