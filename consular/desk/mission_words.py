"""What a mission set for itself, in words: names of details, rows of a state, and what a change made different."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from babel import Locale
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from consular import formspec
from consular.accounts.models import Role, User
from consular.missions import details
from consular.missions.changes import MissionChange, Subject
from consular.missions.models import ServiceGroup, SiteKind

NAMES = {
    details.ADDRESS: _("Address"),
    details.HOURS: _("Opening hours"),
    details.COLLECT: _("How to collect"),
    details.LANGUAGES: _("Languages at the mission"),
    details.RATE: _("Money and exchange rate"),
}


def name_of(name: str) -> str:
    """What a detail is called."""
    if name.startswith(details.TEXT):
        folder = formspec.latest(name.removeprefix(details.TEXT))
        return gettext("Good to know here: %(service)s") % {"service": gettext(folder.form.title)}
    return str(NAMES[name])


def value_of(name: str, value: Any) -> str:
    """The value of a detail on one line."""
    if name == details.RATE:
        return _rate(value)
    if name == details.LANGUAGES:
        return gettext(", ").join(_language(code) for code in value)
    if isinstance(value, str):
        return " · ".join(value.splitlines())
    return " / ".join(f"{_language(code)}: {' · '.join(text.splitlines())}" for code, text in value.items())


def about(change: MissionChange, people: dict[str, User]) -> str:
    """What a change is about: a detail, a person, or sites."""
    if change.subject == Subject.DETAIL:
        return name_of(change.about)
    if change.subject == Subject.STAFF:
        person = people.get(change.about)
        return person.name if person else ""
    return str(Subject.SITES.label)


def differences(
    subject: str, name: str, before: Sequence[Any], after: Sequence[Any]
) -> tuple[list[str], list[str]]:
    """The rows that were so before and are not any more, and those that are so now, each on one line."""
    gone = [line(subject, name, row) for row in before if row not in after]
    come = [line(subject, name, row) for row in after if row not in before]
    return gone, come


def line(subject: str, name: str, row: Sequence[Any]) -> str:
    """One row of a state on one line."""
    if subject == Subject.DETAIL:
        facts = {"day": _day(row[0]), "what": value_of(name, row[1]) or gettext("nothing")}
        return gettext("from %(day)s: %(what)s") % facts
    if subject == Subject.STAFF:
        return f"{Role(row[0]).label}, {_from_to(row[1], row[2])}"
    kind, own, city, groups, *_more = row
    services = gettext(", ").join(str(ServiceGroup(group).label) for group in groups)
    place = gettext(", ").join(part for part in (own, gettext(city)) if part)
    return f"{SiteKind(kind).label}: {place} ({services}), {_from_to(row[5], row[6])}"


def _from_to(first: str, last: str | None) -> str:
    if last is None:
        return gettext("from %(day)s") % {"day": _day(first)}
    return gettext("from %(first)s to %(last)s") % {"first": _day(first), "last": _day(last)}


def _rate(value: dict[str, str]) -> str:
    if value["currency"] == "EUR":
        return "EUR"
    words = gettext("1 EUR = %(amount)s %(currency)s, rounded up to %(step)s")
    return words % {"amount": value["per_euro"], "currency": value["currency"], "step": value["step"]}


def _language(code: str) -> str:
    return str(Locale((get_language() or "en").partition("-")[0]).languages.get(code, code))


def _day(text: str) -> str:
    return date_format(date.fromisoformat(text), "SHORT_DATE_FORMAT")
