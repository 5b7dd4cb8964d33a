"""Several people of one account book one appointment: chosen on the page, then held, moved and cancelled as one."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from consular import casework
from consular.appointments import booking, links, together
from consular.appointments.models import Booking
from consular.cases.models import Case, Event
from consular.casework import approaching, by_link, withdrawing
from consular.core import clock
from consular.notifications.models import Notification
from tests import factories as people
from tests.appointments import factories
from tests.appointments.factories import NOW

pytestmark = pytest.mark.django_db

NINE = datetime(2027, 3, 8, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with clock.at(NOW):
        yield


@pytest.fixture
def family() -> list[Case]:
    """Two cases of one account, and a calendar with two adjoining places on Monday and two on Tuesday."""
    calendar = factories.calendar()
    for start in (NINE, NINE + timedelta(minutes=30), NINE + timedelta(days=1)):
        factories.slot(calendar, 2 if start.day == 9 else 1, start)
    owner = people.applicant()
    return [factories.bookable_case(calendar, owner=owner) for _ in range(2)]


def test_a_family_of_two_walks_through_the_pages(client: Client, family: list[Case]) -> None:
    first, second = family
    page = f"/cases/{first.reference}/appointment/"
    people.signed_in(client, first.owner)
    stranger = factories.bookable_case(booking.Slot.objects.first().calendar)

    alone = client.get(page).content.decode()
    assert second.reference in alone
    assert stranger.reference not in alone

    query = {"with": [second.reference, stranger.reference, "nonsense\0"]}
    both = client.get(page, query).content.decode()
    assert "places side by side for 2 people" in both
    assert re.findall(r'type="radio"[^>]* value="(\d+)"', both) == [str(_slot(NINE))]

    gone = client.post(page, {"slot": _slot(NINE + timedelta(minutes=30)), "with": second.reference})
    assert gone.status_code == 409
    assert f'name="with" value="{second.reference}" id="with_1" checked' in gone.content.decode()

    held = client.post(page, {"slot": _slot(NINE), "with": second.reference}, follow=True)
    party = Booking.objects.get(case=first).party
    assert party in held.content.decode()
    assert f"{page}longer/" in held.content.decode()
    longer = client.post(page + "longer/", {"booking": party}, follow=True).content.decode()
    ends = NOW + 2 * booking.HOLD
    kept = Booking.objects.filter(party=party).values_list("active_until", "place__free_from")
    assert [set(one) for one in kept] == [{ends}, {ends}]
    assert f"{page}longer/" not in longer
    again = client.post(page + "longer/", {"booking": party}, follow=True).content.decode()
    assert "That is possible once." in again
    with clock.at(ends - timedelta(seconds=1)):
        client.post(page + "confirm/", {"booking": party})
    shown = client.get(f"/cases/{second.reference}/appointment/").content.decode()
    assert "15:00" in shown
    assert party in shown
    assert shown.count("Mensah, Ama") == 2
    assert set(Event.objects.filter(kind="appointment_confirmed").values_list("case", flat=True)) == {
        first.pk,
        second.pk,
    }
    assert Notification.objects.filter(kind="appointment_confirmed").count() == 1

    client.post(f"/cases/{second.reference}/appointment/move/", {"slot": _slot(NINE + timedelta(days=1))})
    assert {one.slot.starts_at for one in together.members(party, now=NOW)} == {NINE + timedelta(days=1)}

    with clock.at(NINE - timedelta(hours=20)):
        assert approaching.remind_visitors() == 1

    client.post(f"/cases/{second.reference}/appointment/cancel/", {"booking": party})
    assert together.members(party, now=NOW) == []
    assert Event.objects.filter(kind="appointment_cancelled").count() == 2


def _slot(start: datetime) -> int:
    return booking.Slot.objects.get(starts_at=start).pk


def test_a_link_in_a_mail_acts_for_all_and_the_withdrawal_of_one_for_one(family: list[Case]) -> None:
    ids, owner = [case.pk for case in family], family[0].owner
    party = casework.hold_together(ids, _slot(NINE), actor=owner)[0].party
    mine = casework.confirm_together(party, actor=owner)

    moved = by_link.move_by_link(links.issue(mine), _slot(NINE + timedelta(days=1)))
    assert [one.sequence for one in together.members(party, now=NOW)] == [1, 1]

    withdrawing._free_appointment(family[0], owner, NOW)
    assert [one.case_id for one in together.members(party, now=NOW)] == [family[1].pk]

    other = booking.get(together.members(party, now=NOW)[0].reference)
    by_link.cancel_by_link(links.issue(other))
    assert moved.party == party
    assert together.members(party, now=NOW) == []


def test_another_account_does_nothing_with_the_reference_of_a_family(
    client: Client, family: list[Case]
) -> None:
    party = casework.hold_together([case.pk for case in family], _slot(NINE), actor=family[0].owner)[0].party
    stranger = factories.bookable_case(booking.Slot.objects.first().calendar)
    people.signed_in(client, stranger.owner)

    for path in ("confirm/", "cancel/"):
        answer = client.post(f"/cases/{stranger.reference}/appointment/{path}", {"booking": party})
        assert answer.status_code == 404
    assert {one.state for one in together.members(party, now=NOW)} == {"held"}
