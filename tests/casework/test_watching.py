"""The watchdog writes each stall down once and tells the heads of section once a day, without content."""

from datetime import datetime, timedelta

import pytest
from django.core import mail

from consular import casework
from consular.accounts.models import Role
from consular.cases.models import Case, Event
from consular.casework import watching
from consular.core import clock, jobs
from consular.missions.models import Mission
from consular.notifications.models import Notification
from tests import factories
from tests.casework import racing
from tests.harm import alter

pytestmark = pytest.mark.django_db(transaction=True)
DAY = timedelta(days=1)


@pytest.fixture
def mission() -> Mission:
    return factories.mission()


def still(mission: Mission, days: int = 40) -> Case:
    return factories.sent_case(mission=mission, changed_at=clock.now() - days * DAY)


def stalls() -> list[tuple[int, dict[str, object]]]:
    """In the order of the cases: those of one batch are written down in no order."""
    return list(Event.objects.filter(kind="stalled").order_by("case_id", "id").values_list("case_id", "data"))


def test_each_stall_is_written_down_once_however_often_one_looks(mission: Mission) -> None:
    first, second = still(mission, 41), still(mission)
    still(mission, 1)

    assert [casework.watch(), casework.watch(), casework.watch(clock.now() + DAY / 24)] == [2, 0, 0]

    assert stalls() == [(first.pk, {"phase": "in_review"}), (second.pk, {"phase": "in_review"})]


def test_a_case_that_moved_and_stands_still_again_is_written_down_again(mission: Mission) -> None:
    case = still(mission)
    casework.watch()
    moved = clock.now() + DAY
    Case.objects.filter(pk=case.pk).update(changed_at=moved)

    assert [casework.watch(moved + days * DAY) for days in (9, 11, 12)] == [0, 1, 0]


def test_more_than_one_batch_is_gone_through(mission: Mission, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "AT_ONCE", 2)
    for _ in range(5):
        still(mission)

    assert [casework.watch(), casework.watch()] == [5, 0]


def _noon(mission: Mission) -> datetime:
    """An hour that is the same day in UTC and at the mission, one hour before and after, too."""
    return clock.now().replace(hour=6, minute=0)


def test_the_heads_of_section_are_told_once_a_day_and_nothing_of_the_case(mission: Mission) -> None:
    heads = [
        factories.official(Role.HEAD_OF_SECTION, mission=mission, language=tongue) for tongue in ("en", "de")
    ]
    factories.official(Role.CASEWORKER, mission=mission)
    factories.official(Role.HEAD_OF_SECTION, mission=factories.mission())
    factories.official(Role.HEAD_OF_SECTION, mission=mission, is_active=False)
    case = still(mission)
    noon = _noon(mission)
    casework.watch(noon)
    still(mission)
    casework.watch(noon + timedelta(hours=1))
    assert sorted(Notification.objects.values_list("to", flat=True)) == sorted(head.pk for head in heads)
    still(mission)
    casework.watch(noon + DAY)
    assert Notification.objects.count() == 4

    jobs.work()

    assert len(mail.outbox) == 4
    for message in mail.outbox:
        text = f"{message.subject} {message.body}"
        assert "/desk/watch/" in message.body
        assert not {case.reference, case.applicant_name} & set(text.split())
        assert case.reference not in text


def test_without_new_stalls_nobody_is_written_to(mission: Mission) -> None:
    factories.official(Role.HEAD_OF_SECTION, mission=mission)
    still(mission, 1)

    assert casework.watch() == 0
    assert not Notification.objects.exists()


def _twice(mission: Mission) -> int:
    """Two watchdogs find the same case at the same time; how often it is written down."""
    still(mission)
    racing.together(casework.watch, casework.watch)
    return len(stalls())


def test_two_watchdogs_write_a_stall_down_once(mission: Mission) -> None:
    assert _twice(mission) == 1


def test_without_the_lock_two_watchdogs_would_write_it_down_twice(
    mission: Mission, monkeypatch: pytest.MonkeyPatch
) -> None:
    careless = ("FOR UPDATE OF c SKIP LOCKED", ""), ("SELECT c.id,", "SELECT pg_sleep(1), c.id,")
    alter(monkeypatch, watching, "_NOTE", *careless)
    monkeypatch.setattr(watching, "_ALONE", "SELECT true")

    assert _twice(mission) == 2


def test_a_case_somebody_moves_in_this_moment_is_left_alone(mission: Mission) -> None:
    case = still(mission)
    found, _more = watching.watching.stalled(clock.now(), watching.Range())
    Case.objects.filter(pk=case.pk).update(changed_at=clock.now())

    assert watching.note(found, now=clock.now()) == 0
    assert stalls() == []
