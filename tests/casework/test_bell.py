"""Workers are told that there is work, and nobody waits until they have heard."""

import threading

import pytest
from kombu.exceptions import OperationalError

from consular.casework import bell
from tests.processes import until


@pytest.fixture
def hearing(monkeypatch: pytest.MonkeyPatch) -> tuple[list[int], threading.Event]:
    """What a worker hears; it hears nothing until the event is set."""
    heard: list[int] = []
    door = threading.Event()

    def send() -> None:
        door.wait(60)
        heard.append(1)

    monkeypatch.setattr(bell, "send", send)
    return heard, door


def test_ringing_waits_for_nobody_and_many_rings_are_one(hearing: tuple[list[int], threading.Event]) -> None:
    heard, door = hearing
    ringing = bell.Bell()

    for _ in range(100):
        ringing.ring()
    assert heard == []  # all hundred came back before anybody heard one
    door.set()

    until(lambda: heard)
    assert len(heard) <= 2


def test_commits_shortly_after_each_other_share_a_ring(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each rings while the bell is silent; without the pause each of them would be heard alone."""
    heard, rests = [], threading.Semaphore(0)
    monkeypatch.setattr(bell, "send", lambda: heard.append(1))
    monkeypatch.setattr(
        bell.time, "sleep", lambda seconds: seconds == bell.PAUSE and rests.acquire(timeout=60)
    )
    ringing = bell.Bell()

    ringing.ring()
    until(lambda: heard)
    for _ in range(5):
        ringing.ring()
    assert len(heard) == 1
    rests.release()

    until(lambda: len(heard) == 2)
    rests.release()


def test_a_ring_after_the_last_one_was_heard_is_heard_too(hearing: tuple[list[int], threading.Event]) -> None:
    heard, door = hearing
    door.set()
    ringing = bell.Bell()

    ringing.ring()
    until(lambda: len(heard) == 1)
    ringing.ring()

    until(lambda: len(heard) == 2)


def test_a_ring_that_fails_does_not_silence_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    """A broker that is full answers with an error of its own, not as one that is away."""
    tried: list[int] = []

    def send() -> None:
        tried.append(1)
        if len(tried) == 1:
            raise ValueError("OOM command not allowed")

    monkeypatch.setattr(bell, "send", send)
    ringing = bell.Bell()

    ringing.ring()
    until(lambda: len(tried) == 1)
    ringing.ring()

    until(lambda: len(tried) == 2)


def test_a_broker_that_is_away_is_forgiven(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object, **__: object) -> None:
        raise OperationalError

    monkeypatch.setattr(bell.app, "send_task", away)

    bell.send()
