"""The answer about free appointments that is equal for everybody: written once, kept by every process for a while.

A row per mission holds it, so that all processes tell the same; a process that has it at hand asks no database. Of
many that find it old at once one writes it anew; meanwhile the others tell the old one.
"""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from consular.appointments import availability
from consular.appointments.models import Availability, Calendar
from consular.casework.verb import verb
from consular.core import clock
from consular.missions.models import Mission

KEPT = timedelta(seconds=60)


@dataclass(frozen=True)
class Told:
    """What is told, as bytes and as values, with a name for exactly this state (RFC 9110, 8.8.3): the entity tag."""

    made_at: datetime
    body: bytes
    tag: str
    values: dict[str, Any] = field(compare=False)


_kept: dict[str, Told] = {}
_missions: list[tuple[datetime, dict[str, tuple[str, str]]]] = []


def of_mission(code: str) -> Told | None:
    """What is told about a mission; None when it has no calendars. No statement while it is kept."""
    if code not in missions():
        return None
    now = clock.now()
    kept = _kept.get(code)
    if kept is None or not _is_fresh(kept.made_at, now):
        kept = _kept[code] = _told(_row(code))
    return kept


def missions() -> dict[str, tuple[str, str]]:
    """The missions that have calendars: code -> kind and city; one statement a minute for each process."""
    now = clock.now()
    if not _missions or not _is_fresh(_missions[0][0], now):
        rows = Mission.objects.filter(pk__in=Calendar.objects.values("mission")).order_by("code")
        found = {code: (kind, city) for code, kind, city in rows.values_list("code", "kind", "city")}
        _missions[:] = [(now, found)]
    return _missions[0][1]


def forget() -> None:
    """Ask anew the next time: for tests, and for a process that lives on with another database."""
    _kept.clear()
    _missions.clear()


def _row(code: str) -> Availability:
    """The row as it is when it is fresh or somebody else writes it right now; otherwise written anew."""
    row = Availability.objects.filter(mission__code=code).first()
    if row is not None and _is_fresh(row.made_at, clock.now()):
        return row
    return _written(code) or row or Availability.objects.get(mission__code=code)


@verb
def _written(code: str) -> Availability | None:
    """The row, written anew; None while another process does it."""
    mission = Mission.objects.get(code=code)
    Availability.objects.bulk_create(
        [Availability(mission=mission, made_at=clock.now() - 2 * KEPT, told={})], ignore_conflicts=True
    )
    row = Availability.objects.select_for_update(skip_locked=True).filter(mission=mission).first()
    if row is None or (row.told and _is_fresh(row.made_at, clock.now())):
        return row
    row.made_at, row.told = clock.now(), availability.of(mission)
    row.save(update_fields=["made_at", "told"])
    return row


def _told(row: Availability) -> Told:
    body = json.dumps(row.told, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    return Told(row.made_at, body, f'"{hashlib.sha256(body).hexdigest()[:32]}"', row.told)


def _is_fresh(made_at: datetime, now: datetime) -> bool:
    return timedelta() <= now - made_at < KEPT
