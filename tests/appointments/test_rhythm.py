"""On which days and at which times rules open a calendar: in every time zone, in every rhythm."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consular.appointments import release, rhythm, setups, slots
from consular.appointments.outlooks import Days, Outlook, Wanted
from consular.appointments.release import Policy
from consular.appointments.rhythm import LAST, Rule
from consular.appointments.setups import Setup
from consular.appointments.slot_rows import Left

UTC_ZONE = ZoneInfo("UTC")
SINCE = date(2027, 1, 4)
"""A Monday."""
HALF = timedelta(minutes=30)
DAY = timedelta(days=1)
ZONES = sorted(available_timezones() - {"localtime"})


def rule(**changed: object) -> Rule:
    """Mondays from nine to eleven, for one person at a time."""
    return replace(Rule(weekday=0, opens_at=time(9), closes_at=time(11), valid_from=SINCE), **changed)


def setup(*rules: Rule, **changed: object) -> Setup:
    usual = Setup(30, 5, 0, 60, 0, 0, 0, 0, None, 0, rules=tuple(rules))
    return replace(usual, **changed)


def outlook(made: Setup, zone: ZoneInfo = UTC_ZONE, **more: object) -> Outlook:
    return Outlook(**{"calendar": 1, "zone": zone, "setup": made, "closed": frozenset(), **more})


def mondays(made: Rule, weeks: int = 9) -> list[int]:
    """In which of the weeks from the first one on the rule holds on Monday."""
    return [n for n in range(weeks) if made.holds_on(SINCE + n * 7 * DAY)]


@pytest.mark.parametrize(
    ("changed", "weeks"),
    [
        ({}, [0, 1, 2, 3, 4, 5, 6, 7, 8]),
        ({"every": 2}, [0, 2, 4, 6, 8]),
        ({"every": 3, "valid_from": date(2027, 1, 13)}, [4, 7]),  # a Wednesday: its own week's Monday is over
        ({"nth": 1}, [0, 4, 8]),
        ({"nth": 5}, []),
        ({"nth": LAST}, [3, 7]),
        ({"valid_to": date(2027, 1, 18)}, [0, 1]),
        ({"on_day": date(2027, 1, 11)}, [1]),
        ({"weekday": 1}, []),
    ],
)
def test_a_rule_holds_in_its_rhythm(changed: dict[str, object], weeks: list[int]) -> None:
    assert mondays(rule(**changed)) == weeks


def test_hours_of_one_day_replace_all_others_of_that_day() -> None:
    alone = rule(on_day=SINCE, opens_at=time(14), closes_at=time(15))
    found = rhythm.day_spans(SINCE, [rule(), alone], HALF, UTC_ZONE)
    assert [span.starts_at.hour for span, _rule in found] == [14, 14]
    assert len(rhythm.day_spans(SINCE + 7 * DAY, [rule(), alone], HALF, UTC_ZONE)) == 4


def test_nobody_is_served_in_a_break() -> None:
    broken = rule(pause_from=time(9, 45), pause_to=time(10, 15))
    found = [span.starts_at.time() for span, _rule in rhythm.day_spans(SINCE, [broken], HALF, UTC_ZONE)]
    assert found == [time(9), time(10, 15)]


def test_the_more_particular_rule_counts_where_two_overlap() -> None:
    monthly = rule(nth=1, opens_at=time(10), closes_at=time(12), capacity=3)
    found = [
        (span.starts_at.hour, one.capacity)
        for span, one in rhythm.day_spans(SINCE, [rule(), monthly], HALF, UTC_ZONE)
    ]
    assert found == [(9, 1), (9, 1), (10, 3), (10, 3), (11, 3), (11, 3)]


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(ZONES),
    st.dates(date(2026, 1, 1), date(2029, 12, 31)),
    st.lists(
        st.tuples(
            st.integers(0, 22), st.integers(1, 6), st.sampled_from([1, 2]), st.sampled_from([None, 1, LAST])
        ),
        min_size=1,
        max_size=4,
    ),
    st.sampled_from([15, 20, 45]),
)
def test_slots_of_a_day_never_overlap_and_lie_in_the_hours_of_their_rule(
    name: str, day: date, drawn: list[tuple[int, int, int, int | None]], minutes: int
) -> None:
    zone = ZoneInfo(name)
    rules = [
        rule(
            weekday=day.weekday(),
            opens_at=time(opens),
            closes_at=time(min(23, opens + hours)),
            every=1 if nth else every,
            nth=nth,
        )
        for opens, hours, every, nth in drawn
    ]
    found = rhythm.day_spans(
        day,
        [one for n, one in enumerate(rules) if not setups.clash(rules[: n + 1])],
        timedelta(minutes=minutes),
        zone,
    )
    after = [*(span.starts_at for span, _rule in found), datetime.max.replace(tzinfo=UTC)][1:]
    for (span, one), later in zip(found, after, strict=True):
        local = span.starts_at.astimezone(zone)
        assert local.date() == day
        assert one.opens_at <= local.time()
        assert (span.ends_at - timedelta(seconds=1)).astimezone(zone).time() < one.closes_at
        # The moment is on the clock: it comes back the same from its local reading.
        assert local.replace(tzinfo=zone).astimezone(UTC) == span.starts_at or local.fold == 1
        assert span.ends_at <= later


def test_the_hour_that_does_not_exist_has_no_slots_and_the_doubled_hour_twice_as_many() -> None:
    """In every time zone with daylight saving: an hour is missing on one day and is there twice on another."""
    seen: Counter[int] = Counter()
    for zone in map(ZoneInfo, ZONES):
        for day in _days_of_change(zone):
            night = rule(weekday=day.weekday(), opens_at=time(0), closes_at=time(4), valid_from=day)
            found = len(rhythm.day_spans(day, [night], timedelta(hours=1), zone))
            shift = _offset(zone, day, time(4)) - _offset(zone, day)
            if shift % timedelta(hours=1) == timedelta(0):
                assert found == 4 - shift // timedelta(hours=1), (zone, day)
                seen[found] += 1
    assert min(seen[3], seen[5]) > 100


def _offset(zone: ZoneInfo, day: date, wall: time = time(0)) -> timedelta:
    return datetime.combine(day, wall, zone).utcoffset() or timedelta(0)


def _days_of_change(zone: ZoneInfo) -> list[date]:
    weeks = [SINCE + n * 7 * DAY for n in range(52)]
    changing = [week for week in weeks if _offset(zone, week) != _offset(zone, week + 7 * DAY)]
    days = [week + n * DAY for week in changing for n in range(7)]
    return [day for day in days if _offset(zone, day) != _offset(zone, day + DAY)]


def test_there_is_no_slot_on_a_closed_day_and_less_where_somebody_is_away() -> None:
    weekly = setup(rule(capacity=4))
    last = SINCE + 20 * DAY
    closed = outlook(weekly, closed=frozenset({SINCE}))
    away = outlook(weekly, absent=(Days(SINCE, SINCE + 8 * DAY), Days(SINCE, SINCE)))
    assert {slot.starts_at.date() for slot in closed.slots(SINCE, last)} == {
        SINCE + 7 * DAY,
        SINCE + 14 * DAY,
    }
    assert [slot.capacity for slot in away.slots(SINCE, last)] == [3] * 4 + [4] * 8
    nobody = outlook(setup(rule(), counters=1), absent=(Days(SINCE, SINCE),))
    assert list(nobody.slots(SINCE, SINCE)) == []


def test_staff_have_their_share_and_the_public_theirs() -> None:
    (first, *_others) = outlook(setup(rule(capacity=3, internal=1))).slots(SINCE, SINCE)
    assert (first.capacity, first.internal, len(first.opens)) == (3, 1, 2)
    (first, *_others) = outlook(setup(rule(capacity=3, internal=3), counters=2)).slots(SINCE, SINCE)
    assert (first.capacity, first.internal, first.opens) == (2, 2, ())


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 100), st.integers(0, 100), st.integers(0, 100))
def test_every_hundred_places_keep_the_shares_exactly(week: int, day: int, first: int) -> None:
    week = min(week, 100 - day)
    policy = Policy(week_share=week, day_share=day, at=time(8), horizon=60)
    moments = [release.opens_at(policy, 1, SINCE, n, UTC_ZONE) for n in range(first, first + 100)]
    before = [(SINCE - moment.date()).days for moment in moments if moment]
    assert [before.count(n) for n in (59, 7, 0)] == [100 - week - day, week, day]


def test_the_moment_of_release_is_the_same_at_every_run_and_another_for_every_day() -> None:
    policy = Policy(at=time(8), jitter=120)
    moments = [release.opens_at(policy, 1, SINCE + n * DAY, 0, UTC_ZONE) for n in range(30)]
    late = [moment - datetime.combine(moment.date(), time(8), UTC) for moment in moments if moment]
    assert moments == [release.opens_at(policy, 1, SINCE + n * DAY, 0, UTC_ZONE) for n in range(30)]
    assert len(set(late)) > 25
    assert timedelta(0) <= min(late) < max(late) <= timedelta(hours=2)
    assert release.opens_at(Policy(), 1, SINCE, 0, UTC_ZONE) is None


def test_a_day_is_released_when_all_of_it_can_be_booked() -> None:
    policy = Policy(at=time(0), horizon=10)
    moment = release.opens_at(policy, 1, SINCE, 0, UTC_ZONE)
    assert moment is not None
    assert datetime.combine(SINCE, time(23), UTC) <= moment + timedelta(days=10)


def test_a_setup_comes_back_from_what_was_kept_of_it() -> None:
    rules = (rule(), rule(on_day=SINCE, pause_from=time(9, 30), pause_to=time(10)), rule(nth=LAST))
    made = setup(*rules, release_at=time(8), week_share=20)
    made = replace(made, rules=setups.in_order(made.rules))
    assert setups.from_json(setups.as_json(made)) == made


@pytest.mark.parametrize(
    ("changed", "clashes"),
    [
        ({}, True),
        ({"opens_at": time(11), "closes_at": time(12)}, False),
        ({"weekday": 1}, False),
        ({"nth": 1}, False),
        ({"valid_from": date(2027, 3, 1)}, True),
        ({"valid_from": date(2026, 1, 1), "valid_to": SINCE}, False),
    ],
)
def test_two_rules_of_one_rhythm_do_not_open_the_same_time(changed: dict[str, object], clashes: bool) -> None:
    assert setups.clash([rule(), rule(**changed)]) is clashes


def test_a_new_slot_has_room_for_those_only_who_can_be_served_beside_old_bookings() -> None:
    nine = datetime(2027, 1, 4, 9, tzinfo=UTC)
    slot = Wanted(nine, nine + 2 * HALF, 3, 1, (nine, nine))
    left = [
        Left(nine, nine + HALF, 1),
        Left(nine + HALF, nine + 2 * HALF, 1),
        Left(nine + 2 * HALF, nine + 3 * HALF, 3),
    ]
    (smaller,) = slots.beside([slot], left)
    assert (smaller.capacity, smaller.internal, len(smaller.opens)) == (1, 1, 0)
    assert slots.beside([slot], [Left(slot.starts_at, slot.ends_at, 3)]) == [slot]
