"""A request that nobody at the partner can read: it is held and told, no silence counts, and officers see to it."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from consular import casework
from consular.accounts.models import ApiToken, Role
from consular.cases import history
from consular.cases.consultations import Consultation, readers
from consular.cases.models import Case
from consular.casework import on_request, past, reaching, sending_again
from consular.core import clock, jobs
from consular.core.errors import Refused
from consular.core.models import Job
from consular.notifications.models import Notification
from consular.workflow import whatif
from tests import factories
from tests.casework import asking
from tests.casework.asking import FOREIGNERS, SECURITY, THOROUGH
from tests.casework.unread import days_left, later, send, unread
from tests.rows import every

pytestmark = pytest.mark.django_db


def closed(code: str) -> None:
    asking.member(code, user=factories.applicant(is_active=False))


def without_key(code: str) -> None:
    ApiToken.objects.filter(user=asking.member(code)).delete()


def over(code: str) -> None:
    ApiToken.objects.filter(user=asking.member(code)).update(expires_on=clock.today() - timedelta(days=1))


def revoked(code: str) -> None:
    ApiToken.objects.filter(user=asking.member(code)).update(revoked_at=clock.now())


def left(code: str) -> None:
    asking.member(code, ends_on=clock.today() - timedelta(days=1))


def of_another(code: str) -> None:
    asking.member(f"not_{code}")


@every(
    "number, arrange, is_read",
    [
        (1, of_another, False),
        (2, closed, False),
        (3, without_key, False),
        (4, over, False),
        (5, revoked, False),
        (6, left, False),
        (7, asking.member, True),
    ],
)
def test_who_can_read_a_request(number: int, arrange: Callable[[str], object], is_read: bool) -> None:
    arrange(f"p{number}")

    assert readers(f"p{number}", clock.now()).exists() is is_read


def test_it_is_told_at_once_and_no_silence_counts_however_long_it_lies(monkeypatch) -> None:
    case = unread(ask=False)
    head = factories.official(Role.HEAD_OF_SECTION, mission=case.mission)
    officer, stranger = asking.caseworker(case), asking.caseworker(case)
    case.events.create(kind="task_completed", at=clock.now(), actor=officer)
    jobs.work()
    asked = asking.asked(case)

    later(monkeypatch, 60)
    later(monkeypatch, 60)

    mails = Notification.objects.filter(kind="unreached")
    assert {row.to for row in mails} == {head, officer}
    assert stranger not in {row.to for row in mails}
    assert len(mails) == 2
    assert (asked.due_at, asked.unreached_at is None) == (None, False)
    assert asking.nodes(case) == ["ask"]
    assert (asking.given(case), asking.told(case)) == ([], ["unreached"])
    assert history.for_officers(case)[0].what.startswith("Request reached nobody")
    assert history.for_applicant(case) == []
    assert "L13" not in {offer.name for offer in on_request.offers(case, is_applicant=False)}


def test_without_looking_who_can_read_silence_would_be_consent(monkeypatch) -> None:
    monkeypatch.setattr(reaching, "can_read", lambda *_: True)
    case = unread()

    later(monkeypatch, 60)

    assert asking.given(case) == [("consent", True, False)]
    assert asking.variables(case)["answers"] == ["consent"]


def test_once_somebody_can_read_it_is_sent_and_the_time_begins_then(monkeypatch) -> None:
    case = unread()
    later(monkeypatch, 20)
    reader = asking.member("security")

    later(monkeypatch, 0)
    sent = asking.asked(case)

    assert (sent.asked_at, sent.unreached_at) == (clock.now(), None)
    assert days_left(case) == 7
    assert Notification.objects.get(kind="consultation").to == reader
    later(monkeypatch, 9)
    assert asking.given(case) == [("consent", True, False)]
    assert asking.told(case) == ["unreached", "consulted", "deemed"]


def test_an_answer_that_came_another_way_lets_the_case_go_on() -> None:
    case = unread()

    asking.reply(case, "objection", asking.caseworker(case))
    jobs.work()

    assert asking.variables(case)["answers"] == ["objection"]
    assert asking.nodes(case) == ["examine"]
    assert asking.told(case) == ["unreached", "answered", "consulted"]
    assert asking.asked(case).unreached_at is None


def test_a_partner_that_asked_for_data_on_paper_is_reminded_by_the_officer() -> None:
    case = unread(process=THOROUGH)

    asking.reply(case, "more_data", asking.caseworker(case), text="The contract.")
    jobs.work()
    assert asking.nodes(case) == ["supply"]
    supply = case.instance.tokens.get(node="supply")
    finish(case, supply)
    asking.reply(case, "consent", asking.caseworker(case))

    assert asking.told(case) == ["unreached", "answered", "consulted", "remind_by_hand", "answered"]
    assert asking.variables(case)["answers"] == ["consent"]
    assert not Job.objects.filter(done_at=None, name__startswith="casework").exists()


def finish(case: Case, token) -> None:
    step = asking.store.complete(token.pk, by=asking.caseworker(case), variables={}, now=clock.now())
    asking.record.advance(case, step, actor=None, at=clock.now())
    jobs.work()


def test_by_letter_the_time_begins_when_the_officer_sends_it(monkeypatch) -> None:
    case = unread()
    later(monkeypatch, 20)

    send(case, "otherwise")

    assert days_left(case) == 7
    assert "L13" in {offer.name for offer in on_request.offers(case, is_applicant=False)}
    later(monkeypatch, 9)
    assert asking.given(case) == [("consent", True, False)]
    assert asking.told(case) == ["unreached", "sent_otherwise", "consulted", "deemed"]


def test_another_authority_is_asked_instead_under_another_number() -> None:
    case = asking.consulting(SECURITY, FOREIGNERS, read=False)
    asking.member("central")
    before = asking.asked(case).reference
    asking.member("foreigners")
    sent_before = list(case.consultations.sent())
    partners = [one.code for one in sending_again.others(case, asking.asked(case))]

    send(case, "central")
    asked = asking.asked(case, "central")
    asking.reply(case, "conditions", asking.member("central"), partner="central", text="Once.")

    assert sent_before == []
    assert list(case.consultations.sent()) == [asked]
    assert partners == ["central"]  # the foreigners authority is to be asked itself
    assert (asked.reference == before, asked.silence, asked.unreached_at) == (False, "consent", None)
    assert asking.given(case, "central") == [("conditions", False, False)]
    assert not Consultation.objects.filter(case=case, partner="security").exists()
    assert went_as_before(case) == (whatif.SAME, "")


def went_as_before(case: Case) -> tuple[str, str]:
    """What becomes of a case when its history is replayed on the process it runs on."""
    events = case.events.filter(kind__in=past.OF_THE_PROCESS).order_by("pk")
    lines = past.recorded(events, case.mission)
    world = whatif.World(asking.store.graph(case.instance.definition))
    verdict = whatif.compare(lines, world, world)
    return verdict.code, verdict.detail


def test_what_is_refused() -> None:
    case = unread()
    asked = asking.asked(case)
    officer, auditor = asking.caseworker(case), factories.official(Role.AUDITOR, mission=case.mission)
    asking.member("security", user=case.owner)
    ApiToken.objects.filter(user=case.owner).update(revoked_at=clock.now())
    told = []
    for way, actor in [
        ("again", officer), ("nonsense", officer), ("security", officer), ("otherwise", auditor),
        ("otherwise", factories.applicant()), ("otherwise", case.owner),
    ]:  # fmt: skip
        with pytest.raises(Refused) as refusal:
            casework.send_again(asked.reference, way, actor=actor)
        told.append((refusal.value.code, refusal.value.status))
    casework.send_again(asked.reference, "otherwise", actor=officer)
    with pytest.raises(Refused) as refusal:
        casework.send_again(asked.reference, "otherwise", actor=officer)

    assert told == [
        ("no_reader", 422), ("invalid", 422), ("invalid", 422), ("forbidden", 403), ("not_found", 404),
        ("own_case", 403),
    ]  # fmt: skip
    assert refusal.value.code == "reached"
