"""A release of scarce places under attack, simulated (row APT-07): 200 people, 2,000 programs with 50 identities.

Pure, over the rules of the real verbs and their numbers: an identity has one active booking; what is given back returns
after a random time, or is offered along the list; an offer that is not taken costs a chance, then the rank; lots are
drawn by the published algorithm. People look three times a day and answer nine offers of ten. Programs look every
second. They either keep what they get, or trade: they give a place back for a customer of theirs whose program waits.
"""

import argparse
import random
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

from tests.benchmarks import stand

PEOPLE, PROGRAMS, IDENTITIES, PLACES = 200, 2_000, 50, 120
MINUTE, HOUR, DAY = 1 / 60, 1.0, 24.0
ENDS = 14 * DAY
"""Hours from the release to the appointments."""

RETURNS_AFTER, RETURNS_BEFORE = 5 * MINUTE, 120 * MINUTE
OFFER, PASSES = 24 * HOUR, 1
"""The defaults of a calendar; a test compares them."""

LOOKS, ANSWERS = 8 * HOUR, 0.9
"""Hours between two looks of a person, on average; how many of their offers people take."""


@dataclass(frozen=True)
class Attack:
    """How many identities programs have, and whether they trade what they get."""

    identities: int = IDENTITIES
    trades: bool = False


NOBODY = Attack(0)
Way = Callable[[random.Random, Attack], int]
"""How many people get a place."""


def direct(chance: random.Random, attack: Attack) -> int:
    """Who comes first: programs within a second, people when they look.

    What programs trade never reaches people: their customers' programs see first that it has come back.
    """
    left = PLACES - min(attack.identities, PLACES)
    return min(left, sum(_first_look(chance) <= ENDS for _ in range(PEOPLE)))


def direct_unbound(chance: random.Random, attack: Attack) -> int:
    """The control: if a booking were not bound to a person, every program could have one."""
    return direct(chance, Attack(PROGRAMS if attack.identities else 0))


def direct_then_list(chance: random.Random, attack: Attack) -> int:
    """Who comes first, and what is given back goes along the list, on which those are who got nothing."""
    served = direct(chance, attack)
    if not attack.trades:
        return served
    returned = [_sold_at(chance) for _ in range(attack.identities)]
    return served + _offered(chance, [True] * (PEOPLE - served), returned)


def by_list(chance: random.Random, attack: Attack) -> int:
    """Along a list that people and programs joined in any order, before the release."""
    line = [True] * PEOPLE + [False] * attack.identities
    chance.shuffle(line)
    return _along(chance, line, attack)


def by_draw(chance: random.Random, attack: Attack) -> int:
    """In the order of a draw, as anybody can repeat it."""
    from consular.appointments.lots import Listing  # noqa: PLC0415  needs the settings

    tickets = {
        f"{chance.getrandbits(128):032x}": number < PEOPLE for number in range(PEOPLE + attack.identities)
    }
    listing = Listing("chain", 1, PLACES, (), tuple(sorted(tickets)))
    order = listing.order(chance.randbytes(32))
    return _along(chance, [tickets[ticket] for ticket in order], attack)


WAYS: dict[str, Way] = {
    "direct, if bookings were not bound to people": direct_unbound,
    "direct": direct,
    "direct, given back to the list": direct_then_list,
    "list": by_list,
    "draw": by_draw,
}


def success(way: Way, attack: Attack, rounds: int) -> float:
    """Which share of the people gets a place, on average."""
    return sum(way(random.Random(seed), attack) for seed in range(rounds)) / rounds / PEOPLE


def _first_look(chance: random.Random) -> float:
    """Nobody knows the moment of a release: people look as often as ever."""
    return chance.expovariate(1 / LOOKS)


def _sold_at(chance: random.Random) -> float:
    """When a program gives a place back for a customer, and when it can be had again."""
    return chance.uniform(0, ENDS / 2) + chance.uniform(RETURNS_AFTER, RETURNS_BEFORE)


def _along(chance: random.Random, line: Sequence[bool], attack: Attack) -> int:
    """How many people take a place, offered in this order; traded places are offered along it once more."""
    return _offered(chance, line, [0.0] * PLACES, trades=attack.trades)


def _offered(
    chance: random.Random, line: Sequence[bool], free: Sequence[float], *, trades: bool = False
) -> int:
    """Offer what is free from these moments on to the first who wait; True in the line is a person."""
    waiting = deque((is_person, 0) for is_person in line)
    places = sorted(free)
    heapify(places)
    served = 0
    while places and waiting:
        now = heappop(places)
        if now > ENDS - OFFER:
            break
        is_person, passes = waiting.popleft()
        if not is_person or chance.random() < ANSWERS:
            served += is_person
            if trades and not is_person:
                heappush(places, max(now, _sold_at(chance)))
            continue
        heappush(places, now + OFFER)
        if passes < PASSES:
            waiting.appendleft((is_person, passes + 1))
        else:
            waiting.append((is_person, 0))
    return served


def figures(rounds: int) -> Iterator[stand.Figure]:
    """For each way: people's success without programs, with programs that keep, and with programs that trade."""
    for name, way in WAYS.items():
        alone, kept, traded = (
            success(way, attack, rounds) for attack in (NOBODY, Attack(), Attack(trades=True))
        )
        yield stand.figure(
            f"release: {name}",
            100 * traded,
            "% of people have a place, programs trade",
            100 * alone,
            reference="without programs",
            kept=round(100 * kept, 1),
            kept_ratio=round(kept / alone, 2),
            equal_share=round(PEOPLE / (PEOPLE + IDENTITIES), 2),
            rounds=rounds,
        )


def main() -> None:
    """Print the figures, one JSON line each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=500)
    stand.emit(figures(parser.parse_args().rounds))


if __name__ == "__main__":
    main()
