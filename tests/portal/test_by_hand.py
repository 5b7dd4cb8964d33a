"""The pages on which the mission gives times by hand: asked for, offered, refused, taken."""

from collections.abc import Iterator

import pytest
from django.test import Client

from consular import casework
from consular.appointments import booking
from consular.core import clock
from tests import factories as people
from tests.appointments.factories import NOW
from tests.casework.test_by_hand import Post

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with clock.at(NOW):
        yield


def test_an_emergency_goes_from_the_applicant_to_the_counter_and_back() -> None:
    post = Post()
    own, desk = people.signed_in(Client(), post.case.owner), people.signed_in(Client(), post.clerk)
    start, office = f"/cases/{post.case.reference}/", f"/desk/cases/{post.case.reference}/times/"

    assert b"appointment/emergency/" in own.get(start).content
    empty = own.post(f"{start}appointment/emergency/", {"reason": " "})
    asked = own.post(f"{start}appointment/emergency/", {"reason": "My father <b>died</b>."}, follow=True)
    again = own.post(f"{start}appointment/emergency/", {"reason": "And again."})
    assert (empty.status_code, asked.status_code, again.status_code) == (422, 200, 409)
    assert b"My father &lt;b&gt;died" in asked.content

    assert b"1 person asks" in desk.get("/desk/appointments/").content
    assert b"My father &lt;b&gt;died" in desk.get("/desk/appointments/emergencies/").content
    page = desk.get(f"{office}?day={post.slots[0].starts_at.date().isoformat()}")
    assert str(post.slots[0].pk).encode() in page.content
    query = f"?day={post.slots[0].starts_at.date().isoformat()}"
    wrong = [desk.post(office + query, given).status_code for given in ({}, {"slots": ["0"], "days": "3"})]
    assert wrong == [422, 422]
    chosen = {"slots": [post.slots[0].pk, post.slots[1].pk], "days": "3"}
    assert desk.post(office + query, chosen).status_code == 302
    assert b"1 person asks" not in desk.get("/desk/appointments/").content

    assert b"appointment/offered/" in own.get(start).content
    offered = f"{start}appointment/offered/"
    assert str(post.slots[1].pk).encode() in own.get(offered).content
    refused = [own.post(offered, {"slot": slot}).status_code for slot in ("", "x", post.slots[3].pk)]
    assert refused == [422, 422, 409]
    taken = own.post(offered, {"slot": post.slots[1].pk})
    assert taken["Location"] == f"{start}appointment/"
    assert booking.current(post.case.pk, now=NOW).slot == post.slots[1]


def test_a_refusal_needs_a_reason_and_declined_times_are_free() -> None:
    post = Post()
    own, desk = people.signed_in(Client(), post.case.owner), people.signed_in(Client(), post.clerk)
    office = f"/desk/cases/{post.case.reference}/times/"
    casework.ask_emergency(post.case.pk, "why", actor=post.case.owner)

    given = [
        desk.post(office, {"refuse": "yes", "text": text}).status_code
        for text in ("", "It can wait.", "Twice.")
    ]
    assert given == [422, 302, 409]
    assert b"was refused" in own.get(f"/cases/{post.case.reference}/appointment/emergency/").content

    post.offer()
    offered = f"/cases/{post.case.reference}/appointment/offered/"
    assert own.post(offered, {"none": "yes"}).status_code == 302
    assert b"No time is kept" in own.get(offered).content
    assert len(post.free()) == 3


@pytest.mark.parametrize("day", ["x", "9999-12-31", "0001-01-01", "\0", "2027-02-30"])
def test_a_day_that_is_none_shows_a_page_all_the_same(day: str) -> None:
    post = Post()
    desk = people.signed_in(Client(), post.clerk)

    assert desk.get(f"/desk/cases/{post.case.reference}/times/", {"day": day}).status_code == 200
