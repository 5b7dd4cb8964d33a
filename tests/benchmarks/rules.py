"""Rules: expressions and tables a second, compiling, the check before publication, and how attacks end.

Beside expressions and tables stands the same written in Python by hand. An attack counts with its milliseconds and the
memory it took at most; each kind of attack is shown by its slowest and by its largest.
"""

import argparse
import random
import time
import tracemalloc
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal

from consular.rules import SyntaxProblem, check, dmn, feel
from consular.rules.feel import pattern_syntax
from tests.benchmarks import stand
from tests.rules import attacks
from tests.rules.files import data, decision, file, table

FEES = stand.ROOT / "forms" / "schengen_visa" / "v1" / "fees.dmn"
APPLICANT: dict[str, object] = {
    "on": date(2026, 6, 1),
    "age": Decimal(34),
    "nationality": "IND",
    "purposes": ["tourism"],
}
ROWS = 200
EXPRESSION = 'if age >= 18 and nationality in ["IND", "USA"] then fee * 1.2 + count(purposes) else 0'
FACTS = {"age": Decimal(34), "nationality": "IND", "fee": Decimal(90), "purposes": ["a", "b"]}
LIMIT_MS, LIMIT_MB = 200, 50


def by_hand(facts: Mapping[str, object]) -> object:
    """The expression in Python."""
    age, fee, purposes = facts["age"], facts["fee"], facts["purposes"]
    if age >= 18 and facts["nationality"] in ["IND", "USA"]:  # type: ignore[operator]
        return fee * Decimal("1.2") + Decimal(len(purposes))  # type: ignore[operator, arg-type]
    return Decimal(0)


def expressions(rounds: int) -> Iterator[stand.Figure]:
    """One expression of ordinary size, compiled, over and over."""
    expression = feel.compile(EXPRESSION)
    ours, bare = stand.in_turns(
        [many(lambda: expression.evaluate(FACTS)), many(lambda: by_hand(FACTS))], rounds
    )
    yield stand.figure(
        "rules: expressions", 1e6 / ours, "evaluations/s", 1e6 / bare, reference="the same in Python"
    )


def many(work: stand.Work) -> stand.Work:
    """A thousand times."""

    def repeat() -> None:
        for _ in range(1000):
            work()

    return repeat


def tables(rounds: int) -> Iterator[stand.Figure]:
    """The fee of a Schengen visa, and a table of 200 rows, whose last one is asked for as often as the first."""
    fees = dmn.load(FEES.read_bytes())
    facts = {name: APPLICANT.get(name) for name in fees.inputs}
    (ours,) = stand.in_turns([many(lambda: fees.decide("fee", facts))], max(3, rounds // 5))
    yield stand.figure("rules: fee of a visa", 1e6 / ours, "decisions/s", rows=16)
    large, rows = dmn.load(wide()), written_out()
    asked = [{"x": Decimal(n * 5 + 2), "k": f"k{n % 7}"} for n in random.Random(1).sample(range(ROWS), 50)]

    def ours_all() -> None:
        for context in asked:
            large.decide("d", context)

    def bare_all() -> None:
        for context in asked:
            [result for x_test, k_test, result in rows if x_test(context["x"]) and k_test(context["k"])]

    ours, bare = stand.in_turns([ours_all, bare_all], max(3, rounds // 5))
    yield stand.figure(
        "rules: table of 200 rows",
        5e4 / ours,
        "decisions/s",
        5e4 / bare,
        reference="the rows as Python lambdas",
    )


def wide() -> bytes:
    """A table with 200 rows of an interval and a list of texts."""
    rows = [f'[{n * 5}..{n * 5 + 5}) ; "k{n % 7}", "other" | {n}' for n in range(ROWS)]
    return file(data("x"), data("k"), decision("d", table("UNIQUE", "x; k", "o", *rows), "x", "k"))


def written_out() -> list[tuple[Callable[[object], bool], Callable[[object], bool], Decimal]]:
    """The same rows by hand."""

    def interval(low: Decimal, high: Decimal) -> Callable[[object], bool]:
        return lambda value: low <= value < high  # type: ignore[operator, no-any-return]

    def among(*texts: str) -> Callable[[object], bool]:
        return lambda value: value in texts

    return [
        (interval(Decimal(n * 5), Decimal(n * 5 + 5)), among(f"k{n % 7}", "other"), Decimal(n))
        for n in range(ROWS)
    ]


def compiling(rounds: int) -> Iterator[stand.Figure]:
    """Reading and compiling, nothing remembered from before; and the check before publication."""
    for name, xml in (("fee of a visa", FEES.read_bytes()), ("table of 200 rows", wide())):

        def load(xml: bytes = xml) -> None:
            feel._compiled.cache_clear()
            dmn.load(xml)

        definitions = dmn.load(xml)
        ours, checking = stand.in_turns(
            [load, lambda found=definitions: check.check(found)], max(3, rounds // 5)
        )
        yield stand.figure(f"rules: compile, {name}", ours, "ms", bytes=len(xml))
        yield stand.figure(f"rules: check, {name}", checking, "ms")


def refused(text: str) -> str:
    """The refusal of an expression."""
    feel._compiled.cache_clear()
    try:
        feel.compile(text)
    except SyntaxProblem as problem:
        return str(problem)
    return ""


def spent(text: str, context: Mapping[str, object] | None = None) -> str:
    """How an evaluation ended."""
    feel._compiled.cache_clear()
    pattern_syntax.program.cache_clear()
    outcome = feel.compile(text).outcome(context or {})
    return outcome.errors[-1] if outcome.errors else "done"


def not_loaded(xml: bytes) -> str:
    """The refusal of a file."""
    found = check.check_bytes(xml)
    return str(found[0]) if found else ""


def attacked() -> Iterator[stand.Figure]:
    """Every kind of attack with its slowest and its largest."""
    calls = ("matches(t, p)", 'replace(t, p, "")', "split(t, p)")
    kinds: dict[str, dict[str, Callable[[], str]]] = {
        "texts": {name: lambda text=text: refused(text) for name, text in attacks.TEXTS.items()},
        "values": {name: lambda text=text: spent(text) for name, text in attacks.VALUES.items()},
        "numbers": {text[:40]: lambda text=text: spent(text) for text in attacks.NUMBERS},
        "patterns": {
            f"{call} {names['p'][:30]}": lambda call=call, names=names: spent(call, names)
            for names in ({"p": pattern, "t": text} for pattern, text in attacks.PATTERNS)
            for call in calls
        },
        "files": {name: lambda xml=xml: not_loaded(xml) for name, xml in attacks.FILES.items()},
    }  # fmt: skip
    for kind, works in kinds.items():
        measured = {name: cost(work) for name, work in works.items()}
        slowest = max(measured, key=lambda name: measured[name][0])
        largest = max(measured, key=lambda name: measured[name][1])
        milliseconds, megabytes = measured[slowest][0], measured[largest][1]
        yield stand.figure(
            f"rules: attacks by {kind}",
            milliseconds,
            "ms",
            count=len(works),
            slowest=slowest,
            memory_mb=round(megabytes, 1),
            largest=largest,
            within=milliseconds <= LIMIT_MS and megabytes <= LIMIT_MB,
        )


def cost(work: Callable[[], str]) -> tuple[float, float]:
    """The milliseconds of this process and the megabytes at most; an attack that is not refused counts as endless."""
    began = time.process_time()
    answer = work()
    milliseconds = 1000 * (time.process_time() - began)
    tracemalloc.start()
    work()
    megabytes = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    return (milliseconds if answer else float("inf")), megabytes


def main() -> None:
    """Print the figures, one JSON line each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=50)
    options = parser.parse_args()
    for figures in (expressions, tables, compiling):
        stand.progress(f"rules: {figures.__name__}")
        stand.emit(figures(options.rounds))
    stand.progress("rules: attacks")
    stand.emit(attacked())


if __name__ == "__main__":
    main()
