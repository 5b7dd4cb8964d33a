"""What if: counted over all cases of a time, reading only, with little in memory."""

import gc
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consular import casework
from consular.accounts.models import Role, User
from consular.cases.models import Case, Event
from consular.casework import past, replays
from consular.casework.replays import MOST_GROUPS, Answer, Period
from consular.core import clock
from consular.workflow import whatif
from consular.workflow.mapping import NO_CHANGES, TokenMapping
from consular.workflow.models import Instance
from consular.workflow.publishing import Release
from consular.workflow.whatif import Verdict
from tests import factories, stages
from tests.casework.test_versions import EXAMINE_TO_ASSESS, RENAMED, changed, moved, second
from tests.harm import without_trigger

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("missions")]

ROOT = Path(__file__).parents[2]
TODAY = Period(clock.now() - timedelta(days=1))


@pytest.fixture
def post() -> stages.Post:
    return stages.ministry()


def asked(*changes: tuple[str, str], period: Period = TODAY, mapping: TokenMapping = NO_CHANGES) -> Answer:
    release = Release(stages.SERVICE, 0, changed(*changes), tables=stages.folder().files)
    return casework.what_if(release, period, mapping)


def closed(post: stages.Post, **entries: Any) -> Case:
    case = stages.issued(post, **(entries or stages.REFUSING))
    stages.do(case, post.clerk, handed_over_on=clock.today().isoformat(), handed_to="applicant")
    return case


def test_a_gateway_that_is_drawn_otherwise_sends_refusals_elsewhere(post: stages.Post) -> None:
    case = closed(post, **stages.REFUSING)
    to_applicant = ('=recommendation = "ask"', '=recommendation = "refuse"')

    answer = asked(to_applicant)

    assert (asked().counts, answer.counts) == (
        {"same": 1, "other": 0, "unknown": 0}, {"same": 0, "other": 1, "unknown": 0},
    )  # fmt: skip
    (group,) = answer.by_size()
    assert (group.verdict, group.examples) == (
        Verdict("other", "decide", "await_information"),
        (case.reference,),
    )


def test_it_only_reads(post: stages.Post) -> None:
    closed(post)

    with CaptureQueriesContext(
        connection,
    ) as queries:
        asked()

    written = [
        query["sql"] for query in queries if not query["sql"].lstrip().startswith(("SELECT", "DECLARE"))
    ]
    assert written == []


def test_a_case_that_was_moved_is_compared_where_nothing_was_renamed(post: stages.Post) -> None:
    administrator: User = factories.official(Role.ADMINISTRATOR)
    renamed = stages.sent()
    second(administrator, *RENAMED)
    moved(administrator, EXAMINE_TO_ASSESS)
    period = Period(TODAY.since, is_open_too=True)

    with_new_names = asked(*RENAMED, period=period)
    assert with_new_names.counts["unknown"] == 1
    assert with_new_names.by_size()[0].examples == (renamed.reference,)

    same = asked(period=period)
    assert Instance.objects.filter(definition__edition=2).count() == 1
    assert same.by_size()[0].verdict.detail.startswith("migrated with other names")


def test_a_history_that_is_not_whole_cannot_be_replayed(post: stages.Post) -> None:
    case = closed(post)
    factories.sent_case(service=stages.SERVICE)
    with without_trigger("cases.Event:append_only"):
        case.events.filter(kind="completed", node="lodge").delete()

    answer = asked(period=Period(TODAY.since, is_open_too=True))

    assert answer.counts == {"same": 0, "other": 0, "unknown": 2}


def test_cases_are_read_in_portions_and_counted_each_once(
    post: stages.Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        stages.sent(doc_number=f"G765432{number}")
    monkeypatch.setattr(replays, "AT_ONCE", 2)
    monkeypatch.setattr(replays, "EVENTS", 3)

    assert asked(period=Period(TODAY.since, is_open_too=True)).counts["same"] == 5
    assert asked().counts["same"] == 0


def test_no_more_than_one_portion_of_events_is_in_memory(
    post: stages.Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = closed(post)
    events = list(case.events.filter(kind__in=past.OF_THE_PROCESS).order_by("pk"))
    one = len(events)
    for _number in range(8):
        _copy(case, events, clock.now())
    del events
    before = _alive()
    alive: list[int] = []
    compare = whatif.compare

    def counted(*given: Any, **named: Any) -> Verdict:
        alive.append(_alive() - before)
        return compare(*given, **named)

    monkeypatch.setattr(whatif, "compare", counted)
    monkeypatch.setattr(replays, "EVENTS", one)

    assert asked().counts["same"] == len(alive) == 9
    assert max(alive) <= 3 * one


def _alive() -> int:
    """How many events are in memory."""
    gc.collect()
    return sum(type(thing) is Event for thing in gc.get_objects())


def _copy(case: Case, events: list[Event], now: datetime) -> None:
    instance = Instance.objects.get(pk=case.instance_id)
    instance.pk = None
    instance.save()
    twin = factories.sent_case(
        service=case.service, mission=case.mission, instance=instance, phase="closed", submitted_at=now
    )
    Event.objects.bulk_create(
        Event(
            case=twin, at=event.at, kind=event.kind, actor_id=event.actor_id, node=event.node, data=event.data
        )
        for event in events
    )


def test_too_many_different_ways_are_put_together() -> None:
    answer = Answer()

    for number in range(MOST_GROUPS + 5):
        answer.take(f"C{number}", Verdict("other", "a", f"b{number}"))
    for number in range(9):
        answer.take(f"S{number}", Verdict("same"))

    assert (answer.counts["other"], answer.counts["same"], len(answer.groups)) == (
        MOST_GROUPS + 5,
        9,
        MOST_GROUPS + 1,
    )
    assert answer.by_size()[0].count == 5


def _kinds(folder: str, pattern: str) -> set[str]:
    sources = (path.read_text(encoding="utf-8") for path in (ROOT / "consular" / folder).glob("*.py"))
    return {kind for source in sources for kind in re.findall(pattern, source)}


def test_what_the_engine_writes_is_read_back_and_nothing_else() -> None:
    written = _kinds("workflow", r'(?:note|HistoryItem)\(\s*"(\w+)"(?: if [^"]*"(?:\w+)")?')
    by_verbs = _kinds("casework", r'record\.event\(\s*\w+,\s*"(\w+)"')

    assert written | {"resumed"} == past.OF_THE_PROCESS
    assert by_verbs & past.OF_THE_PROCESS == {"message"}
