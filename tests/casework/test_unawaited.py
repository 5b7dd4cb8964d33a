"""Messages from outside that nobody waits for: nothing moves, and the history says that they came."""

from pathlib import Path

import pytest
from django.db import transaction

from consular import casework
from consular.cases.models import Case, Event, Message
from consular.casework import record
from consular.core import clock
from consular.workflow.models import Instance
from consular.workflow.state import Deliver
from consular.workflow.store import Advance
from tests import factories, stages

pytestmark = pytest.mark.django_db(transaction=True)

CASEWORK = Path(casework.__file__).parent


@pytest.fixture
def waits_for_booking() -> Case:
    """A complete case without appointment: it is the applicant's turn, but not to write."""
    post = stages.ministry()
    case = stages.sent()
    stages.do(case, post.clerk, complete=True)
    return Case.objects.get(pk=case.pk)


def arrived(case: Case, arrival: Deliver) -> Advance | None:
    """The message comes, in a transaction of its own."""
    with transaction.atomic():
        return record.deliver(case, arrival, actor=None, at=clock.now())


def unawaited(case: Case) -> list[tuple[str, str]]:
    """Message and key of what came in vain."""
    events = Event.objects.filter(case=case, kind="unawaited").order_by("pk")
    return [(event.data["message"], event.data["key"]) for event in events]


def test_a_message_nobody_waits_for_is_kept_moves_nothing_and_is_noted(waits_for_booking: Case) -> None:
    case = waits_for_booking
    before = Instance.objects.get(case=case).revision

    casework.reply(case.pk, "Here I am.", actor=case.owner)

    assert (case.phase, Instance.objects.get(case=case).revision) == ("your_turn", before)
    assert Message.objects.filter(case=case, author=case.owner).count() == 1
    assert unawaited(case) == [("applicant.answered", "")]


@pytest.mark.parametrize("key", ["", "XX", "another case"])
def test_a_strangers_key_is_refused_and_noted(waits_for_booking: Case, key: str) -> None:
    assert arrived(waits_for_booking, Deliver("partner.answered", key=key)) is None

    assert unawaited(waits_for_booking) == [("partner.answered", key)]


def test_the_second_of_two_equal_messages_is_refused_and_noted(waits_for_booking: Case) -> None:
    case, booked = waits_for_booking, Deliver("appointment.confirmed", variables={"booked": True})

    assert [arrived(case, booked) is None for _ in range(2)] == [False, True]
    assert unawaited(case) == [("appointment.confirmed", "")]
    assert stages.open_task(case).node == "lodge"


def test_a_message_moves_the_case_it_was_sent_to_and_no_other(waits_for_booking: Case) -> None:
    other = factories.sent_case()

    assert arrived(other, Deliver("appointment.confirmed")) is None

    assert Instance.objects.get(case=waits_for_booking).phase == "your_turn"
    assert (unawaited(other), unawaited(waits_for_booking)) == ([("appointment.confirmed", "")], [])


def test_nobody_delivers_past_the_history() -> None:
    """Consultations count who waits before they deliver, and note refusals themselves."""
    delivering = {path.name for path in CASEWORK.glob("*.py") if "store.deliver" in path.read_text()}

    assert delivering == {"record.py", "consulting.py"}
