"""An activity and the events at its boundary, two at once on real connections: one of them counts, whichever it is."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from consular.accounts.models import User
from consular.missions.models import Mission
from consular.workflow import rows, store
from consular.workflow.models import Completion, Instance, Token
from consular.workflow.state import Deliver
from tests import factories
from tests.harm import alter, without_lock
from tests.meeting import Meeting
from tests.workflow import bpmn
from tests.workflow.test_store_races import NOW, at_once, begun

GUARDED = bpmn.process(
    bpmn.start(), bpmn.user("work"), bpmn.on_message("withdrawal", "work"), bpmn.on_timer("late", "work"),
    bpmn.user("worked"), bpmn.user("withdrawn"), bpmn.user("lapsed"), bpmn.end(),
    bpmn.path("start", "work", "worked", "end"), bpmn.path("withdrawal", "withdrawn", "end"),
    bpmn.path("late", "lapsed", "end"),
)  # fmt: skip
LATER = NOW + timedelta(days=8)
PAIRS = [("worked", "withdrawn"), ("withdrawn", "lapsed"), ("worked", "lapsed"), ("withdrawn", "withdrawn")]

Act = Callable[[], object]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def acts(monkeypatch: pytest.MonkeyPatch) -> dict[str, Act]:
    """What may happen to the task, by where it leads. Of two that happen, each has read before either writes."""
    delhi: Mission = factories.mission("DELH")
    clerk: User = factories.official("caseworker", mission=delhi)
    instance = begun(delhi, GUARDED).instance.pk
    task, timer = Token.objects.get(node="work"), Token.objects.get(node="late")
    meeting, write = Meeting(), rows.write

    def late(*arguments: object, **named: object) -> store.Advance:
        meeting.arrive()
        return write(*arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(rows, "write", late)
    return {
        "worked": lambda: store.complete(task.pk, by=clerk, variables={}, now=LATER) and "worked",
        "withdrawn": lambda: store.deliver(instance, Deliver("booked"), now=LATER) and "withdrawn",
        "lapsed": lambda: store.fire_timer(timer.pk, now=LATER) and "lapsed",
    }


def stand() -> list[str]:
    """Where the process waits now."""
    return sorted(Token.objects.values_list("node", flat=True))


@pytest.mark.parametrize("pair", PAIRS)
def test_of_two_exactly_one_counts(pair: tuple[str, str], acts: dict[str, Act]) -> None:
    results = at_once(*(acts[name] for name in pair))

    counted = [result for result in results if result in acts]
    assert len(counted) == 1
    assert (stand(), Instance.objects.get().revision) == (counted, 2)
    assert Completion.objects.count() == (counted == ["worked"])


@pytest.mark.parametrize("pair", PAIRS)
def test_without_the_lock_the_revision_still_refuses_the_slower_one(
    pair: tuple[str, str], acts: dict[str, Act], monkeypatch: pytest.MonkeyPatch
) -> None:
    without_lock(monkeypatch)

    results = at_once(*(acts[name] for name in pair))

    assert sorted(result in acts for result in results) == [False, True]
    assert "changed" in results
    assert stand() == [result for result in results if result in acts]


@pytest.mark.parametrize("pair", PAIRS)
def test_if_who_waited_did_not_read_the_tokens_again_both_would_count(
    pair: tuple[str, str], acts: dict[str, Act], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: the case would be worked on and withdrawn, withdrawn and lapsed, withdrawn twice."""
    alter(monkeypatch, rows, "_LOCK", ("SELECT i.xmin =", "SELECT true OR i.xmin ="))

    results = at_once(*(acts[name] for name in pair))

    assert results == list(pair)
    assert len(stand()) == 2
