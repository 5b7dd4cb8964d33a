"""A table in one test: every row is tried, and whoever reads a failure learns which rows they were."""

from pathlib import Path

import pytest

from tests import rows

TRIED: list[tuple[int, str]] = []


@rows.every("number", [1, 2], "letter, after", [("a", "b"), ("y", "z")])
def test_every_combination_is_tried_with_its_fixtures(
    number: int, letter: str, after: str, tmp_path: Path
) -> None:
    TRIED.append((number, letter))

    assert ord(letter) + 1 == ord(after)
    assert tmp_path.exists()
    assert len(TRIED) == len(set(TRIED))


def test_all_rows_that_fail_are_named_and_the_others_were_tried() -> None:
    tried = []

    @rows.every("number, half", [(2, 1), (3, 1), (4, 2), (5, 2), (6, 0)])
    def halves(number: int, half: int) -> None:
        tried.append(number)
        if number == 6:
            with pytest.raises(ZeroDivisionError):
                assert number / 2
        assert half * 2 == number

    with pytest.raises(BaseExceptionGroup, match="3 of 5 rows") as failed:
        halves()

    assert tried == [2, 3, 4, 5, 6]
    notes = [note for error in failed.value.exceptions for note in error.__notes__]
    assert notes == [
        f"in the row {{'number': {number}, 'half': {half}}}" for number, half in ((3, 1), (5, 2), (6, 0))
    ]


def test_a_table_without_rows_is_no_test() -> None:
    @rows.every("number", [])
    def nothing(number: int) -> None:
        raise AssertionError

    with pytest.raises(AssertionError, match="shows nothing"):
        nothing()
