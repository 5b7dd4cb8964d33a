"""All verbs of booking in any order, for one or for two, for one slot or two that follow, against a model that is too
simple to be wrong.

The model knows of each place until when it is taken, and of each booking where it sits. It takes the random moments at
which places come back from the database and checks that they lie within the limits of the calendar.
"""

from dataclasses import replace
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
from consular.appointments import booking, offering, slots, sql, together
from consular.appointments.models import Booking, Calendar, Place, Slot, Waiting
from consular.appointments.together import Comer, Group
from consular.cases.models import Case
from tests import factories as people
from tests.appointments import factories
from tests.appointments.factories import LONG, NOW
from tests.appointments.known import Known, Seat, seats_of, tried
from tests.harm import alter

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
AFTER, BEFORE = 20, 40
CAPACITIES = (1, 2, 1)
PEOPLE = 3
STAYS = 2  # the person whose service takes two slots


some = st.integers(min_value=0, max_value=30)
some_slot = st.integers(0, len(CAPACITIES) - 1)


class Verbs(RuleBasedStateMachine):
    """Three people, three slots of four places together, one after the other; people come alone or as two."""

    calendar: Calendar
    slots: tuple[Slot, ...]
    who: tuple[Comer, ...]
    owner: User

    def __init__(self) -> None:
        super().__init__()
        self.point = transaction.savepoint()
        self.now = NOW
        self.bookings: list[Known] = []
        self.away: list[tuple[int, datetime]] = []  # slot, and when one of its places comes back

    @classmethod
    def prepare(cls) -> None:
        """Build what all examples have in common, once."""
        cls.calendar = factories.calendar(
            returns_after=AFTER,
            returns_before=BEFORE,
            offer_hours=1,
            services=["schengen_visa", LONG],
            lengths={LONG: 2},
        )
        cls.slots = tuple(
            factories.slot(cls.calendar, capacity, NOW + timedelta(hours=3, minutes=30 * n))
            for n, capacity in enumerate(CAPACITIES)
        )
        cls.owner = people.applicant()
        cases = [factories.bookable_case(cls.calendar, owner=cls.owner) for _ in range(PEOPLE)]
        Case.objects.filter(pk=cases[STAYS].pk).update(service=LONG)
        cls.who = tuple(Comer(case.pk, factories.person()) for case in cases)

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.point)

    def free(self, slot: int) -> int:
        """Places of a slot that can be taken now."""
        sitting = [seat for known in self.bookings for seat in known.sitting(self.now)]
        return CAPACITIES[slot] - sum(seat.slot == slot for seat in sitting) - len(self.coming_back(slot))

    def coming_back(self, slot: int) -> list[datetime]:
        return sorted(at for where, at in self.away if where == slot and at > self.now)

    def is_booked(self, person: int) -> bool:
        return any(seat.person == person for known in self.bookings for seat in known.sitting(self.now))

    def is_ahead(self, known: Known) -> bool:
        return all(self.slots[seat.slot].starts_at > self.now for seat in known.sitting(self.now))

    def places_from(self, slot: int, number: int, slots_each: int) -> list[int]:
        """The slots in which so many people sit side by side from this one on, those of one after another; none when
        there is no room.
        """
        found: list[int] = []
        for first in range(slot, len(CAPACITIES) - slots_each + 1, slots_each):
            block = range(first, first + slots_each)
            seats = min(self.free(n) for n in block)
            found += [*block] * min(seats, number - len(found) // slots_each)
            if not seats:
                break
        return found if len(found) == number * slots_each and self.slots[slot].starts_at >= self.now else []

    def given_back(self, slot: int, place: int) -> None:
        """A place of an appointment went back: it stays away as long as the calendar says."""
        back = Place.objects.get(pk=place).free_from
        half = (self.slots[slot].starts_at - self.now) / 2
        assert min(half, AFTER * MINUTE) <= back - self.now <= min(half, BEFORE * MINUTE)
        self.away.append((slot, back))

    def rows(self, known: Known) -> dict[tuple[int, int], Booking]:
        """The rows of a booking, by person and slot."""
        references_ = [known.reference] if len(known.seats) == 1 else []
        rows = Booking.objects.filter(reference__in=references_) | Booking.objects.filter(
            party=known.reference
        )
        by_identity = {one.identity: n for n, one in enumerate(self.who)}
        return {(by_identity[bytes(row.identity)], self.slots.index(row.slot)): row for row in rows}

    @rule(person=st.integers(0, PEOPLE - 1), slot=some_slot)
    def hold(self, person: int, slot: int) -> None:
        """By the statement for one person in one slot, which is refused to whoever needs two."""
        may = person != STAYS and not self.is_booked(person) and bool(self.places_from(slot, 1, 1))
        who, identity = self.who[person].case_id, self.who[person].identity
        held = tried(
            self.now, booking.hold, self.slots[slot].pk, owner=self.owner, case_id=who, identity=identity
        )
        assert bool(held) is may
        if held:
            self.bookings.append(Known(held[0].reference, (Seat(person, slot, self.now + booking.HOLD),)))

    @rule(slot=some_slot)
    def hold_to_stay(self, slot: int) -> None:
        self.hold_for([STAYS], slot, 2)

    @rule(without=st.integers(0, PEOPLE - 1), slot=some_slot)
    def hold_for_two(self, without: int, slot: int) -> None:
        self.hold_for([n for n in range(PEOPLE) if n != without], slot, 1 if without == STAYS else 2)

    def hold_for(self, people: list[int], slot: int, slots_each: int) -> None:
        places = self.places_from(slot, len(people), slots_each)
        may = bool(places) and not any(self.is_booked(person) for person in people)
        group = Group(self.owner, [self.who[n] for n in people], slots_each)
        held = tried(self.now, together.hold, self.slots[slot].pk, group)
        assert bool(held) is may
        if held:
            assert [one.slot.pk for one in held] == [self.slots[n].pk for n in places[::slots_each]]
            seats = seats_of(self.slots, people, places, self.now + booking.HOLD)
            self.bookings.append(Known(held[0].party, seats))

    @rule(person=st.integers(0, PEOPLE - 1))
    def offer(self, person: int) -> None:
        """The list is offered what was given back and is not free for everybody yet, and nothing else."""
        ended = offering.unsettled(self.calendar, self.now)
        offering.settle(self.calendar, ended, now=self.now)
        entry = Waiting(
            calendar=self.calendar, case_id=self.who[person].case_id, owner=self.owner, category="visa_c",
            identity=self.who[person].identity, since=NOW, joined_at=NOW, changed_at=NOW, state="left",
        )  # fmt: skip
        wanted = 2 if person == STAYS else 1
        soonest, last = self.now + offering.SHORTEST, len(CAPACITIES) - wanted
        in_time = [n for n in range(last + 1) if self.slots[n].starts_at >= soonest]
        first = next((n for n in in_time if all(map(self.coming_back, range(n, n + wanted)))), None)
        fit = offering.fitting(entry, offering.offerable(self.calendar, self.now))
        assert (fit and fit.id) == (None if first is None else self.slots[first].pk)
        if fit is None or first is None:
            return
        entry.save()
        made = tried(self.now, offering.offer, entry, fit)
        assert bool(made) is not self.is_booked(person)
        if made:
            places = [*range(first, first + wanted)]
            for place in places:
                self.away.remove((place, self.coming_back(place)[0]))
            until = min(self.now + timedelta(hours=1), self.slots[first].starts_at)
            seats = seats_of(self.slots, [person], places, until)
            self.bookings.append(Known(made[0].booking.reference, seats, is_offer=True))

    @precondition(lambda self: self.bookings)
    @rule(which=some)
    def confirm(self, which: int) -> None:
        n = which % len(self.bookings)
        known = self.bookings[n]
        verb = booking.confirm if known.people == 1 else together.confirm
        done = tried(self.now, verb, known.reference)
        assert bool(done) is bool(known.sitting(self.now))
        if done and not known.is_confirmed:
            people = list(dict.fromkeys(seat.person for seat in known.seats))
            seats = seats_of(self.slots, people, [seat.slot for seat in known.seats])
            self.bookings[n] = replace(known, is_confirmed=True, seats=seats)

    @precondition(lambda self: self.bookings)
    @rule(which=some, slot=some_slot)
    def move(self, which: int, slot: int) -> None:
        n = which % len(self.bookings)
        known = self.bookings[n]
        stands = known.is_confirmed and bool(known.sitting(self.now)) and self.is_ahead(known)
        is_there = stands and slot == known.seats[0].slot
        places = self.places_from(slot, known.people, known.slots_each)
        may = stands and known.moves < booking.MOVES and bool(places)
        before = self.rows(known)
        verb = booking.move if known.people == 1 else together.move
        done = tried(self.now, verb, known.reference, self.slots[slot].pk)
        if is_there and (not may or known.people == 1):
            assert [one.sequence for one in done] == [known.moves] * len(done)
            return
        assert bool(done) is may
        if done:
            for seat in known.seats:
                self.given_back(seat.slot, before[seat.person, seat.slot].place_id)
            at = sorted(self.rows(known), key=lambda one: (one[0], one[1]))
            assert sorted(slot for _person, slot in at) == sorted(places)
            people = list(dict.fromkeys(person for person, _slot in at))
            seats = seats_of(self.slots, people, [slot for _person, slot in at])
            self.bookings[n] = replace(known, seats=seats, moves=known.moves + 1)

    @precondition(lambda self: self.bookings)
    @rule(which=some)
    def cancel(self, which: int) -> None:
        n = which % len(self.bookings)
        known = self.bookings[n]
        may = bool(known.sitting(self.now)) and (not known.is_confirmed or self.is_ahead(known))
        before = self.rows(known)
        gone = tried(self.now, booking.cancel if known.people == 1 else together.cancel, known.reference)
        first = known.seats[0]
        assert any(one.sequence > before[first.person, first.slot].sequence for one in gone) is may
        if may:
            self.bookings[n] = replace(known, is_cancelled=True)
            for seat in known.seats if known.is_confirmed or known.is_offer else ():
                self.given_back(seat.slot, before[seat.person, seat.slot].place_id)

    @rule(minutes=st.sampled_from([1, 9, 10, 21, 45]))
    def wait(self, minutes: int) -> None:
        """Time passes; the place of an offer that lapses meanwhile stays with the list for some minutes."""
        before, self.now = self.now, self.now + minutes * MINUTE
        for known in [one for one in self.bookings if one.is_offer and not one.is_confirmed]:
            lapsed = [seat for seat in known.sitting(before) if seat.until <= self.now]
            self.away += [(seat.slot, seat.until + offering.AFTER) for seat in lapsed]

    @invariant()
    def everybody_sees_the_places_of_the_model(self) -> None:
        shown = slots.free(self.slots[0].calendar, NOW.date(), NOW.date() + timedelta(days=1), now=self.now)
        seen = {found.id: found.places for found in shown}
        for n, slot in enumerate(self.slots):
            expected = self.free(n) if slot.starts_at >= self.now else 0
            assert seen.get(slot.pk, 0) == expected

    @invariant()
    def the_bookings_that_count_are_those_of_the_model(self) -> None:
        rows = Booking.objects.active(self.now).values_list("identity", "place__slot")
        sitting = [seat for known in self.bookings for seat in known.sitting(self.now)]
        assert {(bytes(identity), slot) for identity, slot in rows} == {
            (self.who[seat.person].identity, self.slots[seat.slot].pk) for seat in sitting
        }


class Few(Verbs):
    """Fewer verbs and questions, so that a mistake in one of them is met sooner."""

    hold_to_stay = hold_for_two = offer = move = None
    the_bookings_that_count_are_those_of_the_model = None


def run(examples: int = 25, machine: type[Verbs] = Verbs, **more: object) -> None:
    machine.prepare()
    settled = settings(
        max_examples=examples,
        stateful_step_count=20,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
        **more,
    )
    run_state_machine_as_test(machine, settings=settled)


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
    alter(monkeypatch, sql, statement, (part, instead))

    with pytest.raises(AssertionError):
        run(200, Few, phases=[Phase.generate], report_multiple_bugs=False, derandomize=True, database=None)
