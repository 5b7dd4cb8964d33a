"""What a mission says of itself on a day: its own dated values, and what the files of missions say where it has none.

Names: `address` (text), `hours`, `collect` and `text.SERVICE` (language -> text), `languages` (list of codes), `rate`
(`currency`, `per_euro`, `step`; texts of numbers).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from consular.missions.changes import Detail
from consular.missions.models import Mission

ADDRESS, HOURS, COLLECT = "address", "hours", "collect"
LANGUAGES, RATE, TEXT = "languages", "rate", "text."
Texts = Mapping[str, str]


@dataclass(frozen=True)
class OwnRate:
    """The money a mission takes, how much of it for one euro, the step it rounds up to, and since when."""

    currency: str
    per_euro: Decimal
    step: Decimal
    since: date


@dataclass(frozen=True)
class Details:
    """What holds on a day; `rate` is None where the mission has set none of its own."""

    address: str
    languages: tuple[str, ...]
    hours: Texts = field(default_factory=dict)
    texts: Mapping[str, Texts] = field(default_factory=dict)
    rate: OwnRate | None = None
    collect: Texts = field(default_factory=dict)


def of(mission: Mission, on: date) -> Details:
    """What a mission says of itself on a day; one statement."""
    rows = Detail.objects.filter(mission=mission, valid_from__lte=on).order_by("valid_from")
    said = {name: (value, since) for name, value, since in rows.values_list("name", "value", "valid_from")}
    return Details(
        address=_said(said, ADDRESS, mission.address),
        languages=tuple(_said(said, LANGUAGES, mission.languages)),
        hours=_said(said, HOURS, {}),
        texts={name.removeprefix(TEXT): value for name, (value, _) in said.items() if name.startswith(TEXT)},
        rate=_rate(*said[RATE]) if RATE in said else None,
        collect=_said(said, COLLECT, {}),
    )


def address_at(mission: Mission, moment: datetime) -> str:
    """Where a mission is at a moment, by the day on its own clock: it may move until then."""
    return of(mission, moment.astimezone(ZoneInfo(mission.time_zone)).date()).address


def spoken(texts: Texts, language: str) -> tuple[str, str]:
    """A text in this language, or else in English, German or any other, and the language it is in; "" without one."""
    for code in (language, "en", "de", *sorted(texts)):
        if texts.get(code):
            return texts[code], code
    return "", language


def _said(said: Mapping[str, tuple[Any, date]], name: str, otherwise: Any) -> Any:
    return said[name][0] if name in said else otherwise


def _rate(value: Mapping[str, str], since: date) -> OwnRate:
    return OwnRate(value["currency"], Decimal(value["per_euro"]), Decimal(value["step"]), since)
