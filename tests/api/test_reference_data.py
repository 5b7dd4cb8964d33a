"""What everybody may ask: right answers, in the language asked for, and no question that breaks it."""

from datetime import date, timedelta

import pytest

from consular.cases import forecast
from consular.core import clock
from consular.missions import loading
from consular.missions.models import District, ExchangeRate, Mission
from tests import factories
from tests.api.asking import Partner
from tests.appointments import factories as appointments
from tests.cases.lately import decided

pytestmark = pytest.mark.django_db

BAD = [
    "",
    " ",
    "\x00",
    "\u202eabc",
    "\ud800",
    "x" * 10_000,
    "-1",
    str(2**70),
    "9" * 5_000,
    "0001-01-01",
    "9999-12-31",
    "2026-02-30",
    "<script>",
    "%(area)s %s {}",
    "' OR 1=1 --",
]
QUESTION = {"service": "schengen_visa", "nationality": "IND", "residence": "IN-MH"}


@pytest.fixture
def network():
    loading.load()


def bookable(places=3):
    """A calendar with one free slot in three days."""
    calendar = appointments.calendar()
    appointments.slot(calendar, places, clock.now() + timedelta(days=3))
    return calendar


def stretch(first=0, last=10):
    today = clock.today()
    return {"from": today + timedelta(days=first), "to": today + timedelta(days=last)}


def test_services_have_titles_in_the_language_asked_for():
    english, german = (
        Partner().get("services/", **{"Accept-Language": code}).json() for code in ("en", "de")
    )

    assert "Schengen visa" in [each["title"] for each in english]
    assert "Schengen-Visum" in [each["title"] for each in german]


def test_the_responsible_mission_comes_with_its_reason(network):
    answer = Partner().get("responsible/", QUESTION).json()

    assert answer["mission"]["code"] == answer["intake"] == answer["deciding_office"] == "MUMB"
    assert answer["mission"]["name"] == "Consulate General in Mumbai"
    assert answer["rule"].startswith("district:visa_c:IN-MH:")
    assert answer["because"].startswith("You live in Maharashtra, India.")


def test_how_long_it_takes_now_is_said_where_enough_was_decided(network):
    forecast.forget()
    assert Partner().get("responsible/", QUESTION).json()["forecast"] is None

    decided(Mission.objects.get(code="MUMB"), [5] * 12 + [9] * 8)
    forecast.forget()
    told = Partner().get("responsible/", QUESTION).json()["forecast"]
    forecast.forget()

    assert (told["cases"], told["half_days"], told["nine_of_ten_days"]) == (20, 5, 9)


def test_what_will_change_who_else_takes_applications_and_what_it_costs(network):
    change = clock.today() + timedelta(days=100)
    District.objects.filter(area="IN-MH", service_group="visa_c").update(valid_to=change)
    delhi = Mission.objects.get(code="NEWD")
    District.objects.create(mission=delhi, service_group="visa_c", area="IN-MH", valid_from=change)
    ExchangeRate.objects.create(currency="INR", valid_from=date(2026, 3, 1), per_euro="78.6", step=100)

    answer = Partner().get("responsible/", QUESTION).json()

    assert (answer["upcoming"]["on"], answer["upcoming"]["mission"]) == (change.isoformat(), "NEWD")
    assert {"kind": "provider", "name": "VFS Global", "city": "Pune", "is_uncertain": True} in answer[
        "alternatives"
    ]
    assert answer["fees"][-1] == {
        "from_age": 12, "to_age": None, "amount": "90.00", "currency": "EUR", "waived": False,
        "local_amount": "7100.00", "local_currency": "INR", "rate_of": "2026-03-01",
    }  # fmt: skip


def test_a_group_of_services_has_no_fee(network):
    answer = Partner().get("responsible/", {**QUESTION, "service": "passport_id"}).json()

    assert (answer["fees"], answer["upcoming"], answer["alternatives"]) == ([], None, [])


def test_another_destination_is_not_ours_to_examine(network):
    answer = Partner().get("responsible/", {**QUESTION, "destination": "FRA"})

    assert answer.status_code == 422
    assert answer.json()["detail"]


@pytest.mark.parametrize("name", ["service", "nationality", "residence", "on", "destination", "present_in"])
def test_no_question_about_responsibility_breaks_it(network, name):
    partner = Partner()
    for value in BAD:
        answer = partner.get("responsible/", {**QUESTION, name: value})

        assert answer.status_code in (200, 404, 422), value
        assert "\x00" not in answer.content.decode()


def test_what_is_missing_and_what_is_unknown_are_named():
    missing = Partner().get("responsible/", {"service": "schengen_visa"})
    unknown = Partner().get("responsible/", {**QUESTION, "nationalty": "IND"})
    nowhere = Partner().get("responsible/", {**QUESTION, "residence": "XX-YY"})

    assert missing.json()["errors"].keys() == {"nationality", "residence"}
    assert unknown.json()["errors"].keys() == {"nationalty"}
    assert (nowhere.json()["code"], nowhere.json()["field"]) == ("unknown_area", "residence")


def test_one_mission_is_found_by_its_code():
    factories.mission("DELH")

    assert Partner().get("missions/DELH/").json()["name"] == "Embassy in New Delhi"
    assert Partner().get("missions/NONE/").status_code == 404


def test_codes_are_read_in_capitals_or_not():
    mission = bookable().mission
    for address in ("missions/{}/", "missions/{}/calendars/", "missions/{}/availability/"):
        told = Partner().get(address.format(mission.code.lower()))
        assert told.json() == Partner().get(address.format(mission.code)).json()
        assert told.status_code == 200


def test_a_calendar_says_how_its_times_are_given_out_and_has_none_for_other_services():
    calendar = bookable()
    (told,) = Partner().get(f"missions/{calendar.mission.code}/calendars/").json()
    answers = [
        Partner().get(f"calendars/{calendar.pk}/slots/", {**stretch(), "service": service})
        for service in (*calendar.services, "passport")
    ]

    assert (told["mode"], told["most_people"]) == ("direct", 5)
    assert [answer.status_code for answer in answers] == [200, 422]
    assert answers[1].json()["errors"].keys() == {"service"}


def test_free_times_are_listed_with_their_places():
    calendar = bookable()
    (slot,) = Partner().get(f"calendars/{calendar.pk}/slots/", stretch()).json()

    assert slot["places"] == 3
    assert Partner().get(f"calendars/{calendar.pk}/slots/", stretch(5, 6)).json() == []
    assert Partner().get(f"calendars/{calendar.pk}/slots/", stretch(-20, -10)).json() == []


@pytest.mark.parametrize("days", [(0, 62), (5, 4)])
def test_too_long_or_backward_stretches_are_refused(days):
    answer = Partner().get(f"calendars/{bookable().pk}/slots/", stretch(*days))

    assert answer.status_code == 422
    assert answer.json()["errors"].keys() == {"to"}


def test_no_question_about_times_breaks_it():
    calendar = bookable()
    partner = Partner()
    for value in BAD:
        for query in (
            {"from": value, "to": value},
            {**stretch(), "from": value},
            {**stretch(), "to": value},
        ):
            assert partner.get(f"calendars/{calendar.pk}/slots/", query).status_code in (200, 422), value


@pytest.mark.parametrize("pk", ["0", str(2**31), str(2**63), str(2**70), "9" * 5_000, "-1", "1.5"])
def test_calendars_that_are_not_there(pk):
    assert Partner().get(f"calendars/{pk}/slots/", stretch()).status_code == 404


@pytest.mark.parametrize(
    "address", ["services/", "missions/", "missions/M/calendars/", "responsible/", "calendars/{pk}/slots/"]
)
def test_more_rows_need_no_more_queries(django_assert_max_num_queries, network, address):
    mission = factories.mission("M")
    calendar = appointments.calendar(mission)
    for number in range(5):
        appointments.calendar(mission)
        appointments.slot(calendar, 2, clock.now() + timedelta(days=3, hours=number))
    partner = Partner()
    query = {"responsible/": QUESTION, "calendars/{pk}/slots/": stretch()}.get(address)

    with django_assert_max_num_queries(6):
        assert partner.get(address.format(pk=calendar.pk), query).status_code == 200
