"""Cases whose requests reach nobody, and the days that go by."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from consular import casework
from consular.accounts.models import Role
from consular.cases.consultations import Consultation
from consular.cases.models import Case
from consular.casework import reaching, worker
from consular.core import clock, jobs
from tests import factories
from tests.casework import asking
from tests.casework.asking import SECURITY


def later(monkeypatch: pytest.MonkeyPatch, days: int) -> None:
    """So many days later the clock strikes, the beat looks again and the worker works."""
    moment = clock.now() + timedelta(days=days)
    monkeypatch.setattr(clock, "now", lambda: moment)
    worker.wake(moment)
    reaching.look_again()
    jobs.work()


def unread(**more: object) -> Case:
    """A case that wants to ask a partner at which nobody can read."""
    return asking.consulting(SECURITY, read=False, **more)


def send(case: Case, way: str, *, partner: str = "security") -> Consultation:
    actor = factories.official(Role.HEAD_OF_SECTION, mission=case.mission)
    return casework.send_again(asking.asked(case, partner).reference, way, actor=actor)


def days_left(case: Case, partner: str = "security") -> int:
    """How many days, at the mission, the partner has for its answer."""
    zone = ZoneInfo(case.mission.time_zone)
    due = asking.asked(case, partner).due_at
    return ((due - timedelta(seconds=1)).astimezone(zone).date() - clock.now().astimezone(zone).date()).days
