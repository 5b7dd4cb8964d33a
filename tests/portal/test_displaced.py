"""Whose appointment the mission cannot keep sees what is kept for them, and chooses before others."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from consular import casework
from consular.accounts.models import Role
from consular.appointments import booking, displacing, links, slots
from consular.appointments.changes import Displacement, Subject
from consular.appointments.models import Booking, Calendar, Place
from consular.appointments.opening import Span
from consular.appointments.proposing import Proposal
from consular.cases.models import Case, Event
from consular.casework import appointments, displaced
from consular.core import clock
from consular.core.models import Job
from consular.notifications.models import Notification
from consular.notifications.sending import compose
from tests import factories as people
from tests.appointments import factories
from tests.appointments.factories import NOW

pytestmark = pytest.mark.django_db

MONDAY = date(2027, 3, 15)


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with clock.at(NOW):
        yield


def opened(**settings: int) -> Calendar:
    calendar = factories.calendar(horizon_days=20, **settings)
    for weekday in range(5):
        factories.rule(calendar, weekday=weekday, capacity=calendar.counters)
    appointments.generate_slots(calendar, MONDAY + timedelta(days=16))
    return calendar


def closed_on_monday(calendar: Calendar) -> None:
    state = [[MONDAY.isoformat(), MONDAY.isoformat(), "Flood"]]
    proposal = Proposal(Subject.CLOSURES, calendar.mission_id, None, state)
    manager = people.official(Role.SLOT_MANAGER, mission=calendar.mission)
    casework.change(proposal, casework.preview(proposal, actor=manager).fingerprint, actor=manager)


@pytest.fixture
def displacement() -> Displacement:
    """An appointment on a Monday that is closed afterwards."""
    calendar = opened(counters=1)
    case = factories.bookable_case(calendar)
    slot = slots.free(calendar, MONDAY, MONDAY, now=NOW)[0]
    held = appointments.hold_slot(case.pk, slot.id, actor=case.owner)
    appointments.confirm_booking(held.reference, actor=case.owner)
    closed_on_monday(calendar)
    return Displacement.objects.get()


def owner(displacement: Displacement) -> Client:
    return people.signed_in(Client(), displacement.booking.owner)


def test_the_kept_time_is_taken_with_one_button(displacement: Displacement) -> None:
    client, case = owner(displacement), displacement.booking.case
    assert (
        b"cannot keep your appointment" in client.get(reverse("portal:case", args=[case.reference])).content
    )
    page = client.get(reverse("portal:appointment", args=[case.reference]))
    assert page.context["kept_slot"] == displacement.place.slot

    move = reverse("portal:appointment_move", args=[case.reference])
    assert client.post(move, {"slot": displacement.place.slot_id}).status_code == 302
    assert booking.current(case.pk, now=NOW).place == displacement.place
    again = client.get(reverse("portal:appointment", args=[case.reference]))
    assert again.context["displaced"] is None


def test_times_that_others_do_not_see_can_be_chosen_also_after_the_day(displacement: Displacement) -> None:
    case, calendar = displacement.booking.case, Calendar.objects.get()
    Calendar.objects.update(horizon_days=1)
    with clock.at(NOW + timedelta(days=15)):
        client = owner(displacement)
        calendar.refresh_from_db()
        assert all(one.day < date(2027, 3, 18) for one in slots.days(calendar, now=clock.now()))
        move = reverse("portal:appointment_move", args=[case.reference])
        page = client.get(move + "?day=2027-03-25")
        chosen = slots.free(
            calendar, date(2027, 3, 25), date(2027, 3, 25), now=clock.now(), before_others=True
        )
        assert page.context["day"] == date(2027, 3, 25)
        assert client.post(move, {"slot": chosen[0].id}).status_code == 302
        assert booking.current(case.pk, now=clock.now()).slot.pk == chosen[0].id


def test_a_family_chooses_anew_also_after_the_day() -> None:
    calendar, account = opened(counters=2, most_people=4), people.applicant()
    cases = [factories.bookable_case(calendar, owner=account) for _ in range(2)]
    slot = slots.free(calendar, MONDAY, MONDAY, now=NOW)[0]
    held = casework.hold_together([one.pk for one in cases], slot.id, actor=account)
    casework.confirm_together(held[0].party, actor=account)
    closed_on_monday(calendar)

    with clock.at(NOW + timedelta(days=15)):
        client = people.signed_in(Client(), account)
        move = reverse("portal:appointment_move", args=[cases[0].reference])
        full, chosen = slots.free(calendar, date(2027, 3, 17), date(2027, 3, 20), now=clock.now())[:2]
        for stranger in (factories.bookable_case(calendar), factories.bookable_case(calendar)):
            appointments.hold_slot(stranger.pk, full.id, actor=stranger.owner)
        assert client.get(move).context["people"] == 2
        gone = client.post(move, {"slot": full.id})
        assert (gone.status_code, b"no free place any more" in gone.content) == (409, True)

        assert client.post(move, {"slot": chosen.id}).status_code == 302
        assert [booking.current(one.pk, now=clock.now()).slot.pk for one in cases] == [chosen.id] * 2
        assert not Displacement.objects.filter(settled_at=None).exists()


def family_of_three() -> tuple[Calendar, list[Case]]:
    """An appointment of three people, two at a time, on a Monday that is closed afterwards."""
    calendar, account = opened(counters=2, most_people=4), people.applicant()
    cases = [factories.bookable_case(calendar, owner=account) for _ in range(3)]
    slot = slots.free(calendar, MONDAY, MONDAY, now=NOW)[0]
    held = casework.hold_together([one.pk for one in cases], slot.id, actor=account)
    casework.confirm_together(held[0].party, actor=account)
    closed_on_monday(calendar)
    return calendar, cases


def test_places_side_by_side_are_kept_for_a_family_and_taken_with_one_button() -> None:
    calendar, cases = family_of_three()
    kept = {one.place for one in Displacement.objects.select_related("place")}
    first, second = slots.Slot.objects.filter(starts_at__date=date(2027, 3, 16)).order_by("starts_at")[:2]
    assert sorted((place.slot_id, place.number) for place in kept) == [
        (first.pk, 1), (first.pk, 2), (second.pk, 1),
    ]  # fmt: skip
    assert {one.id for one in slots.free(calendar, date(2027, 3, 16), date(2027, 3, 16), now=NOW)} & {
        first.pk,
        second.pk,
    } == {second.pk}
    for job in Job.objects.filter(name="casework.tell_displaced"):
        displaced.tell(job.payload)
    assert Notification.objects.filter(kind="appointment_displaced").count() == 1
    assert Event.objects.filter(kind="appointment_displaced").count() == 3

    client = people.signed_in(Client(), cases[0].owner)
    shown = client.get(reverse("portal:appointment", args=[cases[1].reference]))
    assert shown.context["kept_slot"] == first
    move = reverse("portal:appointment_move", args=[cases[1].reference])
    assert client.post(move, {"slot": first.pk}).status_code == 302

    assert {booking.current(one.pk, now=NOW).place for one in cases} == kept
    assert set(Displacement.objects.values_list("outcome", flat=True)) == {"moved"}
    assert slots.Slot.objects.filter(places__free_from__gt=NOW).distinct().count() == 2


def test_where_one_place_is_missing_none_is_kept_and_what_has_lapsed_is_kept_for_the_next() -> None:
    calendar, cases = family_of_three()
    first = Displacement.objects.order_by("place__slot__starts_at", "place__number")[0]
    tuesday = Span(first.place.slot.starts_at, first.place.slot.ends_at)
    others = [factories.confirmed(factories.slot(starts_at=NOW + timedelta(days=9))).pk for _ in range(2)]

    with clock.at(NOW + displacing.KEPT):
        now = clock.now()
        # Two places are free by the clock; a third one at that time is not there.
        third = factories.confirmed(factories.slot(starts_at=NOW + timedelta(days=10))).pk
        none = displacing.displace(
            dict.fromkeys([*others, third], tuesday), calendar.pk, change=None, now=now
        )
        assert [one.place for one in none] == [None] * 3
        assert Place.objects.filter(slot=first.place.slot, free_from__gt=now).count() == 0
        Displacement.objects.filter(pk__in=[one.pk for one in none]).delete()

        both = displacing.displace(dict.fromkeys(others, tuesday), calendar.pk, change=None, now=now)
        assert {one.place.slot for one in both} == {first.place.slot}
        assert displacing.kept_slot(displacing.of_case(cases[0].pk), now=now) is None


def test_the_mail_has_a_link_that_works_until_another_time_is_chosen(displacement: Displacement) -> None:
    displaced.tell({"displacement": displacement.pk})
    mail = compose(Notification.objects.get(kind="appointment_displaced"))
    token = links.issue(Booking.objects.get())
    assert reverse("portal:appointment_link", args=[token]) in mail.body

    with clock.at(NOW + timedelta(days=20)):
        page = Client().get(reverse("portal:appointment_link", args=[token]))
        assert (page.status_code, page.context["kept_slot"]) == (200, None)
    client = Client()
    moved = client.post(
        reverse("portal:appointment_link_move", args=[token]), {"slot": displacement.place.slot_id}
    )
    assert moved.status_code == 302
    assert Client().get(reverse("portal:appointment_link", args=[token])).status_code == 410
    assert compose(Notification.objects.get(kind="appointment_displaced")) is None
