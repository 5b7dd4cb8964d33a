"""The page of the waiting list: join, see the place and the changes of it, take or decline an offer, leave."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.test import Client

from consular import casework
from consular.accounts.models import Role
from consular.appointments import booking, outlook
from consular.appointments.models import Calendar, State
from consular.appointments.waiting import Offer, Waiting
from consular.cases.models import Case
from consular.casework import waiting
from consular.core import clock
from tests import factories as people
from tests.appointments import factories
from tests.appointments.factories import NOW

pytestmark = pytest.mark.django_db

TEN = timedelta(minutes=10)
SOON = NOW + timedelta(days=7)


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with clock.at(NOW):
        yield


def waits(calendar: Calendar, minutes: int = 0) -> Case:
    with clock.at(NOW + timedelta(minutes=minutes)):
        case = factories.bookable_case(calendar)
        casework.join([case.pk], actor=case.owner)
    return case


def test_somebody_joins_is_offered_a_time_declines_takes_the_next_and_is_served(client: Client) -> None:
    calendar = factories.calendar(mode="list")
    waits(calendar)
    owner = people.applicant()
    mine, child = (factories.bookable_case(calendar, owner=owner) for _ in range(2))
    page = f"/cases/{mine.reference}/appointment/"
    people.signed_in(client, owner)

    assert client.get(page)["Location"] == f"{page}waiting/"
    text = client.get(page + "waiting/").content.decode()
    assert "Join the list" in text
    assert child.reference in text
    assert "Too few people" in text

    with clock.at(NOW + TEN):
        client.post(page + "waiting/", {"do": "join", "with": child.reference})
    text = client.get(page + "waiting/").content.decode()
    assert "You are number 2 of 2 on the list." in text
    assert text.count("Mensah, Ama") == 2
    assert "you keep your rank 1 time." in text

    factories.slot(calendar, 1, SOON)
    factories.slot(calendar, 2, SOON + timedelta(days=1))
    with clock.at(NOW + 2 * TEN):
        waiting.offer_places()
        assert client.get(page + "waiting/")["Location"] == page
        offer = client.get(page, follow=True).content.decode()
        assert "This time is offered to you" in offer
        assert "until 2 March 2027, 14:50" in offer
        held = booking.current(child.pk, now=clock.now())
        client.post(page + "cancel/", {"booking": held.reference})
        waiting.offer_places()
        held = booking.current(mine.pk, now=clock.now())
        answer = client.post(page + "confirm/", {"booking": held.reference}, follow=True)
        assert "Your appointment is confirmed." in answer.content.decode()
        waiting.offer_places()
    assert not Waiting.objects.filter(owner=owner, state="waiting").exists()


def test_every_change_of_the_order_is_shown_with_its_reason_and_leaving_loses_the_rank(
    client: Client,
) -> None:
    calendar = factories.calendar(mode="list")
    waits(calendar)
    mine = waits(calendar, 5)
    head, steward = (
        people.official(role, mission=calendar.mission) for role in (Role.HEAD_OF_SECTION, Role.SLOT_MANAGER)
    )
    desk, other = (people.signed_in(Client(), officer) for officer in (head, steward))
    given = {
        "propose": "yes",
        "reference": mine.reference,
        "since": "2027-01-04",
        "reason": "<b>Came from Kabul</b>",
    }
    assert desk.post("/desk/appointments/waiting/", given).status_code == 302
    shown = desk.get("/desk/appointments/waiting/").content.decode()
    assert "&lt;b&gt;Came from Kabul" in shown
    assert 'name="agree"' not in shown
    number = waiting.of(mine.pk).reorderings.get().pk
    assert desk.post("/desk/appointments/waiting/", {"agree": number}).status_code == 409
    assert other.post("/desk/appointments/waiting/", {"agree": number}).status_code == 302
    for bad, status in (
        ({"reason": ""}, 422),
        ({"reference": "nobody"}, 422),
        ({"since": "2030-01-01"}, 422),
    ):
        assert other.post("/desk/appointments/waiting/", {**given, **bad}).status_code == status

    people.signed_in(client, mine.owner)
    page = f"/cases/{mine.reference}/appointment/waiting/"
    text = client.get(page).content.decode()
    assert "You are number 1 of 2 on the list." in text
    assert "&lt;b&gt;Came from Kabul" in text
    assert "since 4 January 2027" in text

    client.post(page, {"do": "leave"})
    assert "Join the list" in client.get(page).content.decode()
    assert client.get(f"/cases/{waits(calendar).reference}/appointment/waiting/").status_code == 404


def test_how_long_it_takes_is_said_from_twenty_people_on() -> None:
    calendar = factories.calendar(mode="list")
    case = waits(calendar)
    slot = factories.slot(calendar, 30, SOON)
    entry = Waiting.objects.get(case=case)
    for n in range(20):
        entry.pk, entry.state, entry.joined_at = None, "served", NOW - timedelta(days=n + 1)
        entry.identity, entry._state.adding = factories.person(), True
        entry.save()
        if n < 19:
            _offered(entry, slot)

    assert outlook.of(calendar, NOW) is None
    _offered(entry, slot)
    assert outlook.of(calendar, NOW) == outlook.Outlook(20, date(2027, 1, 4), 10, 18)
    assert outlook.of(calendar, NOW + timedelta(weeks=9)) is None


def _offered(entry: Waiting, slot: object) -> None:
    place = slot.places.exclude(bookings__isnull=False).order_by("number").first()
    made = booking.Booking.objects.create(
        reference=f"R{entry.pk}", place=place, owner=entry.owner, identity=bytes(entry.identity), category="visa_c",
        state=State.CONFIRMED, active_until=slot.ends_at, held_at=NOW, changed_at=NOW,
    )  # fmt: skip
    Offer.objects.create(entry=entry, booking=made, made_at=NOW, until=NOW, answer="accepted")
