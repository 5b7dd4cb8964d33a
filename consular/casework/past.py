"""The history of cases as the engine wrote it, read back in the order it happened: for replays."""

from collections.abc import Iterable, Iterator
from zoneinfo import ZoneInfo

from consular.cases.models import Event
from consular.missions import working_days
from consular.missions.models import Mission
from consular.workflow import library
from consular.workflow.days import Clock
from consular.workflow.graph import Graph
from consular.workflow.replay import Recorded
from consular.workflow.state import Decide, HistoryItem

OF_THE_PROCESS = frozenset(
    {
        "started", "entered", "completed", "finished", "failed", "timer", "message", "informed", "decided", "reached",
        "cancelled", "uncaught", "paused", "resumed", "migrated", "ended",
    }
)  # fmt: skip
"""The kinds of events that the engine writes; "message" also stands for messages between people, without a token."""


def recorded(events: Iterable[Event], mission: Mission) -> Iterator[Recorded]:
    """The lines of a case's process, on the clock of its mission."""
    zone, calendar = ZoneInfo(mission.time_zone), working_days.of(mission)
    for event in events:
        if event.kind in OF_THE_PROCESS and not (event.kind == "message" and "token" not in event.data):
            by = str(event.actor.person) if event.actor else ""
            item = HistoryItem(event.kind, event.node, event.data)
            yield Recorded(Clock(event.at.astimezone(zone), calendar), item, by)


class Versions:
    """The published processes of one service, by number."""

    def __init__(self, service: str) -> None:
        self.service = service
        self.found: dict[str, tuple[Graph, Decide | None]] = {}

    def __call__(self, number: str) -> tuple[Graph, Decide | None]:
        """The process and what answers its decisions."""
        if number not in self.found:
            published = library.published(library.find(self.service, number))
            self.found[number] = (published.graph, published.decide)
        return self.found[number]
