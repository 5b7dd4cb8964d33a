"""All that staff decide about one calendar, as a value: read, compared, kept in the history, written."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date, time
from typing import Any

from consular.appointments.distribution import Mode
from consular.appointments.models import Calendar, OpeningRule
from consular.appointments.release import Policy
from consular.appointments.rhythm import Rule

_DAYS = frozenset({"valid_from", "valid_to", "on_day"})
_TIMES = frozenset({"opens_at", "closes_at", "pause_from", "pause_to", "release_at"})


@dataclass(frozen=True)
class Setup:
    """The settings of a calendar (see `Calendar`) and its opening rules."""

    slot_minutes: int
    counters: int
    notice_hours: int
    horizon_days: int
    returns_after: int
    returns_before: int
    week_share: int
    day_share: int
    release_at: time | None
    release_jitter: int
    overbooking: int = 0
    most_people: int = 5
    mode: str = Mode.DIRECT.value
    list_first: bool = True
    offer_hours: int = 24
    passes_kept: int = 1
    lengths: Mapping[str, int] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()

    @property
    def policy(self) -> Policy:
        """How its places are released."""
        return Policy(
            self.week_share, self.day_share, self.release_at, self.release_jitter, self.horizon_days
        )


SETTINGS = tuple(one.name for one in fields(Setup) if one.name != "rules")
RULE = tuple(one.name for one in fields(Rule))


def of(calendar: Calendar) -> Setup:
    """The setup of a calendar as it stands; its rules in a certain order."""
    rows = OpeningRule.objects.filter(calendar=calendar).values(*RULE)
    settings = {name: getattr(calendar, name) for name in SETTINGS}
    return Setup(**settings, rules=in_order(Rule(**row) for row in rows))


def in_order(rules: Any) -> tuple[Rule, ...]:
    """Rules in the one order in which they are kept and compared."""
    return tuple(sorted(rules, key=lambda rule: [str(value) for value in asdict(rule).values()]))


def clash(rules: Any) -> bool:
    """Whether two rules of one rhythm would open the same time twice."""
    ordered = in_order(rules)
    return any(_clash(one, other) for nth, one in enumerate(ordered) for other in ordered[nth + 1 :])


def _clash(one: Rule, other: Rule) -> bool:
    alike = ("weekday", "every", "nth", "on_day")
    return (
        all(getattr(one, name) == getattr(other, name) for name in alike)
        and one.opens_at < other.closes_at
        and other.opens_at < one.closes_at
        and (one.valid_to is None or other.valid_from < one.valid_to)
        and (other.valid_to is None or one.valid_from < other.valid_to)
    )


def write(calendar: Calendar, setup: Setup) -> None:
    """Make the calendar's rows say what `setup` says. The caller has locked the calendar."""
    for name in SETTINGS:
        setattr(calendar, name, getattr(setup, name))
    calendar.save(update_fields=SETTINGS)
    OpeningRule.objects.filter(calendar=calendar).delete()
    OpeningRule.objects.bulk_create(OpeningRule(calendar=calendar, **asdict(rule)) for rule in setup.rules)


def as_json(setup: Setup) -> dict[str, Any]:
    """The setup in words that JSON knows."""
    plain = asdict(setup)
    return {name: _plain(value) for name, value in plain.items() if name != "rules"} | {
        "rules": [{name: _plain(value) for name, value in rule.items()} for rule in plain["rules"]]
    }


def from_json(kept: dict[str, Any]) -> Setup:
    """The setup that `as_json` wrote down."""
    rules = (Rule(**{name: _value(name, given) for name, given in rule.items()}) for rule in kept["rules"])
    settings = {name: _value(name, kept[name]) for name in SETTINGS if name in kept}
    return Setup(**settings, rules=in_order(rules))


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | time) else value


def _value(name: str, given: Any) -> Any:
    if given is None:
        return None
    if name in _DAYS:
        return date.fromisoformat(given)
    return time.fromisoformat(given) if name in _TIMES else given
