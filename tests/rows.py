"""Tables of hundreds of quick rows in one test: what surrounds a test of its own takes longer than such a row."""

import inspect
from collections.abc import Callable, Iterable
from itertools import product
from typing import Any

import pytest

Row = tuple[object, ...]
Test = Callable[..., None]


def every(columns: str, table: Iterable[Any], *more: Any) -> Callable[[Test], Test]:
    """Run the test for every row of a table; all rows that fail are told.

    Columns are named as in "text, expected". After the first table may come `more` of them, again columns and rows:
    then it is every combination. Fixtures are handed in as usual, once for all rows, which must not disturb each other.
    """
    tables = [(columns, table), *zip(more[::2], more[1::2], strict=True)]
    names = [name for columns, _ in tables for name in columns.split(", ")]
    rows = [sum(parts, ()) for parts in product(*(_rows(*table) for table in tables))]

    def decorated(test: Test) -> Test:
        def run(**fixtures: object) -> None:
            assert rows, "a table without rows shows nothing"
            failed = [
                error
                for row in rows
                if (error := _failure(test, dict(zip(names, row, strict=True)), fixtures))
            ]
            if failed:
                raise BaseExceptionGroup(f"{len(failed)} of {len(rows)} rows", failed)

        signature = inspect.signature(test)
        others = [parameter for name, parameter in signature.parameters.items() if name not in names]
        run.__signature__ = signature.replace(parameters=others)  # type: ignore[attr-defined]
        run.__name__, run.__doc__, run.__module__ = test.__name__, test.__doc__, test.__module__
        return run

    return decorated


def _rows(columns: str, table: Iterable[Any]) -> list[Row]:
    is_wide = ", " in columns
    return [tuple(row) if is_wide else (row,) for row in table]


def _failure(test: Test, row: dict[str, object], fixtures: dict[str, object]) -> BaseException | None:
    """What went wrong with this row, and which one it was."""
    try:
        test(**row, **fixtures)
    except (Exception, pytest.fail.Exception) as error:
        error.add_note(f"in the row {row!r}"[:1000])
        return error
    return None
