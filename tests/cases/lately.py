"""Cases that were decided lately, many at once."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from consular.cases.models import Case, Event, Phase, TaskEntry
from consular.core import clock, references
from consular.missions.models import Mission
from consular.workflow.models import Definition, Instance
from tests import factories

DAY = timedelta(days=1)
FORM = "lodging"


def decided(
    mission: Mission, days: Iterable[float], *, at: datetime | None = None, **fields: object
) -> list[Case]:
    """For each number of days a case that was taken in so long before it was decided (`at`, a day ago)."""
    at = at or clock.now() - DAY
    definition = _definition()
    owner = factories.applicant()
    rows = [(taken, at - taken * DAY) for taken in days]
    instances = Instance.objects.bulk_create(
        Instance(definition=definition, mission=mission, phase=Phase.READY, started_at=at) for _ in rows
    )
    values = {
        "service": "schengen_visa", "version": 1, "owner": owner, "language": "en", "phase": Phase.READY,
        "outcome": "granted", "mission": mission, "created_at": at, "submitted_at": at, "changed_at": clock.now(),
    }  # fmt: skip
    cases = Case.objects.bulk_create(
        Case(**{**values, "reference": references.issue(), "instance": instance, **fields})
        for instance in instances
    )
    TaskEntry.objects.bulk_create(
        TaskEntry(case=case, form=FORM, by=owner, at=start, entries={})
        for case, (_days, start) in zip(cases, rows, strict=True)
    )
    Event.objects.bulk_create(Event(case=case, at=at, kind="approved", actor=owner) for case in cases)
    return cases


def _definition() -> Definition:
    """The process in force, or one that nobody runs."""
    found = Definition.objects.filter(service="schengen_visa").first()
    return found or factories.sent_case().instance.definition
