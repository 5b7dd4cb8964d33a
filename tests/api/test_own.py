"""Cases and bookings by key: the same verbs as the pages, nobody else's data, no question that breaks it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from consular import casework
from consular.accounts import tokens
from consular.accounts.models import Role
from consular.api import paging
from consular.appointments.models import Booking, Calendar, State
from consular.casework import appointments as holding
from consular.core import clock
from consular.core.errors import Refused
from tests import factories
from tests.api.asking import Partner
from tests.api.test_reference_data import BAD
from tests.appointments import factories as appointments

pytestmark = pytest.mark.django_db


@pytest.fixture
def calendar():
    return appointments.calendar()


@pytest.fixture
def case(calendar):
    return appointments.bookable_case(calendar)


def slot(calendar, days=3):
    return appointments.slot(calendar, 2, clock.now() + timedelta(days=days))


def held(partner, case, calendar):
    answer = partner.post("bookings/", {"case": case.reference, "slot": slot(calendar).pk})
    assert answer.status_code == 201, answer.content
    return answer


def test_a_time_is_held_confirmed_moved_and_given_back(case, calendar):
    partner = Partner(case.owner)
    booking = held(partner, case, calendar)
    address = f"bookings/{booking.json()['reference']}/"
    later = slot(calendar, 5)

    confirmed = partner.post(address + "confirm/").json()
    moved = partner.post(address + "move/", {"slot": later.pk}).json()
    listed = partner.get("bookings/").json()["items"]
    cancelled = partner.post(address + "cancel/").json()

    assert booking.json()["state"] == "held"
    assert booking["Location"] == "http://testserver/api/v1/" + address
    assert confirmed["state"] == "confirmed"
    assert (moved["slot"], moved["case"]) == (later.pk, case.reference)
    assert listed == [moved]
    assert cancelled["state"] == "cancelled"
    assert partner.get("bookings/").json()["items"] == []
    assert partner.get(address).json() == cancelled


def test_what_is_done_to_one_of_a_family_is_done_to_all(calendar):
    owner, wide = factories.applicant(), appointments.slot(calendar, 2, clock.now() + timedelta(days=3))
    cases = [appointments.bookable_case(calendar, owner=owner) for _ in range(2)]
    stranger = appointments.bookable_case(calendar)
    partner, later = Partner(owner), slot(calendar, 5)
    asked = {"case": cases[0].reference, "slot": wide.pk}
    assert partner.post("bookings/", {**asked, "others": [stranger.reference]}).json()["field"] == "others"
    first = partner.post("bookings/", {**asked, "others": [cases[1].reference]}).json()
    second = Booking.objects.exclude(reference=first["reference"]).get()
    address = f"bookings/{second.reference}/"

    answers = [partner.post(f"{address}{act}/", body) for act, body in (
        ("confirm", {}), ("confirm", {}), ("move", {"slot": later.pk}), ("cancel", {}), ("cancel", {}),
    )]  # fmt: skip

    told = [(one.json()["state"], one.json()["slot"]) for one in answers]
    done = [("confirmed", wide.pk)] * 2 + [("confirmed", later.pk)] + [("cancelled", later.pk)] * 2
    assert told == done
    assert {(one.json()["people"], one.json()["party"]) for one in answers} == {(2, first["reference"])}
    assert set(Booking.objects.values_list("state", "place__slot")) == {("cancelled", later.pk)}
    with pytest.raises(Refused, match="booked together"):
        casework.cancel_booking(second.reference, actor=owner)


def test_a_refusal_says_why_in_the_language_asked_for(case, calendar):
    partner = Partner(case.owner)
    first = held(partner, case, calendar).json()["reference"]
    partner.post(f"bookings/{first}/confirm/")

    answer = partner.post(
        "bookings/", {"case": case.reference, "slot": slot(calendar, 6).pk}, **{"Accept-Language": "de"}
    )

    assert (answer.status_code, answer.json()["code"]) == (409, "already_booked")
    assert answer.json()["detail"].startswith("Sie haben ")


def test_times_that_are_offered_or_are_for_fewer_people_are_not_called_taken(case, calendar):
    other = appointments.bookable_case(calendar, owner=case.owner)
    Calendar.objects.update(mode="draw")
    body = {"case": case.reference, "slot": slot(calendar).pk}
    partner = Partner(case.owner)
    answers = [partner.post("bookings/", {**body, **more}) for more in ({}, {"others": [other.reference]})]

    assert [(one.status_code, one.json()["code"]) for one in answers] == [(409, "not_direct")] * 2
    Calendar.objects.update(mode="direct", most_people=1)
    many = partner.post("bookings/", {**body, "others": [other.reference]})
    assert (many.status_code, many.json()["code"]) == (409, "too_many")


def test_who_has_asked_too_often_is_told_when_to_come_again(case, calendar, monkeypatch):
    monkeypatch.setattr(holding, "HOLDS", replace(holding.HOLDS, most=1))
    partner, times = Partner(case.owner), [slot(calendar, days).pk for days in (3, 4)]
    begun = clock.now()
    with clock.at(begun):
        assert partner.post("bookings/", {"case": case.reference, "slot": times[0]}).status_code == 201
    with clock.at(begun + timedelta(minutes=50)):
        Booking.objects.update(active_until=begun + timedelta(hours=1))
        answer = partner.post("bookings/", {"case": case.reference, "slot": times[1]})

    assert (answer.status_code, answer["Retry-After"]) == (429, "600")


def test_a_hold_that_is_over_says_so(case, calendar):
    partner = Partner(case.owner)
    reference = held(partner, case, calendar).json()["reference"]
    Booking.objects.update(active_until=clock.now() - timedelta(seconds=1))

    assert partner.get(f"bookings/{reference}/").json()["state"] == "expired"
    assert partner.get("bookings/").json()["items"] == []
    assert Booking.objects.get().state == State.HELD


def test_nobody_elses_case_or_booking_is_there(case, calendar):
    reference = held(Partner(case.owner), case, calendar).json()["reference"]
    before = Booking.objects.values().get()
    stranger = Partner(factories.applicant())
    answers = [
        stranger.get(f"cases/{case.reference}/"),
        stranger.get(f"bookings/{reference}/"),
        stranger.post("bookings/", {"case": case.reference, "slot": slot(calendar, 8).pk}),
        stranger.post(f"bookings/{reference}/confirm/"),
        stranger.post(f"bookings/{reference}/move/", {"slot": slot(calendar, 9).pk}),
        stranger.post(f"bookings/{reference}/cancel/"),
    ]

    assert [answer.status_code for answer in answers] == [404] * 6
    assert stranger.get("cases/").json()["items"] == stranger.get("bookings/").json()["items"] == []
    assert Booking.objects.values().get() == before


def test_an_officers_account_gets_no_key_because_a_key_has_no_second_factor(case, calendar):
    officer = factories.official(Role.CASEWORKER, mission=calendar.mission)

    with pytest.raises(Refused) as refused:
        tokens.create(officer, name="test", days=30)

    assert refused.value.code == "official"


def test_a_key_ends_when_its_account_becomes_an_officers(case):
    partner = factories.applicant()
    asks = Partner(partner)
    assert asks.get("cases/").status_code == 200

    type(partner).objects.filter(pk=partner.pk).update(kind="staff")

    assert asks.get("cases/").status_code == 401


def test_a_case_is_found_however_its_reference_is_typed(case):
    partner = Partner(case.owner)

    assert partner.get(f"cases/{case.reference.lower().replace('-', ' ')}/").json() == {
        "reference": case.reference,
        "service": "schengen_visa",
        "phase": case.phase,
        "outcome": "",
        "mission": case.mission.code,
        "submitted_at": case.submitted_at.isoformat().replace("+00:00", "Z"),
    }


def test_no_reference_or_number_breaks_it(case, calendar):
    partner = Partner(case.owner)
    for value in BAD:
        for body in ({"case": value, "slot": 1}, {"case": case.reference, "slot": value}):
            assert partner.post("bookings/", body).status_code in (404, 409, 422), value
        assert partner.get("cases/", {"after": value}).status_code in (200, 422), value
    for value in (-1, 0, 2**63 - 1, 2**63, 2**70, 1.5, True, None, [], {}, "1e9"):
        body = {"case": case.reference, "slot": value}
        assert partner.post("bookings/", body).status_code in (409, 422), value
    for reference in ("%00", "%E2%80%AE", "a%0Ab", "x" * 10_000, "%2e%2e%2f", "-" * 20, "%ED%A0%80"):
        for action in ("confirm/", "move/", "cancel/", ""):
            ask = partner.post if action else partner.get
            assert (
                ask(f"bookings/{reference}/{action}", *([{"slot": 1}] if action else [])).status_code == 404
            )


def test_own_data_is_kept_by_nobody_on_the_way(case):
    partner = Partner(case.owner)

    for address in ("cases/", f"cases/{case.reference}/", "bookings/", "cases/NONE/"):
        assert partner.get(address)["Cache-Control"] == "no-store"


def test_long_lists_come_in_pages(monkeypatch):
    owner = factories.applicant()
    made = [factories.sent_case(owner=owner, mission=factories.mission()).reference for _ in range(5)]
    monkeypatch.setattr(paging, "PAGE", 2)
    partner, seen, address = Partner(owner), [], "cases/"
    while address:
        answer = partner.get(address).json()
        seen.append([item["reference"] for item in answer["items"]])
        address = answer["next"] and answer["next"].removeprefix("http://testserver/api/v1/")

    newest_first = made[::-1]
    assert seen == [newest_first[:2], newest_first[2:4], newest_first[4:]]


def test_a_page_may_begin_after_a_booking_that_was_given_back_since(case, calendar):
    partner = Partner(case.owner)
    reference = held(partner, case, calendar).json()["reference"]
    partner.post(f"bookings/{reference}/cancel/")

    assert partner.get("bookings/", {"after": reference}).json() == {"items": [], "next": None}


def test_a_page_does_not_begin_after_somebody_elses_case(case):
    answer = Partner(factories.applicant()).get("cases/", {"after": case.reference})

    assert answer.json()["errors"] == {"after": ["There is no such entry in this list."]}


def test_more_rows_need_no_more_queries(django_assert_num_queries, calendar):
    owner = factories.applicant()
    partner = Partner(owner)
    for number in range(4):
        held(
            partner,
            appointments.bookable_case(calendar, owner=owner),
            appointments.calendar(calendar.mission),
        )
        for address in ("cases/", "bookings/"):
            with django_assert_num_queries(2):
                assert len(partner.get(address).json()["items"]) == number + 1
