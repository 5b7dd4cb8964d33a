"""Every built-in function of DMN 1.5, 10.3.4: one line per call and its canonical result."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from consular.core import clock
from consular.rules import dmn, feel
from consular.rules.feel import writing
from consular.rules.feel.registry import _SIGNATURES, BUILTINS
from tests import rows
from tests.rules.files import decision, file, literal

CASES = [
    # conversion
    ('date("2012-12-25")', '@"2012-12-25"'),
    ('date("2012-2-5")', "null"),
    ("date(2012, 12, 25)", '@"2012-12-25"'),
    ("date(2012, 2, 30)", "null"),
    ('date(date and time("2012-12-25T11:00:00Z"))', '@"2012-12-25"'),
    ('date(from: "2012-12-25")', '@"2012-12-25"'),
    ("date(year: 2012, month: 12, day: 25)", '@"2012-12-25"'),
    ("date(null)", "null"),
    ('date and time("2012-12-24T23:59:00")', '@"2012-12-24T23:59:00"'),
    ('date and time("2012-12-24")', '@"2012-12-24T00:00:00"'),
    ('date and time(date("2012-12-24"), time("23:59:00"))', '@"2012-12-24T23:59:00"'),
    ('date and time(2012, 12, 24, 23, 59, 0, duration("PT1H"))', '@"2012-12-24T23:59:00+01:00"'),
    ('date and time("2012-12-24T25:00:00")', "null"),
    ('time("23:59:00z")', '@"23:59:00Z"'),
    ('time("00:01:00@Etc/UTC")', '@"00:01:00@Etc/UTC"'),
    ('time("00:01:00@No/Where")', "null"),
    ('time(23, 59, 0, duration("PT0H"))', '@"23:59:00Z"'),
    ("time(23, 59, 1.5)", '@"23:59:01.5"'),
    ('time(date and time("2012-12-24T23:59:00"))', '@"23:59:00"'),
    ('time("24:00:00")', "null"),
    ('number("1 000,0", " ", ",")', "1000"),
    ('number("1,000.5", ",", ".")', "1000.5"),
    ('number("1.5", null, ".")', "1.5"),
    ('number("1,5", ",", ",")', "null"),
    ('number("12x")', "null"),
    ("string(1.1)", '"1.1"'),
    ("string(null)", "null"),
    ('string("a")', '"a"'),
    ('string([1, "a"])', '"[1, \\"a\\"]"'),
    ('string(date("2012-12-25"))', '"2012-12-25"'),
    ('duration("P2DT20H14M")', '@"P2DT20H14M"'),
    ('duration("P26M")', '@"P2Y2M"'),
    ('duration("P1Y1D")', "null"),
    ('duration("P")', "null"),
    ('years and months duration(date("2011-12-22"), date("2013-08-24"))', '@"P1Y8M"'),
    ('years and months duration(date("2013-08-24"), date("2011-12-22"))', '@"-P1Y8M"'),
    ('range("[18..21)")', "[18..21)"),
    ('range("[1..x]")', "null"),
    ('range("[2..1]")', "null"),
    # boolean
    ("not(true)", "false"),
    ("not(null)", "null"),
    ("is(1, 1.0)", "true"),
    ('is(time("23:00:50Z"), time("23:00:50"))', "false"),
    ('is(time("23:00:50z"), time("23:00:50+00:00"))', "true"),
    ('is(date("2012-12-25"), time("23:00:50"))', "false"),
    # strings
    ('substring("foobar", 3)', '"obar"'),
    ('substring("foobar", 3, 3)', '"oba"'),
    ('substring("foobar", -2, 1)', '"a"'),
    ('substring("foobar", 0)', "null"),
    ('substring("foobar", 7)', "null"),
    ('substring("\\U01F40Eab", 2)', '"ab"'),
    ('string length("foo")', "3"),
    ('string length("\\uD83D\\uDC0Eab")', "3"),
    ('upper case("aBc4")', '"ABC4"'),
    ('lower case("aBc4")', '"abc4"'),
    ('substring before("foobar", "bar")', '"foo"'),
    ('substring before("foobar", "xyz")', '""'),
    ('substring after("foobar", "ob")', '"ar"'),
    ('substring after("", "a")', '""'),
    ('replace("abcd", "(ab)|(a)", "[1=$1][2=$2]")', '"[1=ab][2=]cd"'),
    ('replace("abc", ".*?", "x")', "null"),
    ('replace("a.b", ".", "-", "q")', '"a-b"'),
    ('contains("foobar", "of")', "false"),
    ('starts with("foobar", "fo")', "true"),
    ('ends with("foobar", "r")', "true"),
    ('matches("foobar", "^fo*b")', "true"),
    ('matches("foobar", "^FO*b", "i")', "true"),
    ('matches("a\\nb", "a.b")', "false"),
    ('matches("a\\nb", "a.b", "s")', "true"),
    ('matches("x", "[")', "null"),
    ('matches("x", "x", "y")', "null"),
    ('split("John Doe", "\\\\s")', '["John", "Doe"]'),
    ('split("a;b;c;;", ";")', '["a", "b", "c", "", ""]'),
    ('string join(["a", "b", "c"], "_and_")', '"a_and_b_and_c"'),
    ('string join(["a", null, "c"])', '"ac"'),
    ('string join(["a", 1])', "null"),
    ('string join([], "X")', '""'),
    # lists
    ("list contains([1, 2, null], null)", "true"),
    ("list contains([1, 2], 3)", "false"),
    ("list replace([2, 4, 7, 8], 3, 6)", "[2, 4, 6, 8]"),
    ("list replace([2, 4, 7, 8], -1, 6)", "[2, 4, 7, 6]"),
    ("list replace([2, 4, 7, 8], function(item, newItem) item < newItem, 5)", "[5, 5, 7, 8]"),
    ("count([1, 2, 3])", "3"),
    ("count(null)", "null"),
    ("min([1, 2, 3])", "1"),
    ("min(1, 2, 3)", "1"),
    ('max("a", "c", "b")', '"c"'),
    ("min([])", "null"),
    ('max(1, "a")', "null"),
    ("sum([1, 2, 3])", "6"),
    ("sum(1, 2, 3)", "6"),
    ("sum([])", "null"),
    ('sum([1, "a"])', "null"),
    ("mean([1, 2, 3])", "2"),
    ("mean([])", "null"),
    ("all([false, null, true])", "false"),
    ("all([true, null])", "null"),
    ("all([])", "true"),
    ("all(true, true)", "true"),
    ("any([false, null, true])", "true"),
    ("any([])", "false"),
    ("any(0)", "null"),
    ("sublist([4, 5, 6], 1, 2)", "[4, 5]"),
    ("sublist([4, 5, 6], -2)", "[5, 6]"),
    ("sublist([4, 5, 6], 0)", "null"),
    ("append([1], 2, 3)", "[1, 2, 3]"),
    ("append([1], [2])", "[1, [2]]"),
    ("concatenate([1, 2], [3])", "[1, 2, 3]"),
    ("insert before([1, 3], 1, 2)", "[2, 1, 3]"),
    ("insert before([1, 3], 5, 2)", "null"),
    ("remove([1, 2, 3], 2)", "[1, 3]"),
    ("remove([1, 2, 3], 4)", "null"),
    ("reverse([1, 2, 3])", "[3, 2, 1]"),
    ("index of([1, 2, 3, 2], 2)", "[2, 4]"),
    ("union([1, 2], [2, 3])", "[1, 2, 3]"),
    ("distinct values([1, 2, 3, 2, 1])", "[1, 2, 3]"),
    ("distinct values([true, 1, [1], [1], null, null])", "[true, 1, [1], null]"),
    ("flatten([[1, 2], [[3]], 4])", "[1, 2, 3, 4]"),
    ("product([2, 3, 4])", "24"),
    ("product(2, 3, 4)", "24"),
    ("median(8, 2, 5, 3, 4)", "4"),
    ("median([6, 1, 2, 3])", "2.5"),
    ("median([])", "null"),
    ("stddev([2, 4, 7, 5])", "2.081665999466132735282297706979931"),
    ("stddev([47])", "null"),
    ("mode(6, 3, 9, 6, 6)", "[6]"),
    ("mode([6, 1, 9, 6, 1])", "[1, 6]"),
    ("mode([])", "[]"),
    # numbers
    ("decimal(1/3, 2)", "0.33"),
    ("decimal(1.5, 0)", "2"),
    ("decimal(2.5, 0)", "2"),
    ("decimal(1, 9999)", "null"),
    ("floor(1.5)", "1"),
    ("floor(-1.56, 1)", "-1.6"),
    ("ceiling(1.5)", "2"),
    ("ceiling(-1.56, 1)", "-1.5"),
    ("round up(5.5, 0)", "6"),
    ("round up(-1.126, 2)", "-1.13"),
    ("round down(5.5, 0)", "5"),
    ("round half up(5.5, 0)", "6"),
    ("round half up(-5.5, 0)", "-6"),
    ("round half down(5.5, 0)", "5"),
    ("round half down(-1.126, 2)", "-1.13"),
    ("abs(-10)", "10"),
    ('abs(@"-PT5H")', '@"PT5H"'),
    ("modulo(12, 5)", "2"),
    ("modulo(-12, 5)", "3"),
    ("modulo(12, -5)", "-3"),
    ("modulo(10.1, 4.5)", "1.1"),
    ("modulo(1, 0)", "null"),
    ("sqrt(16)", "4"),
    ("sqrt(-3)", "null"),
    ("decimal(log(10), 8)", "2.30258509"),
    ("log(0)", "null"),
    ("decimal(exp(5), 8)", "148.4131591"),
    ("odd(5)", "true"),
    ("odd(-5)", "true"),
    ("even(2)", "true"),
    ("even(5)", "false"),
    # dates
    ('day of year(date("2019-09-17"))', "260"),
    ('day of week(date("2019-09-17"))', '"Tuesday"'),
    ('month of year(date("2019-09-17"))', '"September"'),
    ('week of year(date("2005-01-01"))', "53"),
    ("now()", '@"2026-03-01T10:00:00Z"'),
    ("today()", '@"2026-03-01"'),
    # sorting and contexts
    ("sort(list: [3, 1, 4, 5, 2], precedes: function(x, y) x < y)", "[1, 2, 3, 4, 5]"),
    ("sort([3, 1, 2])", "[1, 2, 3]"),
    ('sort([1, "a"])', "null"),
    ('get value({key1: "value1"}, "key1")', '"value1"'),
    ('get value({key1: "value1"}, "unexistent-key")', "null"),
    ('get entries({key1: "value1"})', '[{key: "key1", value: "value1"}]'),
    ('context([{key: "a", value: 1}, {key: "b", value: 2}])', "{a: 1, b: 2}"),
    ('context([{key: "a", value: 1}, {key: "a", value: 2}])', "null"),
    ('context([{key: "a"}])', "null"),
    ('context put({x: 1}, "y", 2)', "{x: 1, y: 2}"),
    ('context put({x: 1, y: {a: 0}}, ["y", "a"], 2)', "{x: 1, y: {a: 2}}"),
    ('context put({x: 1}, ["y", "a"], 2)', "null"),
    ("context merge([{x: 1}, {x: 2, y: 3}])", "{x: 2, y: 3}"),
    # ranges
    ("before(1, 10)", "true"),
    ("before([1..10), 10)", "true"),
    ("before([1..5), [5..10])", "true"),
    ("before([1..5], [5..10])", "false"),
    ("after([5..10], 4)", "true"),
    ("after((1..10], 1)", "true"),
    ("meets([1..5], [5..10])", "true"),
    ("meets([1..5), [5..10])", "false"),
    ("met by([5..10], [1..5])", "true"),
    ("overlaps([1..5], [3..8])", "true"),
    ("overlaps([1..5), [5..8])", "false"),
    ("overlaps before([1..5], [3..8])", "true"),
    ("overlaps before([3..8], [1..5])", "false"),
    ("overlaps after([3..8], [1..5])", "true"),
    ("finishes(10, [1..10])", "true"),
    ("finishes(10, [1..10))", "false"),
    ("finishes([5..10), [1..10))", "true"),
    ("finished by([1..10], 10)", "true"),
    ("includes([1..10], 5)", "true"),
    ("includes((1..10], 1)", "false"),
    ("includes([1..10], [4..6])", "true"),
    ("during(5, [1..10])", "true"),
    ("during([4..6], [1..10))", "true"),
    ("starts(1, [1..10])", "true"),
    ("starts([1..5], [1..10])", "true"),
    ("started by([1..10], 1)", "true"),
    ("coincides(5, 5)", "true"),
    ("coincides([1..5], [1..5))", "false"),
    ("includes((> 5), 6)", "true"),
    ('before(1, "a")', "null"),
]  # fmt: skip


@rows.every("text, expected", CASES)
def test_a_built_in_has_its_result(text: str, expected: str) -> None:
    with clock.at(datetime(2026, 3, 1, 10, tzinfo=UTC)):
        assert writing.write(feel.evaluate(text, {})) == expected


def test_now_and_today_are_those_of_the_moment_handed_in_where_its_zone_is() -> None:
    moment = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    text = "[today(), string(now()), now() = now()]"
    assert (
        writing.write(feel.evaluate(text, {}, now=moment)) == '[@"2026-03-01", "2026-03-01T23:30:00Z", true]'
    )
    local = moment.astimezone(ZoneInfo("Asia/Kolkata"))
    expected = '[@"2026-03-02", "2026-03-02T05:00:00@Asia/Kolkata", true]'
    assert writing.write(feel.evaluate(text, {}, now=local)) == expected
    definitions = dmn.load(file(decision("d", literal(text))))
    assert writing.write(definitions.decide("d", {}, now=local).value) == expected


def test_every_built_in_is_in_the_table() -> None:
    texts = " ".join(text for text, _ in CASES)
    assert not [name for name in BUILTINS if f"{name}(" not in texts]


@rows.every("name", sorted(BUILTINS))
def test_a_built_in_never_raises_for_arguments_by_name(name: str) -> None:
    """Whatever its parameters are called and whatever they are given."""
    for signature in _SIGNATURES[name]:
        names = [parameter.name for parameter in signature.parameters]
        for value in ("null", "1", '"a"', "[1, null]", "{a: 1}", '@"2026-01-01"', "[1..2]", "1E6144", "-0.5"):
            feel.evaluate(f"{name}({', '.join(f'{one}: {value}' for one in names)})", {})


@rows.every(
    "name",
    sorted(BUILTINS),
    "arguments",
    ["", "null", "null, null, null, null", '"a", 1, [2], {b: 3}', "[[null]]", "-1e9", '@"P1D", @"P1M"'],
)
def test_a_built_in_never_raises(name: str, arguments: str) -> None:
    feel.evaluate(f"{name}({arguments})", {})
