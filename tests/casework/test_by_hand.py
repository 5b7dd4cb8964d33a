"""What a mission gives out by hand: times kept for one case, and emergencies that somebody looks at."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from consular import casework
from consular.accounts import throttle
from consular.accounts.models import Role, User
from consular.appointments import booking, offering, slots, sql
from consular.appointments.invitations import Emergency, Ended, Invitation
from consular.appointments.models import Booking, Calendar, Displacement, Place, Slot
from consular.cases.models import Case, Event, Message
from consular.casework import by_hand
from consular.core import clock
from consular.core.errors import Refused
from consular.notifications.models import Notification
from tests import factories as people
from tests import harm
from tests.appointments import factories
from tests.appointments.factories import NOW
from tests.casework.racing import together
from tests.harm import alter

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with clock.at(NOW):
        yield


class Post:
    """A calendar with four times, of which the first one is internal; a case; a clerk."""

    def __init__(self) -> None:
        self.calendar = factories.calendar()
        days = [NOW + timedelta(days=7, hours=hour) for hour in range(4)]
        self.slots = [factories.slot(self.calendar, starts_at=day) for day in days]
        Place.objects.filter(slot=self.slots[0]).update(opens_at=None)
        self.case = factories.bookable_case(self.calendar, is_awaited=True)
        self.clerk = people.official(Role.INTAKE_CLERK, mission=self.calendar.mission)

    def offer(self, *slots: Slot, days: int = 3, actor: User | None = None) -> Invitation:
        wanted = [slot.pk for slot in slots or self.slots[:3]]
        return casework.offer_times(self.case.reference, wanted, days, actor=actor or self.clerk)

    def take(self, slot: Slot) -> Booking:
        return casework.take_time(self.case.pk, slot.pk, actor=self.case.owner)

    def free(self) -> list[int]:
        """What anybody else can hold."""
        found = slots.free(self.calendar, NOW.date(), NOW.date() + timedelta(days=30), now=clock.now())
        return [time.id for time in found]


@pytest.fixture
def post() -> Post:
    return Post()


def told(act: object) -> str:
    try:
        act()
    except Refused as refused:
        return refused.code
    return ""


def test_of_three_times_one_is_taken_and_the_others_are_free_again(post: Post) -> None:
    everything = post.free()
    post.offer()
    assert post.free() == [post.slots[3].pk]
    assert Notification.objects.filter(kind="times_offered", case=post.case).count() == 1

    done = post.take(post.slots[0])

    assert (done.state, done.slot) == ("confirmed", post.slots[0])
    assert post.free() == everything
    assert Invitation.objects.get().outcome == Ended.TAKEN
    assert told(lambda: post.take(post.slots[1])) == "gone"
    kinds = set(Event.objects.filter(case=post.case).values_list("kind", flat=True))
    assert {"times_offered", "appointment_confirmed"} <= kinds
    post.case.instance.refresh_from_db()
    assert post.case.instance.variables["booked"] is True


def test_what_is_kept_ends_by_the_clock_by_a_refusal_and_by_another_offer(post: Post) -> None:
    everything = post.free()
    post.offer(days=1)
    with clock.at(NOW + timedelta(days=1)):
        assert post.free() == everything
        assert told(lambda: post.take(post.slots[0])) == "gone"
        post.offer(post.slots[1])
        post.offer(post.slots[2])
        assert post.free() == [post.slots[1].pk, post.slots[3].pk]
        casework.decline_times(post.case.pk, actor=post.case.owner)
        casework.decline_times(post.case.pk, actor=post.case.owner)
        assert post.free() == everything

    outcomes = Invitation.objects.order_by("pk").values_list("outcome", flat=True)
    assert list(outcomes) == [Ended.LAPSED, Ended.REPLACED, Ended.DECLINED]


def test_an_appointment_moves_to_the_time_that_is_taken(post: Post) -> None:
    mine = casework.hold_slot(post.case.pk, post.slots[3].pk, actor=post.case.owner)
    casework.confirm_booking(mine.reference, actor=post.case.owner)
    post.offer(post.slots[0])

    moved = post.take(post.slots[0])

    assert (moved.reference, moved.slot) == (mine.reference, post.slots[0])
    assert booking.current(post.case.pk, now=NOW).slot == post.slots[0]


def test_who_may_not_is_refused_and_nothing_is_kept(post: Post) -> None:
    elsewhere, other = Post(), people.applicant()
    refusals = [
        told(lambda: post.offer(actor=post.case.owner)),
        told(lambda: post.offer(actor=elsewhere.clerk)),
        told(lambda: post.offer(elsewhere.slots[1])),
        told(lambda: post.offer(*post.slots)),
        told(lambda: casework.take_time(post.case.pk, post.slots[0].pk, actor=other)),
        told(lambda: casework.ask_emergency(post.case.pk, "why", actor=other)),
        told(lambda: casework.refuse_emergency(post.case.reference, "why", actor=post.case.owner)),
    ]

    assert refusals == ["not_found", "not_found", "gone", "invalid", "not_found", "not_found", "not_found"]
    assert (Invitation.objects.count(), Emergency.objects.count()) == (0, 0)


def test_without_judging_from_when_a_place_is_free_a_kept_one_would_be_taken(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    post.offer(post.slots[1])
    assert told(lambda: factories.held(post.slots[1])) == "gone"

    alter(monkeypatch, sql, "HOLD", ("AND p.free_from <= %(now)s", ""))

    assert factories.held(post.slots[1]).slot == post.slots[1]


def test_an_officer_answers_an_emergency_by_times_or_by_a_reason(post: Post) -> None:
    casework.ask_emergency(post.case.pk, "A death in the family.", actor=post.case.owner)
    assert [one.case for one in by_hand.emergencies(post.clerk)] == [post.case]
    assert list(by_hand.emergencies(Post().clerk)) == []
    post.offer(post.slots[0])
    assert by_hand.emergency_of(post.case).verdict == "given"

    casework.ask_emergency(post.case.pk, "Once more.", actor=post.case.owner)
    casework.refuse_emergency(post.case.reference, "That can wait.", actor=post.clerk)
    assert (by_hand.emergency_of(post.case).verdict, Message.objects.get().body) == (
        "refused",
        "That can wait.",
    )
    assert told(lambda: casework.refuse_emergency(post.case.reference, "x", actor=post.clerk)) == "answered"
    assert list(by_hand.emergencies(post.clerk)) == []


def test_one_person_asks_once_at_a_time_and_three_times_a_month(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ask(case: Case = post.case) -> str:
        return told(lambda: casework.ask_emergency(case.pk, "why", actor=case.owner))

    twin = factories.bookable_case(post.calendar, owner=people.applicant())
    twin.answers.data = post.case.answers.data
    twin.answers.save()

    assert [ask(), ask(), ask(twin)] == ["", "already_asked", "already_asked"]
    for _ in range(2):
        casework.refuse_emergency(post.case.reference, "no", actor=post.clerk)
        assert ask() == ""
    casework.refuse_emergency(post.case.reference, "no", actor=post.clerk)
    assert ask() == "too_often"
    monkeypatch.setattr(throttle, "require", lambda tries: None)
    assert ask() == ""


def test_what_is_kept_for_one_person_is_not_offered_along_the_list(post: Post) -> None:
    """A place that was given back waits for the list; one that is kept for somebody does not."""
    Calendar.objects.filter(pk=post.calendar.pk).update(list_first=True)
    mine = factories.confirmed(post.slots[3])
    post.offer(post.slots[1])
    inviting_only = offering.offerable(Calendar.objects.get(pk=post.calendar.pk), NOW)
    place = Place.objects.get(slot=post.slots[2])
    Place.objects.filter(pk=place.pk).update(free_from=NOW + timedelta(days=2))
    before = offering.offerable(Calendar.objects.get(pk=post.calendar.pk), NOW)
    Displacement.objects.create(booking=mine, place=place, kept_until=NOW + timedelta(days=2), made_at=NOW)

    assert inviting_only == ()
    assert [time.id for time in before] == [post.slots[2].pk]
    assert offering.offerable(Calendar.objects.get(pk=post.calendar.pk), NOW) == ()


def emergency(**fields: object) -> Emergency:
    case = factories.bookable_case(factories.calendar())
    values = {"case": case, "identity": factories.person(), "reason": "why", "asked_at": NOW}
    return Emergency.objects.create(**{**values, **fields})


def invitation(**fields: object) -> Invitation:
    case = factories.bookable_case(factories.calendar())
    clerk = people.official(Role.INTAKE_CLERK, mission=case.mission)
    values = {"case": case, "made_by": clerk, "made_at": NOW, "until": NOW + timedelta(days=1)}
    return Invitation.objects.create(**{**values, **fields})


CONSTRAINTS = [
    (Emergency, "one_open_emergency_of_a_person", lambda: [emergency(identity=b"x" * 32) for _ in range(2)]),
    (Emergency, "an_emergency_has_a_reason", lambda: emergency(reason="")),
    (Emergency, "an_emergency_is_answered_at_a_moment", lambda: emergency(verdict="refused")),
    (Emergency, "who_is_in_an_emergency_is_a_hash", lambda: emergency(identity=b"Ama")),
    (Invitation, "one_open_invitation_of_a_case", lambda: invitation(case=invitation().case)),
    (Invitation, "an_invitation_ends_later", lambda: invitation(until=NOW)),
]
test_a_constraint_refuses_the_harm = harm.refused(CONSTRAINTS)
test_without_the_constraint_the_harm_is_done = harm.done_without(CONSTRAINTS)


@pytest.mark.django_db(transaction=True)
def test_an_offered_time_is_taken_once_and_two_officers_keep_one_place_for_one_case() -> None:
    post, other = Post(), Post()
    other.case = factories.bookable_case(post.calendar)

    def offer_to(case: Case) -> object:
        with clock.at(NOW):
            return casework.offer_times(case.reference, [post.slots[1].pk], 3, actor=post.clerk)

    assert together(lambda: offer_to(post.case), lambda: offer_to(other.case)) == ["", "gone"]
    kept = Invitation.objects.get()

    def take() -> object:
        with clock.at(NOW):
            return casework.take_time(kept.case_id, post.slots[1].pk, actor=kept.case.owner)

    assert together(take, take) == ["", "gone"]
    assert Booking.objects.filter(state="confirmed").count() == 1
