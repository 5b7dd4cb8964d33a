"""A family at the counter: found by the code of any of them, ticked who is here, moved and cancelled as one."""

from datetime import timedelta

import pytest
from django.test import Client

from consular import casework
from consular.accounts.models import Role
from consular.appointments import booking, checkin
from consular.appointments.models import Booking, VisitEntry
from consular.cases.models import Event
from consular.casework.counter import Reason, reason_of
from consular.core.errors import Refused
from consular.notifications.models import Notification
from tests import factories as people
from tests.appointments import factories
from tests.appointments.factories import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]

HOME = "/desk/appointments/"
HALF = timedelta(minutes=30)


@pytest.fixture
def party() -> list[Booking]:
    """Three people in half an hour; later a time for two, one for one that follows, and one for two alone."""
    calendar, owner = factories.calendar(most_people=4), people.applicant()
    first = factories.slot(calendar, 3, NOW + HALF)
    for capacity, halves in ((2, 4), (1, 5), (2, 8)):
        factories.slot(calendar, capacity, NOW + halves * HALF)
    cases = [factories.bookable_case(calendar, owner=owner) for _ in range(3)]
    held = casework.hold_together([case.pk for case in cases], first.pk, actor=owner)
    casework.confirm_together(held[0].party, actor=owner)
    return list(Booking.objects.select_related("case__mission", "place__slot").order_by("place__number"))


@pytest.fixture
def desk(party: list[Booking]) -> Client:
    return people.signed_in(Client(), people.official(Role.INTAKE_CLERK, mission=party[0].case.mission))


def text(answer: object) -> str:
    return answer.content.decode()


def test_the_code_of_any_of_them_asks_who_is_here_and_one_button_checks_them_in(
    party: list[Booking], desk: Client
) -> None:
    page = f"{HOME}bookings/{party[1].reference}/together/"
    assert text(desk.get(HOME)).count("Comes with:") == 3
    found = desk.post(HOME + "check-in/", {"code": checkin.code(party[1].reference)})
    assert found["Location"] == page
    shown = desk.get(page)
    ticked = shown.context["form"].initial["came"]
    assert ticked == [f"{one.reference} 0" for one in party]
    assert text(shown).count(" checked") == 3

    nobody, nonsense = desk.post(page, {}), desk.post(page, {"came": ["<b>", f"{party[0].reference} 7"]})
    assert (nobody.status_code, nonsense.status_code) == (422, 422)
    assert "Tick who has come." in text(nobody)
    assert not VisitEntry.objects.exists()

    done = desk.post(page, {"came": ticked[:2]}, follow=True)
    assert "2 people have come." in text(done)
    assert list(VisitEntry.objects.order_by("booking__place__number").values_list("booking", "act")) == [
        (one.pk, "check_in") for one in party[:2]
    ]
    assert desk.post(page, {"came": ticked}).status_code == 422  # two of them are here meanwhile
    assert ": Waits" in text(desk.get(page))

    # The last of them comes later, and is checked in by the code at once.
    last = desk.post(HOME + "check-in/", {"code": party[2].reference}, follow=True)
    assert "Entered: Waits." in text(last)
    assert "Nobody of them is expected any more." in text(desk.get(page))


def test_the_reference_all_were_told_finds_them_also_when_its_person_dropped_out(
    party: list[Booking], desk: Client
) -> None:
    booking.cancel(party[0].reference, now=NOW)
    abroad = people.signed_in(Client(), people.official(Role.INTAKE_CLERK, mission=people.mission()))

    found = desk.post(HOME + "check-in/", {"code": party[0].party})

    assert found["Location"] == f"{HOME}bookings/{party[1].reference}/together/"
    assert len(desk.get(found["Location"]).context["form"].initial["came"]) == 2
    assert abroad.get(found["Location"]).status_code == 404
    clerk = people.official(Role.INTAKE_CLERK, mission=party[0].case.mission)
    casework.check_in_together({party[1].reference: 0}, actor=clerk)
    desk.post(HOME + "check-in/", {"code": party[0].party})  # the other one of them, who is still expected
    assert VisitEntry.objects.count() == 2
    with pytest.raises(Refused, match="There is no such appointment"):
        casework.check_in_together({party[1].reference: 0}, actor=party[1].owner)


def test_of_two_officers_who_check_them_in_one_does_it_for_all_and_the_other_for_none(
    party: list[Booking], desk: Client
) -> None:
    clerk = people.official(Role.INTAKE_CLERK, mission=party[0].case.mission)
    casework.check_in_together({party[2].reference: 0}, actor=clerk)

    with pytest.raises(Refused, match="was faster"):
        casework.check_in_together({one.reference: 0 for one in party}, actor=clerk)

    assert VisitEntry.objects.get().booking_id == party[2].pk


def test_the_mission_moves_and_cancels_all_of_them_at_once(party: list[Booking], desk: Client) -> None:
    page = f"{HOME}bookings/{party[2].reference}/move/"
    later = booking.Slot.objects.get(starts_at=NOW + 4 * HALF)
    shown = desk.get(page)
    assert [value for value, _label in shown.context["form"].fields["slot"].choices] == [str(later.pk)]
    assert text(shown).count("Mensah, Ama") == 3

    assert desk.post(page, {"slot": later.pk}).status_code == 302
    starts = sorted(booking.get(one.reference).slot.starts_at for one in party)
    assert starts == [NOW + 4 * HALF, NOW + 4 * HALF, NOW + 5 * HALF]
    assert Event.objects.filter(kind="appointment_moved", data__by_mission=True, data__people=3).count() == 3
    assert Notification.objects.filter(kind="appointment_moved").count() == 1

    cancel = f"{HOME}bookings/{party[1].reference}/cancel/"
    assert "for all of them" in text(desk.get(cancel))
    assert desk.post(cancel, {"reason": Reason.CLOSED}).status_code == 302
    gone = Booking.objects.filter(state="cancelled")
    assert {reason_of(one) for one in gone} == {"The mission cannot serve anybody at this time."}
    assert gone.count() == 3
    assert Notification.objects.filter(kind="appointment_cancelled").count() == 1


def test_without_looking_for_the_others_the_mission_would_take_one_out_of_a_family(
    party: list[Booking], monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk = people.official(Role.INTAKE_CLERK, mission=party[0].case.mission)
    monkeypatch.setattr("consular.casework.counter._party", lambda *_which: "")

    casework.cancel_for_mission(party[0].reference, Reason.ASKED, actor=clerk)

    assert Booking.objects.filter(state="confirmed").count() == 2
