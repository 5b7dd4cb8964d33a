"""Statements that are planned once per connection."""

from contextlib import nullcontext

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from consular.core import prepared

pytestmark = pytest.mark.django_db

STATEMENT = "SELECT %(number)s::int + 1 AS prepared_example"


@pytest.fixture(autouse=True)
def _anew() -> None:
    """What other tests have prepared on this connection does not count."""
    connection.connection.execute("DEALLOCATE ALL")


def _plans() -> list[int]:
    """How often the plans of the example were used."""
    sql = "SELECT generic_plans + custom_plans FROM pg_prepared_statements WHERE statement LIKE %s"
    with connection.cursor() as cursor:
        cursor.execute(sql, ["%prepared_example"])
        return [used for (used,) in cursor.fetchall()]


def test_a_statement_is_prepared_at_first_sight_and_used_again() -> None:
    rows = [prepared.first_row(STATEMENT, {"number": number}) for number in (1, 2, 3)]

    assert (rows, _plans()) == ([(2,), (3,), (4,)], [3])


def test_without_the_threshold_in_the_settings_nothing_would_be_prepared(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Negative control: asking for it is not enough, and nobody would notice but the clock."""
    monkeypatch.setattr(connection.connection, "prepare_threshold", None)

    assert (prepared.first_row(STATEMENT, {"number": 1}), _plans()) == ((2,), [])


def test_statements_are_seen_by_whoever_counts_them() -> None:
    with CaptureQueriesContext(connection) as captured:
        prepared.all_rows(STATEMENT, {"number": 1})
        prepared.run(STATEMENT, {"number": 1})

    assert len(captured) == 2


@pytest.mark.parametrize("listens", [False, True])
def test_what_the_database_refuses_is_djangos_error_and_breaks_the_transaction(listens: bool) -> None:
    twice = "INSERT INTO core_job (key) VALUES (%(key)s)"

    listening = CaptureQueriesContext(connection) if listens else nullcontext()
    with pytest.raises(IntegrityError), transaction.atomic(), listening:
        prepared.run(twice, {"key": "a"})

    assert prepared.first_row(STATEMENT, {"number": 1}) == (2,)


def test_in_a_broken_transaction_nothing_more_is_run() -> None:
    with transaction.atomic():
        transaction.set_rollback(True)
        with pytest.raises(transaction.TransactionManagementError):
            prepared.run(STATEMENT, {"number": 1})
