"""The watchdog: once an hour it writes down which cases nobody has moved, and tells their heads of section."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from consular.accounts.models import Role
from consular.cases import watch as watching
from consular.cases.watch import Range, Stalled
from consular.casework.verb import verb
from consular.core import clock
from consular.core.prepared import all_rows, first_row
from consular.missions.models import Mission
from consular.missions.postings import holders
from consular.notifications import outbox

AT_ONCE = 500
_ALONE = "SELECT pg_try_advisory_xact_lock(hashtext('consular.watch'))"
_NOTE = """
WITH stalled AS (
    SELECT c.id, c.mission_id, c.phase, c.changed_at FROM cases_case c
    JOIN unnest(%(phases)s::text[], %(before)s::timestamptz[]) AS patience (phase, before) USING (phase)
    WHERE c.id = ANY(%(cases)s::bigint[]) AND c.changed_at < patience.before AND NOT EXISTS (
        SELECT FROM cases_event e WHERE e.case_id = c.id AND e.kind = 'stalled' AND e.at >= c.changed_at
    )
    FOR UPDATE OF c SKIP LOCKED
), noted AS (
    INSERT INTO cases_event (case_id, at, kind, actor_id, node, data)
    SELECT id, %(now)s::timestamptz, 'stalled', NULL, '', jsonb_build_object('phase', phase) FROM stalled
)
SELECT mission_id, count(*) FROM stalled GROUP BY mission_id
"""


def watch(now: datetime | None = None) -> int:
    """Note every case that has stalled since it last moved, once each; returns how many are new."""
    moment = now or clock.now()
    missions = Mission.objects.order_by("pk").values_list("pk", flat=True)
    return sum(note(found, now=moment) for mission in missions for found in _pages(mission, moment))


def _pages(mission: int, now: datetime) -> Iterator[list[Stalled]]:
    """The stalled cases of a mission, some at once."""
    part: Range | None = Range({mission}, size=AT_ONCE)
    while part:
        found, following = watching.stalled(now, part)
        if found:
            yield found
        part = Range({mission}, following, AT_ONCE) if following else None


@verb
def note(found: Sequence[Stalled], *, now: datetime) -> int:
    """Write down the stalls that are new among these, and promise the mails. One watchdog at a time: two would both
    find that nothing is written yet. A case that is being moved in this moment is left out.
    """
    alone = first_row(_ALONE, {})
    if alone is None or not alone[0]:
        return 0
    phases, before = watching.limits(now)
    values = {"cases": [case.case_id for case in found], "phases": phases, "before": before, "now": now}
    fresh: dict[int, int] = dict(all_rows(_NOTE, values))
    for mission in Mission.objects.filter(pk__in=fresh).order_by("pk"):
        _tell(mission, now)
    return sum(fresh.values())


def _tell(mission: Mission, now: datetime) -> None:
    """Write to the heads of section of a mission, at most once a day; the mail says nothing of any case."""
    today = now.astimezone(ZoneInfo(mission.time_zone)).date()
    for head in holders(mission, Role.HEAD_OF_SECTION, today).order_by("pk"):
        outbox.promise("watch", to=head, key=f"watch:{mission.pk}:{head.pk}:{today.isoformat()}")
