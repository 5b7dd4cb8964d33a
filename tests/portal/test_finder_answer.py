"""What the answer of the finder says: change, local money, situation, appointment, who else, elsewhere."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import translation

from consular import formspec
from consular.cases import forecast
from consular.cases.forecast import Forecast
from consular.cases.models import Answers
from consular.core import clock
from consular.missions.models import District, ExchangeRate, Mission
from consular.portal import finder_answer, forecasting
from tests.appointments import factories as appointments
from tests.cases.lately import decided
from tests.portal.test_finder import BASE, find, network

__all__ = ["network"]

pytestmark = pytest.mark.django_db
MUMBAI = {**BASE, "country": "IN", "state": "IN-MH"}


def text(page: str) -> str:
    """What the answer says, in one line."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.split("<main")[1].split("</main>")[0]))


def ask(client: Client, language: str = "en", **asked: str) -> str:
    status, page = find(client, language, **asked)
    assert status == 200
    return text(page)


def test_what_will_change_is_said_before_it_does(client: Client) -> None:
    change = clock.today() + timedelta(days=100)
    District.objects.filter(area="IN-MH", service_group="visa_c").update(valid_to=change)
    mission = Mission.objects.get(code="NEWD")
    District.objects.create(mission=mission, service_group="visa_c", area="IN-MH", valid_from=change)

    page = ask(client, **MUMBAI)

    assert "Consulate General in Mumbai" in page
    assert f"From {change.day} {change:%B %Y}, the Embassy in New Delhi will be responsible" in page
    assert "will be responsible" not in ask(client, **{**MUMBAI, "state": "IN-GJ"})


def test_fees_are_told_in_local_money_with_the_day_of_the_rate(client: Client) -> None:
    ExchangeRate.objects.create(currency="INR", valid_from=date(2026, 3, 1), per_euro="78.6", step=100)

    page = ask(client, **MUMBAI)

    assert "€45.00 (in local money ₹3,600.00)" in page
    assert "€90.00 (in local money ₹7,100.00)" in page
    assert "rate of 1 March 2026: €1.00 is 78.6 INR" in page
    assert "This rate still has to be confirmed" not in page


def test_where_euro_are_paid_no_rate_is_told(client: Client) -> None:
    page = ask(client, **BASE, country="XK")

    assert "€90.00" in page
    assert "local money" not in page.replace("local currency", "")


@pytest.mark.parametrize(
    ("facts", "says", "does_not"),
    [
        ({}, "Age 6 to 11", "In your case"),
        ({"my-age": "0-5"}, "In your case free of charge", "Age 6 to 11 free"),
        ({"my-age": "6-11"}, "In your case €45.00", "€90.00"),
        ({"my-age": "6-11"}, "Consent of the parents", "nothing of that"),
        ({"my-age": "18-25"}, "In your case €90.00", "Consent of the parents"),
        ({"my-purposes": "study"}, "Every age free of charge", "€90.00"),
        ({"my-eu_family": "yes"}, "Every age free of charge", "Travel medical insurance"),
        ({"my-eu_family": "no"}, "€90.00", "Every age"),
        ({"my-german_family": "yes"}, "Every age free of charge", "€90.00"),
    ],
)
def test_fee_and_documents_follow_the_situation(
    client: Client, facts: dict[str, str], says: str, does_not: str
) -> None:
    page = ask(client, **MUMBAI, **facts)

    assert says in page
    assert does_not not in page


@pytest.mark.parametrize(
    ("service", "nationality", "said"),
    [
        ("schengen_visa", "DEU", "Germans need no visa"),
        ("schengen_visa", "FRA", "Switzerland need no visa"),
        ("schengen_visa", "IND", ""),
        ("passport", "IND", "issued only to Germans"),
        ("passport", "DEU", ""),
        ("emergency_travel_document", "IND", "ask the mission of your own state"),
    ],
)
def test_whom_a_service_is_not_for_is_told_at_once(service: str, nationality: str, said: str) -> None:
    told = finder_answer._not_for(formspec.latest(service), nationality)
    assert (said in told) if said else told == ""


def test_the_page_says_whom_a_service_is_not_for(client: Client) -> None:
    assert "Germans need no visa" in ask(client, **{**MUMBAI, "nationality": "DEU"})
    assert "need no visa" not in ask(client, **MUMBAI)


def test_an_answer_that_does_not_fit_is_named_and_the_rest_is_told(client: Client) -> None:
    status, page = find(client, **MUMBAI, **{"my-age": "old"})

    assert status == 422
    assert page.count("Please choose an answer from the list.") == 2
    assert "Age 6 to 11" in text(page)


def test_the_next_free_time_is_told_where_appointments_are_given(client: Client) -> None:
    mission = Mission.objects.get(code="MUMB")
    assert "no appointments to choose here" in ask(client, **MUMBAI)
    calendar = appointments.calendar(mission)
    assert "At the moment there are no free times" in ask(client, **MUMBAI)
    appointments.slot(calendar, 1, clock.now() + timedelta(days=3))

    page = ask(client, **MUMBAI)

    assert "The next free time at the moment is on" in page
    assert "free of charge" in page
    for mode, said in (("list", "along a waiting list"), ("draw", "draws who is offered a time")):
        type(calendar).objects.update(mode=mode)
        page = ask(client, **MUMBAI)
        assert (said in page, "next free time" in page, "You choose a time" in page) == (True, False, False)


def test_who_else_takes_applications_and_what_it_may_cost(client: Client) -> None:
    page = ask(client, **MUMBAI)

    assert "VFS Global Ahmedabad, Goa, Mumbai, Pune" in page
    assert "It may charge €45.00 at most for itself" in page
    assert "Who else takes your application" not in ask(client, **BASE, country="KE")


def test_who_is_elsewhere_learns_what_is_possible_there(client: Client) -> None:
    page = ask(client, **MUMBAI, present="JO")

    assert "Consulate General in Mumbai" in page
    assert "There, the Embassy in Amman may take your application if you explain why" in page
    assert "There, the" not in ask(client, **MUMBAI, present="IN")


def test_where_one_is_goes_into_the_draft_of_an_emergency(client: Client) -> None:
    asked = {"service": "emergency_travel_document", "nationality": "DEU", "country": "DE", "present": "KE"}
    page = find(client, **asked)[1]
    sent = dict(
        re.findall(r'name="(residence|nationality|present)" value="([^"]+)"', page.split("/apply/")[1])
    )

    response = client.post("/apply/emergency_travel_document/", sent)

    assert "Embassy in Nairobi" in page
    assert response.status_code == 302
    answers = Answers.objects.get().data
    assert (answers["present_country"], answers["present_area"]) == ("KEN", "KE")


def test_who_lives_where_nobody_serves_is_helped_where_they_are(client: Client) -> None:
    page = ask(client, **BASE, country="AQ", present="JO")

    assert "Embassy in Amman" in page


def test_the_place_where_one_is_may_have_to_be_told_more_closely(client: Client) -> None:
    page = find(client, **BASE, country="AQ", present="US")[1]
    assert '<select name="present_state"' in page

    page = ask(
        client, **BASE, country="AQ", present="US", present_state="US-CA", present_county="US-CA/06037"
    )
    assert "Consulate General in Los Angeles" in page


def test_the_checklist_can_be_printed_without_the_questions(client: Client) -> None:
    page = find(client, **MUMBAI)[1]

    assert '<ul class="checklist">' in page
    assert '<details class="not-printed"' in page


@pytest.mark.parametrize("language", ["en", "de", "fr", "ar"])
def test_the_answer_is_light_in_every_language(client: Client, language: str) -> None:
    status, page = find(client, language, **MUMBAI, present="JO")

    assert status == 200
    assert len(page.encode()) < 40_000


@pytest.fixture
def measured() -> Iterator[Mission]:
    """The mission of Mumbai, with nothing known of what it decided lately."""
    forecast.forget()
    yield Mission.objects.get(code="MUMB")
    forecast.forget()


LATELY = [5] * 12 + [9] * 7 + [30]


def test_how_long_it_takes_here_now_is_what_was_measured(client: Client, measured: Mission) -> None:
    decided(measured, LATELY)
    since = (clock.now() - timedelta(weeks=8)).astimezone(ZoneInfo(measured.time_zone)).date()

    page = ask(client, **MUMBAI)

    assert f"Half of the applications decided here since {since.day} {since:%B %Y} took up to 5 days." in page
    assert "Nine of ten took up to 9 days." in page
    assert "This is no promise." in page
    assert "too few decided applications" not in page


def test_too_few_decisions_say_nothing(client: Client, measured: Mission) -> None:
    decided(measured, LATELY[:-1])

    page = ask(client, **MUMBAI)

    assert "too few decided applications" in page
    assert "Half of the applications" not in page


@pytest.mark.parametrize("language", ["en", "de", "fr", "ar"])
@pytest.mark.parametrize("days", [0, 1, 2, 3, 11, 100])
def test_every_number_of_days_is_said_in_every_language(language: str, days: int) -> None:
    with translation.override(language):
        said = forecasting.here(Forecast(20, date(2026, 9, 27), days, days + 1))

    assert "%" not in said
    assert said.count("2026") == 1
    assert ("Half" in said) == (language == "en")


def test_where_half_took_as_long_as_nine_of_ten_it_is_said_once() -> None:
    said = forecasting.here(Forecast(20, date(2026, 9, 27), 0, 0))

    assert said.startswith(
        "Nine of ten applications decided here since 27 September 2026 were decided on the same day."
    )
    assert "Half" not in said
