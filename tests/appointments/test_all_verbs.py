"""Holding, confirming, moving, cancelling and waiting in any order, against a model that is too simple to be wrong.

The model knows of each place until when it is taken, and of each booking where it sits. It takes the random moments at
which places come back from the database and checks that they lie within the limits of the calendar.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from consular.accounts.models import User
from consular.appointments import booking, slots, sql
from consular.appointments.models import Booking, Place, Slot
from consular.core.errors import Refused
from tests import factories as people
from tests.appointments import factories
from tests.appointments.factories import NOW

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
AFTER, BEFORE = 20, 40
CAPACITIES = (1, 2)
PEOPLE = 3

some = st.integers(min_value=0, max_value=30)


@dataclass(frozen=True)
class Known:
    """What the model knows of a booking; `until` is when it stops counting by itself."""

    reference: str
    person: int
    slot: int
    is_confirmed: bool
    until: datetime
    moves: int = 0
    is_cancelled: bool = False

    def counts(self, now: datetime) -> bool:
        return not self.is_cancelled and self.until > now


class Verbs(RuleBasedStateMachine):
    """Three people, two slots of three places together."""

    slots: tuple[Slot, ...]
    who: tuple[bytes, ...]
    owner: User

    def __init__(self) -> None:
        super().__init__()
        self.point = transaction.savepoint()
        calendar = factories.calendar(returns_after=AFTER, returns_before=BEFORE)
        self.slots = tuple(
            factories.slot(calendar, capacity, NOW + timedelta(hours=3 + n))
            for n, capacity in enumerate(CAPACITIES)
        )
        self.who = tuple(factories.person() for _ in range(PEOPLE))
        self.owner = people.applicant()
        self.now = NOW
        self.bookings: list[Known] = []
        self.away: list[tuple[int, datetime]] = []  # slot, and when one of its places comes back

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.point)

    def free(self, slot: int) -> int:
        """Places of a slot that can be taken now."""
        taken = sum(known.slot == slot and known.counts(self.now) for known in self.bookings)
        return CAPACITIES[slot] - taken - sum(where == slot and at > self.now for where, at in self.away)

    def is_ahead(self, slot: int) -> bool:
        return self.slots[slot].starts_at > self.now

    def tried(self, verb: object, *arguments: object, **named: object) -> Booking | None:
        """What the product says: a booking, or None when it refuses."""
        try:
            with transaction.atomic():
                return verb(*arguments, now=self.now, **named)
        except Refused:
            return None

    def given_back(self, slot: int, place: int) -> None:
        """A place of an appointment went back: it stays away as long as the calendar says."""
        back = Place.objects.get(pk=place).free_from
        half = (self.slots[slot].starts_at - self.now) / 2
        assert min(half, AFTER * MINUTE) <= back - self.now <= min(half, BEFORE * MINUTE)
        self.away.append((slot, back))

    @rule(person=st.integers(0, PEOPLE - 1), slot=st.integers(0, 1))
    def hold(self, person: int, slot: int) -> None:
        has_one = any(known.person == person and known.counts(self.now) for known in self.bookings)
        may = not has_one and self.free(slot) > 0 and self.slots[slot].starts_at >= self.now
        held = self.tried(
            booking.hold, self.slots[slot].pk, owner=self.owner, case_id=None, identity=self.who[person]
        )
        assert (held is not None) is may
        if held:
            until = self.now + booking.HOLD
            self.bookings.append(Known(held.reference, person, slot, is_confirmed=False, until=until))

    @precondition(lambda self: self.bookings)
    @rule(which=some)
    def confirm(self, which: int) -> None:
        n = which % len(self.bookings)
        known = self.bookings[n]
        done = self.tried(booking.confirm, known.reference)
        assert (done is not None) is known.counts(self.now)
        if done and not known.is_confirmed:
            self.bookings[n] = replace(known, is_confirmed=True, until=self.slots[known.slot].ends_at)

    @precondition(lambda self: self.bookings)
    @rule(which=some, slot=st.integers(0, 1))
    def move(self, which: int, slot: int) -> None:
        n = which % len(self.bookings)
        known = self.bookings[n]
        stands = known.is_confirmed and known.counts(self.now) and self.is_ahead(known.slot)
        is_there = stands and slot == known.slot
        may = stands and known.moves < booking.MOVES and self.free(slot) > 0
        may = may and self.slots[slot].starts_at >= self.now
        place = booking.get(known.reference).place_id
        done = self.tried(booking.move, known.reference, self.slots[slot].pk)
        assert (done is not None) is (may or is_there)
        if done and not is_there:
            self.given_back(known.slot, place)
            until = self.slots[slot].ends_at
            self.bookings[n] = replace(known, slot=slot, until=until, moves=known.moves + 1)

    @precondition(lambda self: self.bookings)
    @rule(which=some)
    def cancel(self, which: int) -> None:
        n = which % len(self.bookings)
        known = self.bookings[n]
        may = known.counts(self.now) and (not known.is_confirmed or self.is_ahead(known.slot))
        before = booking.get(known.reference)
        gone = self.tried(booking.cancel, known.reference)
        assert (gone is not None and gone.sequence > before.sequence) is may
        if may:
            self.bookings[n] = replace(known, is_cancelled=True)
            if known.is_confirmed:
                self.given_back(known.slot, before.place_id)

    @rule(minutes=st.sampled_from([1, 9, 10, 21, 45]))
    def wait(self, minutes: int) -> None:
        self.now += minutes * MINUTE

    @invariant()
    def everybody_sees_the_places_of_the_model(self) -> None:
        shown = slots.free(self.slots[0].calendar, NOW.date(), NOW.date() + timedelta(days=1), now=self.now)
        seen = {found.id: found.places for found in shown}
        for n, slot in enumerate(self.slots):
            expected = self.free(n) if slot.starts_at >= self.now else 0
            assert seen.get(slot.pk, 0) == expected

    @invariant()
    def the_bookings_that_count_are_those_of_the_model(self) -> None:
        rows = Booking.objects.active(self.now).values_list("reference", "place__slot")
        expected = {(k.reference, self.slots[k.slot].pk) for k in self.bookings if k.counts(self.now)}
        assert set(rows) == expected


def run(examples: int = 25, **more: object) -> None:
    settled = settings(
        max_examples=examples,
        stateful_step_count=20,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
        **more,
    )
    run_state_machine_as_test(Verbs, settings=settled)


def test_any_order_of_verbs_does_what_the_model_says() -> None:
    run()


@pytest.mark.parametrize(
    ("statement", "part", "instead"),
    [
        ("CONFIRM", "AND state = 'held' AND active_until > %(now)s", "AND state = 'held'"),
        ("CANCEL", "THEN back.free_from ELSE", "THEN %(now)s ELSE"),
    ],
)
def test_the_model_notices_a_statement_that_is_wrong(
    monkeypatch: pytest.MonkeyPatch, statement: str, part: str, instead: str
) -> None:
    right = getattr(sql, statement)
    assert part in right
    monkeypatch.setattr(sql, statement, right.replace(part, instead))

    with pytest.raises(AssertionError):
        run(200, phases=[Phase.generate], report_multiple_bugs=False, derandomize=True, database=None)
