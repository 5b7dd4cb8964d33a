"""The letter about a granted visa, L10: what it allows, and where that is less than was asked for."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consular.decisions.bodies import Entry, Grant, Typed
from consular.decisions.choices import Entries, VisaType
from consular.decisions.letter import Version, plain
from consular.decisions.models import Decision
from consular.decisions.source import Source, decided, version, written
from consular.formspec import places
from consular.formspec.dates import as_date

ASKED: Mapping[str, Entries] = {"single": Entries.ONE, "two": Entries.TWO, "multiple": Entries.MULTIPLE}
"""Numbers of entries as the application form says them."""

TRANSITS: Mapping[str, str | Promise] = {
    Entries.ONE: _("One transit"),
    Entries.TWO: _("Two transits"),
    Entries.MULTIPLE: _("Several transits"),
}

DUTIES: Mapping[str, str | Promise] = {
    VisaType.UNIFORM: _(
        "A visa does not give an absolute right to enter. At the border you may be asked again for the documents that "
        "support your journey."
    ),
    VisaType.LIMITED: _(
        "This visa is valid only for the states named above. You may neither enter nor pass through any other Schengen "
        "state with it. It does not give an absolute right to enter: at the border you may be asked again for the "
        "documents that support your journey."
    ),
    VisaType.TRANSIT: _(
        "This visa allows you to pass through the international transit areas of airports. It does not allow you to "
        "enter the territory of the Schengen states."
    ),
    VisaType.NATIONAL: _(
        "With this visa you may enter Germany and stay for the purpose stated. It does not give an absolute right to "
        "enter. Register your residence after arrival, and apply to the foreigners authority for a residence permit "
        "before the visa expires. In other Schengen states you may stay for at most 90 days in any 180 days."
    ),
}
"""What the holder has to know about each type of visa (Visa Code art. 2(3) to (5), 25(2), 30; Residence Act
section 6(3); Convention Implementing the Schengen Agreement art. 21(2a))."""


def grant(source: Source, language: str) -> Version:
    """L10: what the visa allows and how to collect it."""
    decision = decided(source)
    body = Grant(
        service=source.service,
        visa_type=decision.get_visa_type_display(),
        territory=_states(decision.territory),
        valid_from=written(decision.valid_from),
        valid_until=written(decision.valid_until),
        entries=_times(decision, Entries(decision.entries)),
        days=decision.days,
        asked=tuple(_asked_for_more(decision, source.case.answers.data)),
        duty=str(DUTIES[decision.visa_type]),
        remarks=Typed(plain(decision.remarks)),
        conditions=Typed(plain(decision.conditions)),
    )
    return version(source, language, gettext("Your visa has been granted"), body)


def _states(codes: list[str]) -> str:
    """The names of states in the order of the active language."""
    known = dict(places.member_states())
    return ", ".join(name for code, name in known.items() if code in codes)


def _asked_for_more(decision: Decision, answers: Mapping[str, Any]) -> list[Entry]:
    """Entries and days of stay that were asked for, where fewer were granted.

    That is no refusal (Visa Code art. 24(1)), but it must not come as a surprise at the border.
    """
    found, order = [], list(Entries)
    wanted = ASKED.get(answers.get("entries", ""))
    if wanted and order.index(wanted) > order.index(Entries(decision.entries)):
        found.append(_times(decision, wanted))
    days = _days_asked(answers)
    if decision.days and days > decision.days:
        found.append(Entry(gettext("Days of stay"), str(days)))
    return found


def _days_asked(answers: Mapping[str, Any]) -> int:
    """Days of the intended stay, arrival and departure included; 0 when the dates are not known."""
    first, last = answers.get("arrival_date"), answers.get("departure_date")
    return (as_date(last) - as_date(first)).days + 1 if first and last else 0


def _times(decision: Decision, entries: Entries) -> Entry:
    """How often the visa may be used, in the words of its type."""
    if decision.visa_type == VisaType.TRANSIT:
        return Entry(gettext("Transits"), str(TRANSITS[entries]))
    return Entry(gettext("Entries"), str(entries.label))
