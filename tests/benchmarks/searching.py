"""Searching people: server time of a search with its row at 10 thousand and at 1 million people.

Names are drawn from pools whose heads are as common as in real life, so that the worst question, a frequent name alone,
is among those that are asked.
"""

import argparse
import random
from collections.abc import Callable, Iterator
from itertools import accumulate
from typing import Any

import psycopg

from tests.benchmarks import stand

SMALL = 10_000
SURNAMES = (
    "Mohamed Khan Singh Wang Li Zhang Nguyen Kumar Sharma Ivanov Kuznetsov Smirnov Petrov Garcia Silva Santos Rodriguez"
    " Mensah Owusu Boateng Okafor Adeyemi Traore Diallo Hassan Ibrahim Abdullah Rahman Hussein Yilmaz Kaya Demir"
    " Müller Schmidt Weber Kovács Novák Nowak Jovanović Popescu Papadopoulos Haddad Khoury"
    " Ahmadi Hosseini Reyes Cruz Tanaka Kim"
)
GIVEN = (
    "Mohamed Ahmed Fatima Aisha Ali Maria Anna Ivan Olga Yusuf Ama Kwame Priya Rahul Wei Min Sofia Juan Carlos Elena"
    " Dmitri Natalia Hana Omar Layla Sara Thomas Julia Peter Amina Grace John David Ruth Emeka Ngozi Arjun Sunita"
)
SYLLABLES = "ba ko mi ra su te no la de gi po shi ka ven tor man lis dra hol bek nur zay fel quin wo"
WORDS = """INSERT INTO cases_searchword (word, consonants) SELECT * FROM unnest(%s::text[], %s::text[])
ON CONFLICT DO NOTHING"""
CASES = """COPY cases_case (id, reference, service, version, owner_id, language, phase, outcome, mission_id, because,
applicant_name, instance_id, created_at, changed_at, submitted_at) FROM STDIN"""
QUESTIONS: dict[str, dict[str, Any]] = {
    "frequent name": {"name": "Mohamed Ali"},
    "frequent surname alone": {"name": "Khan"},
    "another spelling": {"name": "Kusnezow Iwan"},
    "own script": {"name": "محمد"},
    "rare name, mistyped": {"name": "Boateg Ngosi Bakomi"},
    "document": {"document": "G0001234"},
    "name and birth": {"name": "Mensa Ama", "birth_date": "1985-03-07"},
}


def pool(common: list[str], number: int, chance: random.Random) -> tuple[list[str], list[float]]:
    """So many names and how frequent they are: the common ones first, by the law of Zipf."""
    names = list(common)
    while len(names) < number:
        names.append("".join(chance.choices(SYLLABLES.split(), k=chance.randint(2, 4))).title())
    return names, list(accumulate(1 / (rank + 8) for rank in range(number)))


def people(number: int) -> Iterator[tuple[str, str, list[str], str, bytes]]:
    """Name as typed, its search form, and the facts, always the same people."""
    from consular.cases import lookup  # noqa: PLC0415  needs the settings
    from consular.travel import folding  # noqa: PLC0415

    chance = random.Random(7)
    surnames, weights = pool(SURNAMES.split(), 40_000, chance)
    given, others = pool(GIVEN.split(), 6_000, chance)
    folded = {name: folding.latin(name) for name in {*surnames, *given}}
    numbers = {n: lookup.document_hash(f"G{n:07d}") for n in range(5_000)}
    for place in range(number):
        first = chance.choices(surnames, cum_weights=weights)[0]
        second = chance.choices(given, cum_weights=others)[0]
        latin = f"{folded[first]} {folded[second]}"
        keys = sorted({f"={word}" for word in latin.split()})
        born = f"{chance.randint(1940, 2020)}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}"
        document = numbers.get(place) or chance.randbytes(32)
        yield f"{first}, {second}", latin, keys, born, document


def fill(url: str, number: int, facts: dict[str, Any]) -> None:
    """Cases without a process, spread over missions like real ones, and what they are found by."""
    from consular.travel import folding  # noqa: PLC0415  needs the settings

    with psycopg.connect(url, autocommit=True) as own:
        own.execute("SET session_replication_role = replica")
        (after,) = own.execute("SELECT coalesce(max(id), 0) FROM cases_case").fetchone() or (0,)
        chance, missions = random.Random(8), facts["missions"]
        at: dict[int, int] = {}
        rows = list(people(after + number))[after:]
        with own.cursor() as cursor, cursor.copy(CASES) as copy:
            for place, (name, *_rest) in enumerate(rows, start=after + 1):
                mission = at[place] = missions[int(len(missions) * chance.random() ** 3)]
                copy.write_row(
                    (place, f"S{place}", "schengen_visa", 1, facts["owner"], "en", "in_review", "", mission, "{}",
                     name, place, facts["now"], facts["now"], facts["now"])
                )  # fmt: skip
        with (
            own.cursor() as cursor,
            cursor.copy(
                "COPY cases_searchname (case_id, latin, keys, missions, birth_date, document) FROM STDIN"
            ) as copy,
        ):
            for place, (_name, latin, keys, born, document) in enumerate(rows, start=after + 1):
                copy.write_row((place, latin, keys, [at[place]], born, document))
        words = sorted({word for _name, latin, *_rest in rows for word in latin.split()})
        sounds = [folding.consonants(word) for word in words]
        own.execute(WORDS, (words, sounds))
        own.execute("VACUUM ANALYZE cases_case, cases_searchname, cases_searchword")


def seed() -> tuple[Any, dict[str, Any]]:
    """An officer of the second biggest mission, and facts for the rows."""
    stand.start_django()
    from consular.accounts.models import Role  # noqa: PLC0415  models need the tables
    from consular.core import clock  # noqa: PLC0415
    from consular.missions import loading  # noqa: PLC0415
    from consular.missions.models import Mission  # noqa: PLC0415
    from tests import factories  # noqa: PLC0415

    loading.load()
    missions = [mission.pk for mission in Mission.objects.order_by("id")]
    officer = factories.official(Role.CASEWORKER, mission=Mission.objects.get(pk=missions[1]))
    return officer, {"missions": missions, "owner": factories.applicant().pk, "now": clock.now()}


def question(officer: Any, asked: dict[str, Any]) -> Callable[[], Any]:
    """The verb with its row, as the page calls it."""
    from datetime import date  # noqa: PLC0415

    from consular import casework  # noqa: PLC0415
    from consular.cases.lookup import Wanted  # noqa: PLC0415

    born = asked.get("birth_date")
    wanted = Wanted(**{**asked, "birth_date": date.fromisoformat(born) if born else None})
    return lambda: casework.search(wanted, purpose="examination", actor=officer)


def figures(url: str, large: int, rounds: int) -> Iterator[stand.Figure]:
    """Each question at both sizes: the second adds to the people of the first."""
    officer, facts = seed()
    before: dict[str, float] = {}
    for size in (SMALL, large):
        stand.progress(f"search: filling {size} people")
        fill(url, size - (SMALL if before else 0), facts)
        for name, asked in QUESTIONS.items():
            work = question(officer, asked)
            found = work()
            (took,) = stand.in_turns([work], rounds)
            growth = round(took / before[name], 2) if name in before else None
            before[name] = took
            more = {"found": len(found.shown), "growth": growth}
            yield stand.figure(f"search: {name}, {size:,} people", took, "ms", **more)


def main() -> None:
    """Print the figures, one JSON line each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--large", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    with stand.database() as url:
        stand.emit(figures(url, options.large, options.rounds))
        stand.hang_up()


if __name__ == "__main__":
    main()
