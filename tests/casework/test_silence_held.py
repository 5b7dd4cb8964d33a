"""A partner that can read no more when its time is over: its silence is held, and asked anew its time begins again."""

import pytest

from consular.cases.consultations import Consultation, PartnerMember
from consular.cases.models import Case
from consular.casework import reaching, sending_again
from consular.core import clock, jobs
from consular.core.models import Job
from consular.notifications.models import Notification
from tests.casework import asking
from tests.casework.asking import PATIENT, SECURITY
from tests.casework.unread import days_left, later, send

pytestmark = pytest.mark.django_db


def lost(case: Case) -> None:
    """The partner loses its accounts, or an older release asked it although it had none."""
    PartnerMember.objects.filter(partner__code="security").delete()


def test_silence_of_a_partner_that_can_read_no_more_is_held_and_its_time_begins_anew(monkeypatch) -> None:
    case = asking.consulting(SECURITY)
    lost(case)

    later(monkeypatch, 9)
    held = (asking.nodes(case), asking.given(case), asking.told(case))
    late_by_the_clock = asking.asked(case).is_silent(clock.now())
    reader = asking.member("security")
    later(monkeypatch, 1)
    again = asking.asked(case)
    listed = list(Consultation.objects.visible_to(reader).awaited())
    later(monkeypatch, 6)
    between = asking.given(case)
    later(monkeypatch, 3)

    assert Notification.objects.filter(kind="consultation", to=reader).count() == 1
    assert held == (["record"], [], ["consulted", "unreached"])
    assert late_by_the_clock is False
    assert listed == [again]
    assert between == []
    assert asking.given(case) == [("consent", True, False)]
    assert asking.told(case) == ["consulted", "unreached", "consulted", "deemed"]
    assert asking.variables(case)["answers"] == ["consent"]


def test_without_looking_again_at_the_end_that_silence_would_be_consent(monkeypatch) -> None:
    case = asking.consulting(SECURITY)
    lost(case)
    monkeypatch.setattr(reaching, "silence_counts", lambda *_: True)

    later(monkeypatch, 9)

    assert asking.given(case) == [("consent", True, False)]


def test_answers_while_the_silence_is_held_count(monkeypatch) -> None:
    case = asking.consulting(SECURITY)
    lost(case)
    later(monkeypatch, 9)
    officer = asking.caseworker(case)

    asking.reply(case, "more_time", officer)
    later(monkeypatch, 60)
    waiting = asking.nodes(case)
    asking.reply(case, "objection", officer)
    jobs.work()

    assert waiting == ["record"]
    assert asking.given(case) == [("more_time", False, False), ("objection", False, False)]
    assert asking.variables(case)["answers"] == ["objection"]
    assert not Job.objects.filter(done_at=None, name__startswith="casework").exists()


def test_a_partner_asked_anew_answers_in_its_new_time_or_wants_more(monkeypatch) -> None:
    case = asking.consulting(SECURITY)
    lost(case)
    later(monkeypatch, 9)
    send(case, "otherwise")
    assert days_left(case) == 7
    reader = asking.member("security")

    asking.reply(case, "more_time", reader)
    later(monkeypatch, 60)
    between = asking.given(case)
    asking.reply(case, "objection", reader)
    jobs.work()

    assert between == [("more_time", False, False)]
    assert asking.variables(case)["answers"] == ["objection"]
    assert asking.asked(case).closed_at is not None


def test_a_reminder_that_reaches_nobody_is_held_too(monkeypatch) -> None:
    case = asking.consulting(SECURITY, process=PATIENT)
    lost(case)

    later(monkeypatch, 9)
    none = sending_again.others(case, asking.asked(case))
    send(case, "otherwise")

    assert none == []
    assert asking.told(case) == ["consulted", "unreached", "sent_otherwise", "reminded"]
    assert days_left(case) == 7


def test_silence_that_means_no_answer_binds_nobody_and_is_written_down(monkeypatch) -> None:
    case = asking.consulting({**SECURITY, "silence": "none"})
    lost(case)

    later(monkeypatch, 9)

    assert asking.given(case) == [("none", True, False)]
