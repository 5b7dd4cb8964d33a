"""Partners are asked in parallel; what they answer, when, twice, too late or not at all, and what is written down."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from consular import casework
from consular.cases.consultations import Consultation, ConsultationAnswer
from consular.cases.models import Case
from consular.casework import consulting, record, worker
from consular.core import clock, jobs
from consular.core.errors import Refused
from consular.core.models import Job
from consular.notifications.models import Notification
from consular.workflow import store
from tests.casework import asking
from tests.casework.asking import FOREIGNERS, PATIENT, SECURITY

pytestmark = pytest.mark.django_db


def silence_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two months later the clock strikes and the worker works."""
    moment = asking.late()
    monkeypatch.setattr(clock, "now", lambda: moment)
    worker.wake(moment)
    jobs.work()


@pytest.mark.parametrize("number", [0, 1, 3])
def test_as_many_partners_are_asked_as_the_rules_name_each_by_its_own_day(number: int) -> None:
    partners = [{**SECURITY, "id": f"partner_{n}", "days": 7 + n} for n in range(number)]

    case = asking.consulting(*partners)

    rows = Consultation.objects.filter(case=case).order_by("pk")
    days = [row.due_at.astimezone(ZoneInfo("Asia/Kolkata")).date() for row in rows]
    today = clock.today("Asia/Kolkata")
    assert [row.partner for row in rows] == [f"partner_{n}" for n in range(number)]
    assert days == [today + timedelta(days=8 + n) for n in range(number)]
    assert asking.nodes(case) == (["answered"] * number + ["silent"] * number or ["examine"])


def test_members_are_told_that_there_is_a_question_and_nothing_else() -> None:
    today = clock.today()
    one, other = asking.member("security"), asking.member("security")
    asking.member("security", ends_on=today - timedelta(days=1), starts_on="2020-01-01")
    asking.member("security", starts_on=today + timedelta(days=1))
    asking.member("foreigners")

    case = asking.consulting(SECURITY)

    rows = Notification.objects.filter(kind="consultation")
    assert {row.to for row in rows} == {one, other}
    assert {row.case for row in rows} == {None}
    assert asking.told(case) == ["consulted"]


def test_the_process_goes_on_when_the_last_partner_has_answered() -> None:
    case = asking.consulting(SECURITY, FOREIGNERS)
    officer = asking.caseworker(case)

    asking.reply(case, "consent", asking.member("security"))
    between = asking.nodes(case)
    asking.reply(case, "conditions", officer, partner="foreigners", text="Only for 30 days.")

    assert between == ["answered", "silent"]
    assert asking.nodes(case) == ["examine"]
    assert asking.variables(case)["answers"] == ["consent", "conditions"]
    assert asking.told(case) == ["consulted", "consulted", "answered", "answered"]
    assert not Consultation.objects.filter(case=case, closed_at=None).exists()


@pytest.mark.parametrize(
    ("silence", "answer", "event"), [("consent", "consent", "deemed"), ("none", "none", "unanswered")]
)
def test_silence_is_written_down_as_what_it_means(monkeypatch, silence: str, answer: str, event: str) -> None:
    case = asking.consulting({**SECURITY, "silence": silence})

    silence_counts(monkeypatch)

    assert asking.given(case) == [(answer, True, False)]
    assert asking.variables(case)["answers"] == [answer]
    assert asking.told(case) == ["consulted", event]
    assert asking.nodes(case) == ["examine"]
    assert asking.asked(case).closed_at is not None


def test_a_late_answer_is_kept_and_moves_nothing(monkeypatch) -> None:
    case = asking.consulting(SECURITY)
    partner = asking.member("security")
    silence_counts(monkeypatch)

    asking.reply(case, "objection", partner, text="Known to us.")

    assert asking.given(case) == [("consent", True, False), ("objection", False, True)]
    assert asking.variables(case)["answers"] == ["consent"]
    assert asking.told(case)[-1] == "answered_late"
    with pytest.raises(Refused) as again:
        asking.reply(case, "consent", partner)
    assert again.value.code == "duplicate"


def test_silence_counts_by_the_clock_also_before_the_worker_has_written_it_down(monkeypatch) -> None:
    case = asking.consulting(SECURITY)
    partner = asking.member("security")
    due = asking.asked(case).due_at
    for second, is_late in ((-1, False), (0, True)):
        monkeypatch.setattr(clock, "now", lambda second=second: due + timedelta(seconds=second))
        assert asking.asked(case).is_silent(clock.now()) is is_late

    assert asking.reply(case, "objection", partner).is_late
    silence_counts(monkeypatch)

    assert asking.given(case) == [("objection", False, True), ("consent", True, False)]
    assert asking.variables(case)["answers"] == ["consent"]


@pytest.mark.parametrize("answer", ["more_time", "more_data"])
def test_more_time_stops_the_silence_where_the_process_says_so(monkeypatch, answer: str) -> None:
    case = asking.consulting({**SECURITY, "days": 3}, process=PATIENT)
    partner = asking.member("security")

    asking.reply(case, answer, partner, text="We look into it.")
    waiting = asking.asked(case)
    silence_counts(monkeypatch)
    asking.reply(case, "consent", partner)

    assert (waiting.due_at, waiting.closed_at) == (None, None)
    assert asking.given(case) == [(answer, False, False), ("consent", False, False)]
    assert asking.variables(case)["answers"] == ["consent"]
    assert asking.told(case) == ["consulted", "answered", "answered"]


def test_where_the_process_takes_more_time_as_an_answer_a_later_one_is_late() -> None:
    case = asking.consulting(SECURITY)
    partner = asking.member("security")
    due = asking.asked(case).due_at

    asking.reply(case, "more_time", partner)
    asking.reply(case, "objection", partner)

    assert asking.given(case) == [("more_time", False, False), ("objection", False, True)]
    assert asking.asked(case).due_at == due
    assert asking.nodes(case) == ["examine"]


def test_while_data_is_fetched_for_the_partner_the_consultation_stays_open() -> None:
    case, partner = asking.consulting(SECURITY, process=asking.THOROUGH), asking.member("security")
    asking.reply(case, "more_data", partner, text="The contract.")
    first = asking.asked(case)

    supplied(case)
    asking.reply(case, "consent", partner)

    assert first.closed_at is None
    assert asking.asked(case).pk == first.pk
    assert asking.given(case) == [("more_data", False, False), ("consent", False, False)]
    assert asking.told(case) == ["consulted", "answered", "reminded", "answered"]
    assert asking.variables(case)["answers"] == ["consent"]


def test_an_answer_that_comes_while_data_is_fetched_counts_once_the_partner_would_be_asked_again() -> None:
    case, partner = asking.consulting(SECURITY, process=asking.THOROUGH), asking.member("security")
    asking.reply(case, "more_data", partner, text="The contract.")
    early = asking.reply(case, "objection", partner)
    jobs.work()
    assert not early.is_late
    assert asking.nodes(case) == ["supply"]

    supplied(case)

    assert asking.variables(case)["answers"] == ["objection"]
    assert asking.asked(case).closed_at is not None
    assert not Notification.objects.filter(kind="consultation", promised_at__gt=early.at).exists()


def supplied(case: Case) -> None:
    """The partner's data has been fetched, and the worker has asked again."""
    supply = case.instance.tokens.get(node="supply")
    step = store.complete(supply.pk, by=asking.caseworker(case), variables={}, now=clock.now())
    record.advance(case, step, actor=None, at=clock.now())
    jobs.work()


def test_a_reminder_is_the_same_consultation_with_a_new_day(monkeypatch) -> None:
    asking.member("foreigners")
    case = asking.consulting(FOREIGNERS, process=PATIENT)
    first = asking.asked(case, "foreigners")

    silence_counts(monkeypatch)

    again = asking.asked(case, "foreigners")
    assert (again.pk, again.closed_at) == (first.pk, None)
    assert again.due_at > first.due_at + timedelta(days=28)
    assert asking.told(case) == ["consulted", "reminded"]
    assert Notification.objects.filter(kind="consultation").count() == 2


def test_an_answer_while_a_reminder_is_being_sent_is_passed_on_afterwards(monkeypatch) -> None:
    case = asking.consulting(FOREIGNERS, process=PATIENT)
    moment = asking.late()
    monkeypatch.setattr(clock, "now", lambda: moment)
    worker.wake(moment)
    answer = asking.reply(case, "objection", asking.caseworker(case), partner="foreigners")
    with pytest.raises(consulting.StillWorking):
        consulting.pass_on({"answer": answer.pk})
    between = asking.nodes(case)

    Job.objects.filter(name="casework.pass_on").update(run_at=moment + timedelta(seconds=1))
    monkeypatch.setattr(clock, "now", lambda: moment + timedelta(seconds=2))
    jobs.work()

    assert between == ["ask"]
    assert asking.nodes(case) == ["examine"]
    assert asking.variables(case)["answers"] == ["objection"]
    assert asking.given(case, "foreigners") == [("objection", False, False)]


def test_an_answer_in_time_counts_although_the_silence_is_being_written_down(monkeypatch) -> None:
    """Where silence means no answer, the timer is no deadline: whoever is faster than the worker has answered."""
    case = asking.consulting({**SECURITY, "silence": "none"})
    moment = asking.late()
    monkeypatch.setattr(clock, "now", lambda: moment)
    worker.wake(moment)

    asking.reply(case, "objection", asking.member("security"))
    jobs.work()

    assert asking.given(case) == [("objection", False, False)]
    assert asking.variables(case)["answers"] == ["objection"]


def test_an_answer_to_a_case_that_is_over_is_late() -> None:
    case = asking.consulting(SECURITY)
    case.instance.tokens.all().delete()

    assert asking.reply(case, "consent", asking.member("security")).is_late


def test_two_rules_that_name_one_partner_ask_it_once_and_its_answer_serves_both() -> None:
    case = asking.consulting(SECURITY, SECURITY)

    asking.reply(case, "consent", asking.member("security"))

    assert Consultation.objects.filter(case=case).count() == 1
    assert asking.variables(case)["answers"] == ["consent", "consent"]


def test_and_its_silence_serves_both(monkeypatch) -> None:
    case = asking.consulting(SECURITY, SECURITY)

    silence_counts(monkeypatch)

    assert asking.given(case) == [("consent", True, False)]
    assert asking.variables(case)["answers"] == ["consent", "consent"]


def test_doing_a_job_twice_changes_nothing(monkeypatch) -> None:
    case = asking.consulting(SECURITY, ask=False)
    token = case.instance.tokens.get(node="ask")
    for _ in range(2):
        casework.consult({"token": token.pk})
    moment = asking.late()
    monkeypatch.setattr(clock, "now", lambda: moment)
    worker.wake(moment)
    token = case.instance.tokens.get(node="record")
    for _ in range(2):
        casework.deem({"token": token.pk})

    assert asking.told(case) == ["consulted", "deemed"]
    assert Consultation.objects.count() == ConsultationAnswer.objects.count() == 1
