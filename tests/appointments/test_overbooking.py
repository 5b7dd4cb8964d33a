"""Places more than can be served: learnt from data, within the cap, and none where too little is known."""

from dataclasses import dataclass
from datetime import UTC, datetime
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consular.appointments import overbooking
from consular.appointments.outlooks import Wanted
from consular.appointments.overbooking import Learnt

RATES = st.floats(0, 1)


@pytest.mark.parametrize(
    ("came", "missed", "cap", "served", "added"),
    [
        (500, 500, 0, 10, 0),  # nobody set a cap
        (69, 30, 3, 10, 0),  # 99 are too few
        (100, 0, 3, 10, 0),  # everybody comes
        (700, 300, 3, 1, 0),  # where one is served, two would come too often
        (700, 300, 3, 10, 1),
        (700, 300, 3, 20, 3),
        (700, 300, 1, 20, 1),
        (0, 1000, 3, 1, 3),
        (700, 300, 3, 0, 0),
    ],
)
def test_so_many_places_are_added(came: int, missed: int, cap: int, served: int, added: int) -> None:
    assert Learnt(came, missed, cap).added(served) == added


@given(served=st.integers(0, 40), cap=st.integers(0, 10), rate=RATES)
def test_never_beyond_the_cap_and_more_come_than_can_be_served_in_one_slot_of_ten_at_most(
    served: int, cap: int, rate: float
) -> None:
    more = overbooking.added(served, cap, rate)
    booked = served + more
    come = 1 - rate
    too_many = sum(comb(booked, n) * come**n * rate ** (booked - n) for n in range(served + 1, booked + 1))

    assert 0 <= more <= cap
    assert too_many <= overbooking.RISK + 1e-9


@given(came=st.integers(0, 5_000), missed=st.integers(0, 5_000))
def test_what_is_believed_is_below_what_was_counted(came: int, missed: int) -> None:
    known = came + missed
    believed = overbooking.sure_rate(came, missed)

    assert 0 <= believed <= (missed / known if known else 0) + 1e-9
    assert known >= overbooking.ENOUGH or believed == 0


@dataclass(frozen=True)
class Lucky(Learnt):
    """A calendar whose cap is forgotten."""

    def added(self, served: int) -> int:
        return overbooking.added(served, 99, overbooking.sure_rate(self.came, self.missed))


def test_without_the_cap_a_slot_would_be_overfilled() -> None:
    opens = datetime(2027, 3, 1, tzinfo=UTC)
    slot = Wanted(opens, opens, capacity=4, internal=1, opens=(opens,) * 3)

    (kept,) = overbooking.widened([slot], Learnt(100, 900, 2))
    (harm,) = overbooking.widened([slot], Lucky(100, 900, 2))

    assert (kept.capacity, len(kept.opens), kept.internal) == (6, 5, 1)
    assert harm.capacity > 6
