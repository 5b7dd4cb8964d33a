"""The same request under the same key is done once and answered the same, byte for byte."""

from datetime import timedelta

import pytest

from consular.api import once, throttling
from consular.appointments.models import Booking
from consular.core import clock, repeats
from consular.core.models import KeptAnswer
from tests import factories as people
from tests.api.asking import Partner
from tests.appointments import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def calendar():
    return factories.calendar()


@pytest.fixture
def case(calendar):
    return factories.bookable_case(calendar)


def slot(calendar, days=3):
    return factories.slot(calendar, 2, clock.now() + timedelta(days=days)).pk


def keyed(key):
    return {once.KEY: key}


def test_a_booking_goes_its_way_with_each_step_sent_twice(case, calendar):
    partner, first, later = Partner(case.owner), slot(calendar), slot(calendar, 5)
    body = {"case": case.reference, "slot": first}
    held = partner.post("bookings/", body, **keyed("a"))
    address = f"bookings/{held.json()['reference']}/"
    steps = [("confirm/", None, "b"), ("move/", {"slot": later}, "c"), ("cancel/", None, "d")]
    answers = [partner.post(address + step, given, **keyed(key)) for step, given, key in steps]
    sequence = Booking.objects.get().sequence

    again = [partner.post("bookings/", body, **keyed("a"))]
    again += [partner.post(address + step, given, **keyed(key)) for step, given, key in steps]

    assert [answer.status_code for answer in again] == [201, 200, 200, 200]
    assert [answer.content for answer in again] == [answer.content for answer in (held, *answers)]
    assert again[0]["Location"] == held["Location"]
    assert [answer["Idempotent-Replayed"] for answer in again] == ["true"] * 4
    assert (Booking.objects.count(), Booking.objects.get().sequence) == (1, sequence)


def test_a_refusal_is_repeated_as_well_and_another_body_is_bad_data(case, calendar):
    partner, full = Partner(case.owner), factories.slot(calendar, 1, clock.now() + timedelta(days=4))
    factories.held(full, now=clock.now())
    body = {"case": case.reference, "slot": full.pk}

    gone = partner.post("bookings/", body, **keyed("a"))
    Booking.objects.update(active_until=clock.now())
    full.places.update(free_from=clock.now())
    again = partner.post("bookings/", body, **keyed("a"))
    other = partner.post("bookings/", {**body, "slot": full.pk + 1}, **keyed("a"))

    assert (gone.status_code, gone.json()["code"]) == (409, "gone")
    assert (again.status_code, again.content) == (409, gone.content)
    assert (other.status_code, other.json()["code"]) == (422, "key_in_use")
    assert partner.post("bookings/", body, **keyed("b")).status_code == 201


def test_keys_are_the_callers_own_and_end_after_a_day(case, calendar):
    body = {"case": case.reference, "slot": slot(calendar)}
    partner = Partner(case.owner)
    held = partner.post("bookings/", body, **keyed("a"))

    assert Partner(people.applicant()).post("bookings/", body, **keyed("a")).status_code == 404
    with clock.at(clock.now() + repeats.KEPT):
        assert repeats.sweep() == 2
        fresh = partner.post("bookings/", body, **keyed("a"))
    assert "Idempotent-Replayed" not in fresh
    assert fresh.content != held.content or fresh.status_code == 409


@pytest.mark.parametrize("key", ["x" * 81, "é", "a\x7f"])
def test_a_key_that_is_none_is_bad_data(case, calendar, key):
    answer = Partner(case.owner).post("bookings/", {"case": case.reference, "slot": 1}, **keyed(key))

    assert (answer.status_code, answer.json()["field"]) == (422, once.KEY)


def test_of_two_at_once_one_waits_and_a_dead_one_is_taken_over():
    now = clock.now()
    assert repeats.claim(b"k" * 32, b"r" * 32) is None

    waiting = repeats.claim(b"k" * 32, b"r" * 32)
    with clock.at(now + repeats.PATIENCE + timedelta(seconds=1)):
        taken_over = repeats.claim(b"k" * 32, b"r" * 32)

    assert waiting.is_open
    assert taken_over is None


def test_without_the_claim_the_same_request_would_be_done_twice(case, calendar, monkeypatch):
    body = {"case": case.reference, "slot": slot(calendar)}
    partner = Partner(case.owner)
    held = partner.post("bookings/", body, **keyed("a")).json()
    partner.post(f"bookings/{held['reference']}/cancel/")
    assert partner.post("bookings/", body, **keyed("a")).json() == held

    monkeypatch.setattr(repeats, "claim", lambda *_given: None)

    assert partner.post("bookings/", body, **keyed("a")).json()["reference"] != held["reference"]
    assert KeptAnswer.objects.count() == 1


def test_an_account_that_writes_too_often_is_told_when_to_come_again(case, monkeypatch):
    monkeypatch.setattr(throttling, "WRITERS", throttling.throttle.Limit("few", 1, timedelta(minutes=1)))
    partner = Partner(case.owner)

    assert partner.post("bookings/", {}).status_code == 422
    refused = partner.post("bookings/", {})
    assert (refused.status_code, refused["Retry-After"]) == (429, "60")
    assert partner.get("bookings/").status_code == 200


def test_without_counting_an_account_would_write_without_end(case, monkeypatch):
    monkeypatch.setattr(throttling, "WRITERS", throttling.throttle.Limit("few", 1, timedelta(minutes=1)))
    monkeypatch.setattr(throttling.Writers, "allow_request", lambda *_asked: True)
    partner = Partner(case.owner)

    assert [partner.post("bookings/", {}).status_code for _ in range(3)] == [422] * 3


def test_a_claim_that_is_dropped_between_two_looks_is_made_anew(monkeypatch):
    key, request = b"k" * 32, b"r" * 32
    assert repeats.claim(key, request) is None
    look = KeptAnswer.objects.filter

    def dropped_meanwhile(**which):
        look(key=key).delete()
        return look(**which)

    monkeypatch.setattr(KeptAnswer.objects, "filter", dropped_meanwhile)

    assert repeats.claim(key, request) is None
    monkeypatch.setattr(repeats, "ATTEMPTS", 1)
    assert repeats.claim(key, request).is_open
