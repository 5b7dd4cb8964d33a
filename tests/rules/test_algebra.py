"""Laws that hold for all values: three-valued logic, order, intervals, calendar and numbers."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from consular.rules import feel

TRUTHS = st.sampled_from([True, False, None])
NUMBERS = st.decimals(min_value=-(10**6), max_value=10**6, places=2)
DAYS = st.dates(date(1900, 1, 1), date(2100, 1, 1))


def holds(text: str, **context: object) -> bool:
    return feel.evaluate(text, context) is True


@given(TRUTHS, TRUTHS, TRUTHS)
def test_logic_keeps_its_laws(a: bool | None, b: bool | None, c: bool | None) -> None:
    assert holds("not(a and b) = (not(a) or not(b))", a=a, b=b)
    assert holds("(a and b) = (b and a)", a=a, b=b)
    assert holds("(a and (b or c)) = ((a and b) or (a and c))", a=a, b=b, c=c)


@given(NUMBERS, NUMBERS, NUMBERS)
def test_order_is_total_over_numbers(a: Decimal, b: Decimal, c: Decimal) -> None:
    assert holds("count([a < b, a = b, a > b][item]) = 1", a=a, b=b)
    assert holds("if a <= b and b <= c then a <= c else true", a=a, b=b, c=c)
    assert holds("(a between b and c) = (a in [b..c]) or b > c", a=a, b=b, c=c)


@given(NUMBERS, NUMBERS.filter(bool))
def test_modulo_has_the_sign_of_the_divisor_and_is_smaller(a: Decimal, b: Decimal) -> None:
    assert holds("abs(modulo(a, b)) < abs(b) and modulo(a, b) * b >= 0", a=a, b=b)
    assert holds("modulo(a, b) = a - b * floor(a / b)", a=int(a), b=int(b) or 1)


@given(DAYS, st.integers(-2000, 2000))
def test_days_forth_and_back_are_the_same_day(day: date, count: int) -> None:
    assert holds("d + s - s = d and (d + s) - d = s", d=day, s=timedelta(days=count))


@given(DAYS, st.integers(0, 600))
def test_months_later_the_day_is_never_later_in_its_month(day: date, count: int) -> None:
    later = feel.evaluate('d + duration("P" + string(n) + "M")', {"d": day, "n": count})
    assert later.day <= day.day
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == count


SPANS = st.tuples(st.integers(0, 6), st.integers(0, 6), st.booleans(), st.booleans()).filter(
    lambda s: s[0] < s[1]
)


def span(parts: tuple[int, int, bool, bool]) -> str:
    low, high, closed_low, closed_high = parts
    return f"{'[' if closed_low else '('}{low}..{high}{']' if closed_high else ')'}"


@given(SPANS, SPANS)
def test_relations_of_ranges_mirror_each_other(
    first: tuple[int, int, bool, bool], second: tuple[int, int, bool, bool]
) -> None:
    a, b = span(first), span(second)
    for one, other in (
        ("before", "after"), ("meets", "met by"), ("overlaps", "overlaps"), ("overlaps before", "overlaps after"),
        ("finishes", "finished by"), ("includes", "during"), ("starts", "started by"), ("coincides", "coincides"),
    ):  # fmt: skip
        assert holds(f"{one}({a}, {b}) = {other}({b}, {a})")


@given(SPANS, SPANS)
def test_ranges_overlap_when_some_number_lies_in_both(
    first: tuple[int, int, bool, bool], second: tuple[int, int, bool, bool]
) -> None:
    a, b = span(first), span(second)
    shared = f"(some i in 0..24 satisfies i / 4 in {a} and i / 4 in {b})"
    assert holds(f"overlaps({a}, {b}) = {shared}")
    assert holds(f"(before({a}, {b}) or after({a}, {b})) = not({shared})")
    assert holds(
        f"includes({a}, {b}) = (every i in 0..24 satisfies if i / 4 in {b} then i / 4 in {a} else true)"
    )


@given(st.lists(NUMBERS, max_size=12))
def test_sorting_keeps_the_items_and_puts_them_in_order(items: list[Decimal]) -> None:
    found = feel.evaluate("sort(xs)", {"xs": items})
    assert found == sorted(items)
    assert feel.evaluate("sort(xs, function(a, b) a < b)", {"xs": items}) == found


@given(st.text(max_size=30), st.integers(1, 30))
def test_a_string_is_the_sum_of_its_parts(text: str, place: int) -> None:
    if place < len(text):
        assert holds("substring(t, 1, n) + substring(t, n + 1) = t", t=text, n=place)
