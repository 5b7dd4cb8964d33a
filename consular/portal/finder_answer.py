"""What the finder says once it knows enough: who, why, until when, for how much, with which documents, what else."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from babel.numbers import format_currency, format_decimal
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext

from consular import fees, formspec, routing
from consular.appointments import adjoining, calendars
from consular.appointments.distribution import Mode
from consular.cases import forecast
from consular.core import clock
from consular.missions import areas, details
from consular.missions.details import Details
from consular.missions.models import IntakeSite, Mission, ServiceGroup, SiteKind
from consular.missions.titles import title
from consular.portal import finder_mission, forecasting
from consular.portal.finder_mission import Said
from consular.portal.finder_situation import SituationForm, age_group

VISAS = frozenset({ServiceGroup.VISA_C, ServiceGroup.VISA_D})


@dataclass(frozen=True)
class Line:
    """A name and a value."""

    label: str
    value: str


@dataclass(frozen=True)
class Item:
    """One line of the checklist."""

    label: str
    note: str
    basis: str


@dataclass(frozen=True)
class Answer:
    """What the page says once it knows enough. `residence`, `nationality` and `present` (where they are, "" if the
    service does not ask and they did not say) go into the draft.
    """

    service: str
    service_title: str
    residence: str
    nationality: str
    present: str
    mission: str
    because: str
    change: str
    not_for_you: str
    is_uncertain: bool
    is_short_stay: bool
    at_mission: tuple[Said, ...]
    facts: tuple[Line, ...]
    fees: tuple[Line, ...]
    rate: str
    documents: tuple[Item, ...]
    appointment: str
    sites: tuple[Line, ...]
    site_notes: tuple[str, ...]
    elsewhere: str
    guest: str


def told(found: routing.Responsible, guest: routing.Responsible | None, situation: SituationForm) -> Answer:
    """Everything about a service at the responsible mission in this situation; `guest` is the mission where
    they are staying.
    """
    folder = situation.folder
    on = clock.today(found.mission.time_zone)
    group = found.question.group
    change = routing.upcoming(folder.service, found)
    sites = routing.intake_sites(found)
    said = details.of(found.mission, on)
    rate = fees.rate_of(found.mission, on, said)
    return Answer(
        service=folder.service,
        service_title=str(folder.form.title),
        residence=found.question.residence,
        nationality=found.question.nationality,
        present=found.question.situation.present_in
        or (found.area if group == ServiceGroup.CITIZEN_HELP else ""),
        mission=title(found.mission),
        because=found.because.sentence,
        change=change.because.sentence if change else "",
        not_for_you=_not_for(folder, found.question.nationality),
        is_uncertain=found.is_uncertain,
        is_short_stay=group == ServiceGroup.VISA_C,
        at_mission=finder_mission.said(said, folder.service),
        facts=tuple(_times(folder, situation, found.mission, said)),
        fees=tuple(_fees(folder, situation.facts, on, rate)),
        rate=_rate(rate) if rate else "",
        documents=tuple(_documents(folder, situation.facts, on)),
        appointment=_appointment(folder.service, found.mission),
        sites=tuple(_sites(sites)),
        site_notes=tuple(_site_notes(sites, folder, on)),
        elsewhere=_elsewhere(group),
        guest=guest.because.sentence if guest else "",
    )


def _not_for(folder: formspec.Folder, nationality: str) -> str:
    """What the form will say against this nationality, told before anybody fills it in; "" for nothing."""
    return next(
        (
            problem.message
            for page in folder.form.pages
            if any(question.id == "nationality" for question in page.questions)
            for problem in formspec.page_problems(page, {"nationality": nationality})
            if problem.question == "nationality"
        ),
        "",
    )


def _times(
    folder: formspec.Folder, situation: SituationForm, mission: Mission, said: Details
) -> Iterator[Line]:
    yield Line(gettext("Languages at the mission"), finder_mission.languages(said))
    time = fees.duration(folder, situation.facts, clock.today(mission.time_zone))
    if time:
        yield Line(gettext("Expected time"), forecasting.period(time))
    yield Line(
        gettext("How long it takes here now"), forecasting.here(forecast.here(mission, folder.service))
    )


def _documents(folder: formspec.Folder, facts: dict[str, Any], on: date) -> Iterator[Item]:
    for paper in fees.documents(folder, facts, on):
        yield Item(gettext(paper.label), gettext(paper.note), gettext(paper.basis))


def _fees(folder: formspec.Folder, facts: dict[str, Any], on: date, rate: fees.Rate | None) -> Iterator[Line]:
    """One fee where the age is known or does not matter, else one for each group of ages; none while it is open."""
    in_your_case = facts.get("age") is not None
    for price in fees.prices(fees.known(folder, facts, on), rate):
        label = gettext("In your case") if in_your_case else age_group(price.from_age, price.to_age)
        yield Line(label, _amount(price))


def _amount(price: fees.Price) -> str:
    if price.amount == 0:
        return gettext("free of charge")
    euro = format_currency(price.amount, price.currency, locale=_language())
    if price.local_amount is None:
        return euro
    local = format_currency(price.local_amount, price.local_currency or "", locale=_language())
    return gettext("%(euro)s (in local money %(local)s)") % {"euro": euro, "local": local}


def _rate(rate: fees.Rate) -> str:
    values = {
        "day": date_format(rate.since, "DATE_FORMAT"),
        "euro": format_currency(1, fees.EURO, locale=_language()),
        "local": f"{_exactly(rate.per_euro)} {rate.currency}",
    }
    sentence = (
        gettext("Local money at the missions' rate of %(day)s: %(euro)s is %(local)s, rounded up.") % values
    )
    if rate.is_uncertain:
        sentence += " " + gettext("This rate still has to be confirmed by the mission.")
    return sentence


def _exactly(number: Decimal) -> str:
    return format_decimal(number.normalize(), locale=_language(), decimal_quantization=False)


def _appointment(service: str, mission: Mission) -> str:
    calendar = calendars.of(mission, service)
    if calendar is None:
        return gettext(
            "This mission has no appointments to choose here for this service. Once you have sent your application, "
            "write to it on the page of your application to agree on a time."
        )
    if calendar.mode == Mode.LIST:
        return gettext(
            "This mission offers its times along a waiting list. You join it here, free of charge, once you have sent "
            "your application. Nobody can sell you an appointment."
        )
    if calendar.mode == Mode.DRAW:
        return gettext(
            "This mission draws who is offered a time. You register for the draw here, free of charge, once you have "
            "sent your application. Nobody can sell you an appointment."
        )
    sentence = gettext(
        "You choose a time at the mission here, free of charge, once you have sent your application. Nobody can sell "
        "you an appointment."
    )
    slots_each, now = calendars.slots_of(calendar, service), clock.now()
    free = adjoining.days(calendar, 1, slots_each, now=now)
    if free:
        when = gettext("The next free time at the moment is on %(day)s.")
        return f"{sentence} {when % {'day': date_format(free[0].day, 'DATE_FORMAT')}}"
    none = gettext("At the moment there are no free times; new ones are added again and again.")
    return f"{sentence} {none}"


def _sites(sites: Sequence[IntakeSite]) -> Iterator[Line]:
    """Those of one provider together."""
    for label, group in groupby(sites, key=lambda site: site.name or site.get_kind_display()):
        yield Line(
            label, gettext(", ").join(sorted((gettext(site.city) for site in group), key=areas.sort_key))
        )


def _site_notes(sites: Sequence[IntakeSite], folder: formspec.Folder, on: date) -> Iterator[str]:
    kinds = {site.kind for site in sites}
    if SiteKind.PROVIDER in kinds:
        yield gettext(
            "A service provider takes your documents and fingerprints and hands them on. It decides nothing and knows "
            "nothing about the decision."
        )
        if folder.form.service_group == ServiceGroup.VISA_C:
            most = fees.due(folder, {}, on).amount / 2
            amount = {"amount": format_currency(most, fees.EURO, locale=_language())}
            yield gettext("It may charge %(amount)s at most for itself, on top of the visa fee.") % amount
    if SiteKind.HONORARY_CONSUL in kinds:
        yield gettext(
            "An honorary consul may take your application and hand it on, for an additional fee. Ask first."
        )
    if any(site.uncertain for site in sites):
        yield gettext("These places still have to be confirmed by the mission.")


def _elsewhere(group: ServiceGroup) -> str:
    if group in VISAS:
        return gettext(
            "The mission where you live takes your application. A mission in another country where you are staying "
            "lawfully may take it if you explain why you cannot apply where you live. What counts is the day on which "
            "you hand in your application."
        )
    if group == ServiceGroup.CITIZEN_HELP:
        return gettext("In an emergency every mission helps: go to the one where you are staying now.")
    if group == ServiceGroup.PASSPORT_ID:
        return gettext(
            "If you have no residence abroad, the mission where you are staying is responsible. Every other mission "
            "needs a good reason and the consent of the responsible one, and it charges more."
        )
    return gettext("Every other mission may help you as well; ask it first.")


def _language() -> str:
    return (get_language() or "en").partition("-")[0]
