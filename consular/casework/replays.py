"""What if cases had run on another process: counted over all of them, with one history in memory at a time."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby

from consular.cases.models import Case, Event
from consular.casework import past
from consular.rules import dmn
from consular.workflow import publishing, whatif
from consular.workflow.deciding import from_tables
from consular.workflow.mapping import TokenMapping
from consular.workflow.migration import following
from consular.workflow.publishing import Release
from consular.workflow.worlds import World

AT_ONCE = 200
EVENTS = 2_000
EXAMPLES = 5
MOST_GROUPS = 200


@dataclass(frozen=True, slots=True)
class Period:
    """The cases that are looked at: those that were closed in this time, or with `is_open_too` sent in it, too."""

    since: datetime
    until: datetime | None = None
    is_open_too: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Cases with one and the same verdict, and the first few of them."""

    verdict: whatif.Verdict
    count: int
    examples: tuple[str, ...]


@dataclass(slots=True)
class Answer:
    """How many cases took the same path, another one, and of how many nobody can know."""

    counts: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys((whatif.SAME, whatif.OTHER, whatif.UNKNOWN), 0)
    )
    groups: dict[whatif.Verdict, Group] = field(default_factory=dict)

    def take(self, reference: str, verdict: whatif.Verdict) -> None:
        """Count one case; the first of each group are kept as examples."""
        self.counts[verdict.code] += 1
        if verdict.code == whatif.SAME:
            return
        if verdict not in self.groups and len(self.groups) >= MOST_GROUPS:
            verdict = whatif.Verdict(verdict.code, detail="in ways of which there are too many to list")
        group = self.groups.get(verdict, Group(verdict, 0, ()))
        examples = (*group.examples, reference)[:EXAMPLES]
        self.groups[verdict] = replace(group, count=group.count + 1, examples=examples)

    def by_size(self) -> list[Group]:
        """The groups, the largest first."""
        return sorted(self.groups.values(), key=lambda group: -group.count)


def what_if(release: Release, period: Period, mapping: TokenMapping) -> Answer:
    """What would have become of the cases of a service on a process that need not be published. Reads only.

    Refused when the process cannot be compiled or its tables cannot be read.
    """
    tables = [dmn.load(content) for content in publishing.asked(release).values()]
    other = World(publishing.compiled(release), from_tables(tables))
    versions = past.Versions(release.service)
    answer = Answer()
    for case, events in _histories(release.service, period):
        answer.take(case.reference, _judged(case, events, versions, other, mapping))
    return answer


def _judged(
    case: Case, events: Iterator[Event], versions: past.Versions, other: World, mapping: TokenMapping
) -> whatif.Verdict:
    instance = case.instance
    if instance is None:
        return whatif.Verdict(whatif.UNKNOWN, detail="no process")
    lines = list(past.recorded(events, instance.mission))
    first = next((line.item.data["from"] for line in lines if line.item.kind == "migrated"), None)
    graph, decide = versions(str(first or instance.definition.number))
    return whatif.compare(lines, World(graph, decide), other, mapping=mapping, follow=following(versions))


def _histories(service: str, period: Period) -> Iterator[tuple[Case, Iterator[Event]]]:
    """Each case with its events in their order, read in portions."""
    for chunk in _chunks(service, period):
        by_id = {case.pk: case for case in chunk}
        events = (
            Event.objects.filter(case__in=by_id, kind__in=past.OF_THE_PROCESS)
            .select_related("actor")
            .order_by("case_id", "id")
            .iterator(chunk_size=EVENTS)
        )
        for pk, group in groupby(events, key=lambda event: event.case_id):
            yield by_id.pop(pk), group
        for case in by_id.values():
            yield case, iter(())


def _chunks(service: str, period: Period) -> Iterator[list[Case]]:
    cases = Case.objects.filter(service=service).order_by("pk")
    if period.is_open_too:
        cases = cases.filter(submitted_at__gte=period.since)
        cases = cases.filter(submitted_at__lt=period.until) if period.until else cases
    else:
        cases = cases.filter(instance__ended_at__gte=period.since)
        cases = cases.filter(instance__ended_at__lt=period.until) if period.until else cases
    cases = cases.select_related("instance__mission", "instance__definition").defer(
        "instance__definition__xml"
    )
    last = 0
    while chunk := list(cases.filter(pk__gt=last)[:AT_ONCE]):
        last = chunk[-1].pk
        yield chunk
