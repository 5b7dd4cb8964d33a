"""Promises are kept once: with the fact or not at all, also when workers fail, die or meet."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection, transaction

from consular.core import clock, jobs
from consular.core.models import Job

NAME = "tests.count"


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[jobs.Payload]:
    """The payloads that a handler for tests has seen."""
    seen: list[jobs.Payload] = []
    monkeypatch.setitem(jobs._handlers, NAME, seen.append)
    return seen


def _fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_payload: jobs.Payload) -> None:
        raise ValueError("Mrs Someone could not be found")

    monkeypatch.setitem(jobs._handlers, NAME, broken)


@transaction.atomic
def _promise_and_fail() -> None:
    jobs.promise(NAME, key="one")
    1 / 0  # noqa: B018


@pytest.mark.django_db
def test_a_promise_is_kept_once_however_often_it_is_made(done: list[jobs.Payload]) -> None:
    jobs.promise(NAME, key="one", payload={"case": 1})
    jobs.promise(NAME, key="one", payload={"case": 2})

    assert jobs.work() == 1
    assert jobs.work() == 0
    assert done == [{"case": 1}]


@pytest.mark.django_db(transaction=True)
def test_a_promise_falls_with_its_transaction(done: list[jobs.Payload]) -> None:
    with pytest.raises(ZeroDivisionError):
        _promise_and_fail()

    assert (jobs.work(), done) == (0, [])


@pytest.mark.django_db
def test_a_failed_job_is_tried_later_and_its_error_names_no_person(monkeypatch: pytest.MonkeyPatch) -> None:
    _fails(monkeypatch)
    jobs.promise(NAME, key="one")

    jobs.work()
    job = Job.objects.get()

    assert (job.attempts, job.error, job.done_at, job.leased_until) == (1, "ValueError", None, None)
    assert timedelta(seconds=3) < job.run_at - clock.now() <= jobs.BACK_OFF
    assert jobs.work() == 0


@pytest.mark.django_db
def test_after_the_last_attempt_a_job_waits_for_an_administrator(monkeypatch: pytest.MonkeyPatch) -> None:
    _fails(monkeypatch)
    jobs.promise(NAME, key="one")
    Job.objects.update(attempts=jobs.ATTEMPTS - 1)

    jobs.work()
    Job.objects.update(run_at=clock.now())

    assert Job.objects.get().dead_at is not None
    assert jobs.work() == 0


@pytest.mark.django_db
def test_a_dead_job_can_be_revived(done: list[jobs.Payload]) -> None:
    jobs.promise(NAME, key="one")
    Job.objects.update(dead_at=clock.now(), attempts=jobs.ATTEMPTS)

    jobs.revive(Job.objects.get())

    assert jobs.work() == 1
    assert len(done) == 1


@pytest.mark.django_db
def test_one_broken_job_does_not_stop_the_others(
    monkeypatch: pytest.MonkeyPatch, done: list[jobs.Payload]
) -> None:
    jobs.promise(NAME, key="whole")
    jobs.promise("tests.unknown", key="broken")

    assert jobs.work() == 2
    assert len(done) == 1


@pytest.mark.django_db
def test_the_work_of_a_dead_worker_is_taken_over_when_its_lease_ends(done: list[jobs.Payload]) -> None:
    jobs.promise(NAME, key="one")
    assert jobs._lease() is not None  # a worker takes it and dies

    assert jobs.work() == 0
    with clock.at(clock.now() + jobs.LEASE + timedelta(seconds=1)):
        assert jobs.work() == 1
    assert len(done) == 1


def _taken_twice() -> Job:
    """A job as the first worker holds it, when its lease has ended and a second one works on it."""
    jobs.promise(NAME, key="one")
    slow = jobs._lease()
    with clock.at(clock.now() + jobs.LEASE + timedelta(seconds=1)):
        assert jobs._lease() is not None
    assert slow is not None
    return slow


@pytest.mark.django_db
@pytest.mark.parametrize("fails", [False, True])
def test_a_worker_that_outlived_its_lease_writes_nothing(
    done: list[jobs.Payload], monkeypatch: pytest.MonkeyPatch, fails: bool
) -> None:
    slow = _taken_twice()
    before = Job.objects.values().get()
    if fails:
        _fails(monkeypatch)

    jobs._run(slow)

    assert Job.objects.values().get() == before


@pytest.mark.django_db
def test_without_the_number_of_the_attempt_it_would_free_the_job_of_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    slow = _taken_twice()
    slow.refresh_from_db()  # as if nobody had counted
    _fails(monkeypatch)

    jobs._run(slow)

    assert Job.objects.get().leased_until is None


def _in_threads(number: int, function: Callable[[], None]) -> None:
    def run() -> None:
        barrier.wait()
        function()
        connection.close()

    barrier = threading.Barrier(number)
    threads = [threading.Thread(target=run) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _many_workers(done: list[jobs.Payload]) -> int:
    for number in range(40):
        jobs.promise(NAME, key=str(number))
    _in_threads(4, lambda: (jobs.work(), None)[1])
    return len(done)


@pytest.mark.django_db(transaction=True)
def test_four_workers_do_forty_jobs_once_each(done: list[jobs.Payload]) -> None:
    assert _many_workers(done) == 40


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_workers_would_do_the_same_jobs(
    done: list[jobs.Payload], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: the lease is only worth something because it is taken under a lock."""
    queryset = type(Job.objects.all())
    monkeypatch.setattr(queryset, "select_for_update", lambda self, **_: self)

    assert _many_workers(done) > 40


@pytest.mark.django_db
def test_jobs_done_long_ago_are_forgotten_and_all_others_stay() -> None:
    long_ago = clock.now() - jobs.KEPT - timedelta(hours=1)
    times = {"created_at": long_ago, "run_at": long_ago}
    Job.objects.create(name=NAME, key="done long ago", done_at=long_ago, **times)
    Job.objects.create(name=NAME, key="done lately", done_at=clock.now(), **times)
    Job.objects.create(name=NAME, key="given up", dead_at=long_ago, **times)
    Job.objects.create(name=NAME, key="open", **times)

    assert jobs.sweep() == 1
    assert set(Job.objects.values_list("key", flat=True)) == {"done lately", "given up", "open"}


@pytest.mark.django_db(transaction=True)
def test_workers_are_woken_once_for_each_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    woken: list[int] = []
    monkeypatch.setattr(jobs, "_wakers", [lambda: woken.append(1)])

    with transaction.atomic():
        jobs.promise(NAME, key="one")
        with transaction.atomic():
            jobs.promise(NAME, key="two")
        jobs.promise(NAME, key="three")
    jobs.promise(NAME, key="four")

    assert len(woken) == 2


@pytest.mark.django_db(transaction=True)
def test_a_promise_that_fell_takes_no_other_promises_wake_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    woken: list[int] = []
    monkeypatch.setattr(jobs, "_wakers", [lambda: woken.append(1)])

    with transaction.atomic():
        with pytest.raises(ZeroDivisionError):
            _promise_and_fail()
        jobs.promise(NAME, key="two")

    assert woken == [1]


@pytest.mark.django_db
def test_a_job_that_kills_every_worker_is_given_up(
    done: list[jobs.Payload], capsys: pytest.CaptureFixture[str]
) -> None:
    jobs.promise(NAME, key="deadly")
    moment = clock.now()
    for attempt in range(jobs.ATTEMPTS):  # leased, and nobody came back
        with clock.at(moment + attempt * 2 * jobs.LEASE):
            assert jobs._lease() is not None

    with clock.at(moment + (jobs.ATTEMPTS + 1) * 2 * jobs.LEASE):
        jobs.work()

    assert '"event": "job_given_up"' in capsys.readouterr().out
    job = Job.objects.get()
    assert (done, job.error, job.dead_at is not None) == ([], "WorkerLost", True)
