"""Tries are counted over all processes, in one statement each."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from consular.accounts import throttle
from consular.accounts.models import Tally
from consular.accounts.throttle import Limit
from consular.core import clock
from consular.core.errors import Refused

THREE = Limit("tests", 3, timedelta(minutes=15))


@pytest.mark.django_db
def test_a_try_too_many_is_refused_until_the_time_is_over():
    now = clock.now()

    with clock.at(now):
        first = [throttle.spend(THREE, "a") for _ in range(4)]
    with clock.at(now + timedelta(minutes=14, seconds=59)):
        still = throttle.spend(THREE, "a")
    with clock.at(now + timedelta(minutes=15)):
        later = throttle.spend(THREE, "a")

    assert (first, still, later) == ([True, True, True, False], False, True)


@pytest.mark.django_db
def test_values_and_limits_are_counted_apart():
    other = Limit("other tests", 3, timedelta(minutes=15))
    for _ in range(3):
        throttle.spend(THREE, "a")

    assert not throttle.spend(THREE, "a")
    assert throttle.spend(THREE, "b")
    assert throttle.spend(other, "a")


@pytest.mark.django_db
def test_a_try_given_back_can_be_made_again():
    for _ in range(3):
        throttle.spend(THREE, "a")
    throttle.give_back([(THREE, "a")])

    assert throttle.spend(THREE, "a")
    assert not throttle.spend(THREE, "a")


@pytest.mark.django_db
def test_the_refusal_says_how_long_to_wait_and_counts_no_further_limit():
    second = Limit("second", 100, timedelta(hours=1))
    for _ in range(3):
        throttle.spend(THREE, "a")

    with pytest.raises(Refused) as refused:
        throttle.require([(THREE, "a"), (second, "a")])

    assert refused.value.status == 429
    assert "15 minutes" in str(refused.value.message)
    assert not Tally.objects.filter(key=second.key("a")).exists()


@pytest.mark.django_db
def test_the_table_holds_no_address_and_old_counts_are_swept():
    throttle.spend(THREE, "somebody@example.org")
    row = Tally.objects.get()

    assert len(bytes(row.key)) == 32
    assert b"somebody" not in bytes(row.key)
    assert throttle.sweep() == 0
    with clock.at(clock.now() + timedelta(days=1)):
        assert throttle.sweep() == 1


def _allowed_of_forty() -> int:
    def attempt(_number: int) -> bool:
        try:
            return throttle.spend(THREE, "a")
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        return sum(pool.map(attempt, range(40)))


@pytest.mark.django_db(transaction=True)
def test_parallel_tries_never_share_a_count():
    assert _allowed_of_forty() == 3


@pytest.mark.django_db(transaction=True)
def test_a_count_that_is_read_first_and_written_later_is_shared(monkeypatch):
    read_first = """
        WITH seen AS MATERIALIZED (SELECT count, pg_sleep(0.05) FROM accounts_tally WHERE key = ANY (%(keys)s))
        INSERT INTO accounts_tally (key, count, ends_at)
        SELECT key, coalesce((SELECT count FROM seen), 0) + 1, ends_at
        FROM unnest(%(keys)s::bytea[], %(ends)s::timestamptz[]) AS tries (key, ends_at)
        ON CONFLICT (key) DO UPDATE SET count = excluded.count RETURNING key, count
        """
    monkeypatch.setattr(throttle, "SPEND", read_first)

    assert _allowed_of_forty() > 3


def _waits_for_the_disk() -> bool:
    """Whether this transaction would, when it is committed."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW synchronous_commit")
        return cursor.fetchone() == ("on",)


@pytest.mark.django_db(transaction=True)
def test_only_a_count_of_its_own_does_not_wait_for_the_disk(monkeypatch):
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = on")
    with CaptureQueriesContext(connection) as asked:
        throttle.spend(THREE, "a")
    assert throttle.WITHOUT_WAITING in asked[0]["sql"]
    assert _waits_for_the_disk()
    with transaction.atomic():
        throttle.spend(THREE, "a")
        assert _waits_for_the_disk()

    monkeypatch.setattr(throttle, "SPEND", throttle.SPEND + throttle.WITHOUT_WAITING)
    with transaction.atomic():
        throttle.spend(THREE, "a")
        assert not _waits_for_the_disk()

    with connection.cursor() as cursor:
        cursor.execute("RESET synchronous_commit")
