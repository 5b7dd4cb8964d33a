"""People's chances when programs want the places of a release, too (tests/benchmarks/release.py, a small version)."""

import pytest

from consular.appointments.models import Calendar
from tests.benchmarks import release
from tests.benchmarks.release import NOBODY, WAYS, Attack

ROUNDS = 20


@pytest.mark.parametrize("way", ["list", "draw", "direct, given back to the list"])
def test_whoever_trades_places_takes_none_from_people_where_they_go_along_a_list(way: str) -> None:
    alone = release.success(WAYS[way], NOBODY, ROUNDS)

    assert release.success(WAYS[way], Attack(trades=True), ROUNDS) >= 0.95 * alone


@pytest.mark.parametrize("way", ["list", "draw"])
def test_whoever_keeps_places_gets_the_share_of_one_person_for_each_person(way: str) -> None:
    alone = release.success(WAYS[way], NOBODY, ROUNDS)
    equal = release.PEOPLE / (release.PEOPLE + release.IDENTITIES)

    assert release.success(WAYS[way], Attack(), ROUNDS) == pytest.approx(equal * alone, rel=0.03)


def test_who_comes_first_is_a_program_and_without_binding_places_to_people_it_is_all_of_them() -> None:
    alone, bound = (
        release.success(WAYS["direct"], attack, ROUNDS) for attack in (NOBODY, Attack(trades=True))
    )
    unbound = release.success(release.direct_unbound, Attack(trades=True), ROUNDS)

    assert unbound == 0 < bound < 0.6 * alone


def test_the_simulation_has_the_numbers_of_a_calendar() -> None:
    calendar = Calendar()

    minutes = (calendar.returns_after, calendar.returns_before)
    assert tuple(one * release.MINUTE for one in minutes) == (release.RETURNS_AFTER, release.RETURNS_BEFORE)
    assert (calendar.offer_hours, calendar.passes_kept) == (release.OFFER, release.PASSES)
