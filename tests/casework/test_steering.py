"""What staff change about calendars is what they saw before, and nobody loses their place by it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from consular import casework
from consular.accounts.models import Role, User
from consular.appointments import booking, displacing, proposing, setups, slots
from consular.appointments.changes import Change, Displacement, Outcome, Subject
from consular.appointments.models import Booking, Calendar, Place, Slot, State
from consular.appointments.proposing import Proposal
from consular.cases.models import Event
from consular.casework import appointments, displaced, steering
from consular.core import clock
from consular.core.errors import Refused
from consular.core.models import Job
from consular.missions.models import Absence
from consular.notifications.models import Notification
from tests import factories as people
from tests.appointments import factories
from tests.appointments.factories import NOW

pytestmark = pytest.mark.django_db

MONDAY = date(2027, 3, 15)
"""In two weeks; every day of this mission opens from nine to eleven for three people at a time."""


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with clock.at(NOW):
        yield


@pytest.fixture
def calendar() -> Calendar:
    made = factories.calendar(counters=3, horizon_days=30)
    for weekday in range(5):
        factories.rule(made, weekday=weekday, capacity=3)
    appointments.generate_slots(made, MONDAY + timedelta(days=16))
    return made


@pytest.fixture
def manager(calendar: Calendar) -> User:
    return people.official(Role.SLOT_MANAGER, mission=calendar.mission)


def booked(calendar: Calendar, day: date, count: int = 1) -> list[Booking]:
    """Cases with an appointment each on a day, as early as there is room."""
    made = []
    for _nth in range(count):
        case = factories.bookable_case(calendar)
        slot = slots.free(calendar, day, day, now=NOW)[0]
        held = appointments.hold_slot(case.pk, slot.id, actor=case.owner)
        made.append(appointments.confirm_booking(held.reference, actor=case.owner))
    return made


def closing(calendar: Calendar, *spans: tuple[date, date]) -> Proposal:
    state = [[first.isoformat(), last.isoformat(), "Flood"] for first, last in spans]
    return Proposal(Subject.CLOSURES, calendar.mission_id, None, state)


def setting_up(calendar: Calendar, **changed: object) -> Proposal:
    setup = replace(setups.of(calendar), **changed)
    return Proposal(Subject.SETUP, calendar.mission_id, calendar.pk, setups.as_json(setup))


def changed(proposal: Proposal, actor: User) -> Change:
    return casework.change(proposal, casework.preview(proposal, actor=actor).fingerprint, actor=actor)


def told() -> None:
    """Do the jobs that tell people."""
    for job in Job.objects.filter(name="casework.tell_displaced", done_at=None).order_by("pk"):
        displaced.tell(job.payload)


def mails(kind: str) -> int:
    return Notification.objects.filter(kind=kind).count()


def test_three_days_full_of_bookings_are_closed_at_once_and_everybody_keeps_a_claim(
    calendar: Calendar, manager: User
) -> None:
    days = [MONDAY + timedelta(days=n) for n in range(3)]
    there = [one for day, count in zip(days, (12, 1, 1), strict=True) for one in booked(calendar, day, count)]
    proposal = closing(calendar, (days[0], days[2]))

    seen = casework.preview(proposal, actor=manager)
    assert seen.touched == len(there) == 14
    assert [week.now - week.then for week in seen.plans[0].weeks][:4] == [0, 0, 36, 0]
    casework.change(proposal, seen.fingerprint, actor=manager)

    assert {one.booking_id for one in Displacement.objects.all()} == {one.pk for one in there}
    assert Booking.objects.filter(state=State.CONFIRMED).count() == 14
    kept = {one.booking_id: one.place.slot.starts_at for one in Displacement.objects.exclude(place=None)}
    assert kept == {one.booked.id: one.offer.starts_at for one in seen.plans[0].touched if one.offer}
    assert len(kept) == 14
    told()
    told()
    assert mails("appointment_displaced") == 14
    assert Event.objects.filter(kind="appointment_displaced").count() == 14

    # The closure is taken back: all of them stand again, what was kept is free, and they are told so.
    changed(casework.undoing(Change.objects.get().pk, actor=manager), manager)
    assert set(Displacement.objects.values_list("outcome", flat=True)) == {Outcome.STANDS}
    assert not Place.objects.filter(free_from__gt=NOW).exclude(bookings__in=there).exists()
    told()
    assert mails("appointment_stands") == 14


def test_a_person_takes_the_time_that_is_kept_or_any_other_before_everybody_else(
    calendar: Calendar, manager: User
) -> None:
    first, second = booked(calendar, MONDAY, 2)
    changed(setting_up(calendar, week_share=100, counters=3), manager)
    assert slots.days(calendar, now=NOW)[-1].day <= date(2027, 3, 9)
    changed(closing(calendar, (MONDAY, MONDAY)), manager)
    kept = Displacement.objects.get(booking=first).place
    assert not factories_can_hold(kept)

    took = appointments.move_booking(first.reference, kept.slot_id, actor=first.owner)
    far = Slot.objects.filter(starts_at__date=date(2027, 3, 25)).earliest("starts_at")
    with pytest.raises(Refused, match="no free place"):
        factories.held(far)
    chose = appointments.move_booking(second.reference, far.pk, actor=second.owner)

    assert (took.place, chose.slot, chose.reference) == (kept, far, second.reference)
    assert set(Displacement.objects.values_list("outcome", flat=True)) == {Outcome.MOVED}
    assert Place.objects.filter(free_from__gt=NOW).count() == 2
    # It was none of their two moves: those are left.
    week = Slot.objects.filter(starts_at__date=date(2027, 3, 9)).order_by("starts_at")
    Calendar.objects.update(week_share=0)
    Place.objects.update(opens_at=NOW)
    for slot in week[:2]:
        appointments.move_booking(first.reference, slot.pk, actor=first.owner)
    with pytest.raises(Refused, match="twice"):
        appointments.move_booking(first.reference, week[2].pk, actor=first.owner)


def factories_can_hold(place: Place) -> bool:
    """Whether somebody else gets this very place."""
    taken = 0
    while taken < 3:
        try:
            one = factories.held(place.slot)
        except Refused:
            break
        taken += 1
        if one.place == place:
            return True
    Booking.objects.filter(place__slot=place.slot, state=State.HELD).delete()
    Place.objects.filter(slot=place.slot).exclude(pk=place.pk).update(free_from=NOW)
    return False


def test_the_claim_stays_when_the_day_has_passed(calendar: Calendar, manager: User) -> None:
    (one,) = booked(calendar, MONDAY)
    changed(closing(calendar, (MONDAY, MONDAY)), manager)

    with clock.at(NOW + timedelta(days=17)):
        slot = slots.free(calendar, date(2027, 3, 19), date(2027, 3, 25), now=clock.now())[0]
        done = appointments.move_booking(one.reference, slot.id, actor=one.owner)
        assert (done.reference, done.state, done.slot.pk) == (one.reference, State.CONFIRMED, slot.id)
        assert booking.current(one.case_id, now=clock.now()) == done


def test_a_place_that_is_only_held_ends_no_claim_and_a_past_appointment_is_one_again(
    calendar: Calendar, manager: User
) -> None:
    (mine,) = booked(calendar, MONDAY)
    changed(closing(calendar, (MONDAY, MONDAY)), manager)
    with clock.at(NOW + timedelta(days=15)):
        first, second = slots.free(calendar, date(2027, 3, 17), date(2027, 3, 20), now=clock.now())[:2]
        held = appointments.hold_slot(mine.case_id, first.id, actor=mine.owner)
        displacing.tidy(calendar, now=clock.now())
        assert Displacement.objects.get().outcome == ""

        appointments.cancel_booking(held.reference, actor=mine.owner)
        assert Booking.objects.get(pk=mine.pk).state == State.PAST
        appointments.move_booking(mine.reference, second.id, actor=mine.owner)
        assert booking.current(mine.case_id, now=clock.now()).slot.pk == second.id
        displacing.tidy(calendar, now=clock.now())
    assert Displacement.objects.get().outcome == Outcome.MOVED


def test_what_has_changed_since_the_preview_is_not_saved(calendar: Calendar, manager: User) -> None:
    proposal = closing(calendar, (MONDAY, MONDAY))
    seen = casework.preview(proposal, actor=manager)
    booked(calendar, MONDAY)

    with pytest.raises(Refused, match="since the preview"):
        casework.change(proposal, seen.fingerprint, actor=manager)
    assert not Change.objects.exists()
    assert Slot.objects.filter(starts_at__date=MONDAY, capacity=3).count() == 4


def test_without_the_fingerprint_somebody_would_be_displaced_whom_nobody_saw(
    calendar: Calendar, manager: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steering, "_mark", lambda *_essence: "the same")
    proposal = closing(calendar, (MONDAY, MONDAY))
    seen = casework.preview(proposal, actor=manager)
    booked(calendar, MONDAY)

    casework.change(proposal, seen.fingerprint, actor=manager)
    assert (seen.touched, Displacement.objects.count()) == (0, 1)


def test_an_absence_leaves_a_counter_empty_and_who_booked_last_chooses_anew(
    calendar: Calendar, manager: User
) -> None:
    with clock.at(NOW - timedelta(hours=1)):
        earlier = booked(calendar, MONDAY, 2)
    (last,) = booked(calendar, MONDAY)
    away = Absence.objects.create(
        user=people.official(Role.INTAKE_CLERK, mission=calendar.mission),
        starts_on=MONDAY,
        ends_on=MONDAY,
        entered_by=manager,
        entered_at=NOW,
    )
    changed(Proposal(Subject.ABSENCES, calendar.mission_id, calendar.pk, [away.pk]), manager)

    assert set(Slot.objects.filter(starts_at__date=MONDAY).values_list("capacity", flat=True)) == {2}
    assert list(Displacement.objects.values_list("booking", flat=True)) == [last.pk]
    assert all(displacing.of_booking(one) is None for one in earlier)


def test_every_change_says_who_made_it_and_can_be_undone_once(calendar: Calendar, manager: User) -> None:
    made = changed(setting_up(calendar, slot_minutes=60, counters=2), manager)
    assert (made.made_by, made.before["slot_minutes"], made.after["slot_minutes"]) == (manager, 30, 60)

    undone = changed(casework.undoing(made.pk, actor=manager), manager)
    assert setups.as_json(setups.of(Calendar.objects.get())) == made.before
    assert undone.undoes == made
    with pytest.raises(Refused, match="undone already"):
        casework.undoing(made.pk, actor=manager)


def test_only_those_who_steer_may_change(calendar: Calendar) -> None:
    for role in (Role.INTAKE_CLERK, Role.CASEWORKER, Role.DECIDER, Role.AUDITOR):
        officer = people.official(role, mission=calendar.mission)
        with pytest.raises(Refused) as refusal:
            casework.preview(closing(calendar), actor=officer)
        assert refusal.value.status == 403
    elsewhere = people.official(Role.SLOT_MANAGER, mission=people.mission())
    with pytest.raises(Refused):
        changed(closing(calendar), elsewhere)


def test_a_rule_for_one_day_replaces_the_others_of_that_day(calendar: Calendar, manager: User) -> None:
    setup = setups.of(calendar)
    afternoon = replace(
        setup.rules[0], weekday=0, opens_at=time(14), closes_at=time(15), on_day=MONDAY, valid_from=MONDAY
    )
    changed(setting_up(calendar, rules=setups.in_order((*setup.rules, afternoon))), manager)

    found = [slot.starts_at for slot in slots.free(calendar, MONDAY, MONDAY, now=NOW)]
    assert [moment.isoformat()[11:16] for moment in found] == ["08:30", "09:00"]  # 14:00 and 14:30 in India
    assert proposing.state_of(setting_up(calendar))["rules"]
