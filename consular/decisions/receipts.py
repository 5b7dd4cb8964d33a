"""L02 and L03: what the applicant can show: that there is an appointment, and that the fee was paid."""

from decimal import Decimal
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.formats import date_format, number_format, time_format
from django.utils.translation import gettext

from consular.cases.models import Case
from consular.core import clock
from consular.decisions.bodies import Appointment, Entry, FeeReceipt, Typed
from consular.decisions.facts import Booked, Paid
from consular.decisions.letter import Version, plain
from consular.decisions.source import Source, office_of, version, written
from consular.missions import details


def appointment(source: Source, language: str) -> Version:
    """L02: when and where to come, what to bring, and that nobody may take money for it."""
    facts = source.facts
    if not isinstance(facts, Booked):
        raise ValueError("this letter needs an appointment")
    mission = facts.mission or source.case.mission
    if mission is None:
        raise ValueError("a letter needs a mission")
    zone = ZoneInfo(mission.time_zone)
    starts_at = facts.starts_at.astimezone(zone)
    times = [starts_at] if facts.ends_at is None else [starts_at, facts.ends_at.astimezone(zone)]
    body = Appointment(
        service=source.service,
        day=date_format(starts_at, "l") + ", " + written(starts_at.date()),
        time="–".join(time_format(one.time(), "TIME_FORMAT") for one in times),
        office=office_of(mission),
        address=Typed(plain(details.of(mission, starts_at.date()).address)),
        booking=facts.reference,
        papers=tuple(plain(gettext(paper)) for paper in facts.papers),
        page=f"{settings.PUBLIC_URL}/my",
    )
    return version(source, language, gettext("Confirmation of your appointment"), body)


def fee(source: Source, language: str) -> Version:
    """L03: what was paid, in which money, at which rate and on which ground (Visa Code art. 16(8))."""
    facts = source.facts
    if not isinstance(facts, Paid):
        raise ValueError("this letter needs a fee")
    body = FeeReceipt(
        service=source.service,
        is_waived=facts.is_waived,
        lines=tuple(_lines(facts)),
        basis=gettext(facts.basis),
    )
    title = gettext("Confirmation that no fee is due") if facts.is_waived else gettext("Receipt for the fee")
    return version(source, language, title, body)


def languages_of_receipt(case: Case) -> tuple[str, ...]:
    """German and the language of the place; English where we do not write that."""
    known = dict(settings.LANGUAGES)
    mission = case.mission
    spoken = details.of(mission, clock.today(mission.time_zone)).languages if mission else ()
    host = next((code for code in spoken if code in known and code != "de"), "en")
    return ("de", host)


def _lines(facts: Paid) -> list[Entry]:
    lines = [
        Entry(gettext("Date of payment"), written(facts.on)),
        Entry(gettext("Amount"), _money(facts.amount, facts.currency)),
    ]
    if facts.local_amount is not None and facts.per_euro is not None:
        lines += [
            Entry(gettext("Paid in local money"), _money(facts.local_amount, facts.local_currency)),
            Entry(
                gettext("Exchange rate"),
                gettext("1 EUR = %(rate)s %(currency)s, since %(day)s")
                % {
                    "rate": number_format(facts.per_euro.normalize()),
                    "currency": facts.local_currency,
                    "day": written(facts.rate_of),
                },
            ),
        ]
    return lines[:1] if facts.is_waived else lines


def _money(amount: Decimal, currency: str) -> str:
    return f"{number_format(amount, 2, force_grouping=True)} {currency}"
