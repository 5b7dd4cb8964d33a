"""What may be entered on the day of an appointment: a table, and the pile of entries that an undo takes from."""

from datetime import timedelta

import pytest

from consular.appointments import attendance, checkin, visits
from consular.appointments.visits import Act, Standing, VisitEntry
from consular.core import references
from tests.appointments.factories import NOW


def visit(*acts: Act, ago: int = 0) -> visits.Visit:
    """The visit that these acts leave, entered so many minutes ago."""
    at = NOW - timedelta(minutes=ago)
    after = {
        Act.CHECK_IN: Standing.HERE,
        Act.CALL: Standing.CALLED,
        Act.SERVE: Standing.SERVED,
        Act.MISS: Standing.ABSENT,
        Act.LATE: Standing.LATE,
        Act.UNDO: Standing.EXPECTED,
    }
    return visits.fold(
        VisitEntry(number=number, act=act, standing=after[act], at=at, entered_at=at)
        for number, act in enumerate(acts, 1)
    )


@pytest.mark.parametrize(
    ("acts", "standing", "possible"),
    [
        ([], "expected", ["late", "check_in", "miss"]),
        ([Act.LATE], "late", ["check_in", "miss", "undo"]),
        ([Act.CHECK_IN], "here", ["call", "serve", "miss", "undo"]),
        ([Act.CHECK_IN, Act.CALL], "called", ["call", "serve", "miss", "undo"]),
        ([Act.CHECK_IN, Act.CALL, Act.SERVE], "served", ["undo"]),
        ([Act.MISS], "absent", ["check_in", "undo"]),
        ([Act.CHECK_IN, Act.CALL, Act.UNDO], "here", ["call", "serve", "miss", "undo"]),
        ([Act.CHECK_IN, Act.CALL, Act.UNDO, Act.UNDO], "expected", ["late", "check_in", "miss"]),
        ([Act.UNDO], "expected", ["late", "check_in", "miss"]),
    ],
)
def test_what_follows_what(acts: list[Act], standing: str, possible: list[str]) -> None:
    found = visit(*acts)

    assert found.standing == standing
    assert found.seen == len(acts)
    assert list(attendance.possible(found, starts_at=NOW, now=NOW)) == possible


def test_nobody_is_missing_before_their_time() -> None:
    later = NOW + timedelta(minutes=1)

    assert Act.MISS not in attendance.possible(visit(), starts_at=later, now=NOW)


def test_an_entry_can_be_undone_for_a_quarter_of_an_hour() -> None:
    fresh, old = visit(Act.CHECK_IN, ago=15), visit(Act.CHECK_IN, ago=16)

    assert Act.UNDO in attendance.possible(fresh, starts_at=NOW, now=NOW)
    assert Act.UNDO not in attendance.possible(old, starts_at=NOW, now=NOW)


def test_a_code_is_short_the_same_every_time_and_finds_typing_mistakes() -> None:
    codes = [checkin.code(f"reference {number}") for number in range(300)]

    assert codes == [checkin.code(f"reference {number}") for number in range(300)]
    assert len(set(codes)) == 300
    assert all(references.tidy(code.lower().replace("-", " ")) == code for code in codes)
    assert not any(
        references.tidy(code[1] + code[0] + code[2:]) == code for code in codes if code[0] != code[1]
    )


def test_the_drawing_of_a_code_is_a_picture_in_the_page() -> None:
    drawing = checkin.drawing("7F3K-0Q9M-T2XD")

    assert drawing.startswith("<svg")
    assert checkin.code("7F3K-0Q9M-T2XD") in drawing
