"""A mission tells what holds there and from when: address, hours, languages, rate, local texts, and intake sites."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from babel.numbers import list_currencies
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from consular import fees, formspec
from consular.accounts.models import User
from consular.casework.mission_changes import Signed, change, locked
from consular.casework.verb import verb
from consular.core import clock
from consular.core.errors import Refused
from consular.formspec import text
from consular.missions import details
from consular.missions.administered import State, Target
from consular.missions.changes import MissionChange, Subject
from consular.missions.models import Mission, ServiceGroup, SiteKind

LONGEST_TEXT = 2000
MOST_LANGUAGES = 8
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,4})?")


@dataclass(frozen=True)
class Site:
    """A service provider or an honorary consul that a mission names; `city` as it is told."""

    kind: SiteKind
    name: str
    city: str
    groups: tuple[ServiceGroup, ...]
    valid_from: date
    areas: tuple[str, ...] = field(default_factory=tuple)


@dataclass(frozen=True)
class Saying:
    """A detail by its name (see missions.details), its value, and the day from which it holds."""

    name: str
    value: Any
    valid_from: date


@verb
def set_detail(mission_id: int, said: Saying, *, actor: User, seen: str = "") -> MissionChange | None:
    """Say what holds at a mission from a day on, today at the earliest; the finder tells it from that day.

    Refused (422) where the value is no such value; (409) when something was changed that was not `seen`.
    """
    mission = locked(mission_id, actor)
    _require_not_over(mission, said.valid_from)
    judged, day = _judged(said.name, said.value), said.valid_from.isoformat()

    def edit(state: State) -> State:
        return [row for row in state if row[0] != day] + [[day, judged]]

    return change(Target(Subject.DETAIL, mission.pk, said.name), edit, Signed(actor), seen)


@verb
def add_site(mission_id: int, site: Site, *, actor: User, seen: str = "") -> MissionChange | None:
    """Name somebody who takes applications for a mission from a day on. Refused where they are named already."""
    mission = locked(mission_id, actor)
    _require_not_over(mission, site.valid_from)
    city, name = _tidy(site.city, 80), _tidy(site.name, 80)
    if not city or not site.groups or (site.kind == SiteKind.PROVIDER and not name):
        raise _bad(_("Give the city, the services, and the name of a service provider."), "city")
    row = [
        site.kind.value,
        name,
        city,
        sorted(site.groups),
        sorted(site.areas),
        site.valid_from.isoformat(),
        None,
        False,
    ]

    def edit(state: State) -> State:
        same = [one for one in state if one[:3] == row[:3]]
        if any(one[6] is None or one[6] > row[5] for one in same):
            raise _bad(_("This one is named already. End that entry first."), "city")
        return [*state, row]

    return change(Target(Subject.SITES, mission.pk), edit, Signed(actor), seen)


@verb
def end_site(mission_id: int, number: int, ends_on: date, *, actor: User, seen: str) -> MissionChange | None:
    """From `ends_on` on the site of this number in the list takes no applications any more."""
    mission = locked(mission_id, actor)
    _require_not_over(mission, ends_on)

    def edit(state: State) -> State:
        if not 0 <= number < len(state):
            raise Refused(_("There is no such site."), code="not_found", status=404)
        row = state[number]
        if row[5] >= ends_on.isoformat():  # it has not begun: it never was
            return [one for one in state if one is not row]
        return [[*one[:6], ends_on.isoformat(), *one[7:]] if one is row else one for one in state]

    return change(Target(Subject.SITES, mission.pk), edit, Signed(actor), seen)


def _judged(name: str, value: Any) -> Any:
    """The value of a detail, as it is kept; refused where it is not one of that name."""
    if name == details.ADDRESS and isinstance(value, str) and value.strip():
        return _tidy(value)
    if name in (details.HOURS, details.COLLECT) or (name.startswith(details.TEXT) and _is_service(name)):
        return _texts(value)
    if name == details.LANGUAGES:
        return _languages(value)
    if name == details.RATE:
        return _rate(value)
    raise _bad(_("Give a value."), "value")


def _is_service(name: str) -> bool:
    return name.removeprefix(details.TEXT) in {folder.service for folder in formspec.services()}


def _texts(value: Mapping[str, str]) -> dict[str, str]:
    known = dict(settings.LANGUAGES)
    told = {code: _tidy(words) for code, words in sorted(value.items()) if code in known}
    return {code: words for code, words in told.items() if words}


def _tidy(value: str, longest: int = LONGEST_TEXT) -> str:
    """What was typed, without what deceives: one line where it is short."""
    try:
        return text.lines(value, longest) if longest == LONGEST_TEXT else text.line(value, longest)
    except text.Wrong as wrong:
        raise _bad(str(wrong), "value") from None


def _languages(value: list[str]) -> list[str]:
    codes = list(dict.fromkeys(code.strip() for code in value if code.strip()))
    if not 0 < len(codes) <= MOST_LANGUAGES or not all(_LANGUAGE.fullmatch(code) for code in codes):
        raise _bad(_("Name one to eight languages by their codes, for example en, de, hi."), "languages")
    return codes


def _rate(value: Mapping[str, str]) -> dict[str, str]:
    currency = value["currency"].strip().upper()
    if currency not in list_currencies():
        raise _bad(_("Give the code of a currency, for example INR."), "currency")
    if currency == fees.EURO:
        return {"currency": currency, "per_euro": "1", "step": "0.01"}
    return {
        "currency": currency,
        "per_euro": _number(value["per_euro"], "per_euro", places=6),
        "step": _number(value["step"], "step", places=3),
    }


def _number(text: str, name: str, *, places: int) -> str:
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal(0)
    if not number.is_finite() or not 0 < number < 10**9 or number != round(number, places):
        raise _bad(_("Give a number greater than zero."), name)
    return f"{number.normalize():f}"


def _require_not_over(mission: Mission, day: date) -> None:
    today = clock.today(mission.time_zone)
    if day < today:
        raise _bad(_("This day is over."), "valid_from")
    if day.year > today.year + 5:
        raise _bad(_("This day is too far away."), "valid_from")


def _bad(sentence: Any, name: str) -> Refused:
    return Refused(sentence, code="bad_value", field=name, status=422)
