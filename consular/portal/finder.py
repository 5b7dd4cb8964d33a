"""The finder: which mission, why, what to bring, what it costs, how long it takes. A page to bookmark."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from babel import Locale
from babel.numbers import format_currency
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from consular import fees, formspec, routing
from consular.core import clock
from consular.missions import areas
from consular.missions.models import Mission, ServiceGroup
from consular.missions.titles import title
from consular.portal.finder_form import FinderForm


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
    """What the page says once it knows enough."""

    service: str
    service_title: str
    residence: str
    nationality: str
    mission: str
    because: str
    is_uncertain: bool
    is_short_stay: bool
    facts: tuple[Line, ...]
    fees: tuple[Line, ...]
    documents: tuple[Item, ...]


@require_safe
def finder(request: HttpRequest) -> HttpResponse:
    """The questions and, once they are answered, the answer below them."""
    if not request.GET:
        return render(request, "portal/finder.html", {"form": FinderForm()})
    form = FinderForm(request.GET)
    answer, nobody = None, None
    if not form.is_valid() and not form.is_complete:
        form.forgive_unasked()
    elif form.is_valid():
        try:
            answer = _answer(form)
        except routing.NobodyResponsible as refusal:
            nobody = str(refusal.message)
    context = {
        "form": form,
        "answer": answer,
        "nobody": nobody,
        "asks_more": form.asks_more and not answer and not nobody,
    }
    return render(request, "portal/finder.html", context, status=422 if form.errors else 200)


def _answer(form: FinderForm) -> Answer | None:
    """The answer, or None while the form has to ask more. Raises NobodyResponsible."""
    service, nationality = form.cleaned_data["service"], form.cleaned_data["nationality"]
    residence: str | None = form.cleaned_data["country"]
    while residence:
        try:
            found = routing.responsible(service, nationality=nationality, residence=residence)
        except routing.NotPrecise as more:
            residence = form.narrow(more)
        else:
            return _told(formspec.latest(service), nationality, residence, found)
    return None


def _told(folder: formspec.Folder, nationality: str, residence: str, found: routing.Responsible) -> Answer:
    on = clock.today(found.mission.time_zone)
    facts = {
        "nationality": nationality,
        "residence_country": areas.alpha_3(areas.country_of(residence)),
    }
    return Answer(
        service=folder.service,
        service_title=str(folder.form.title),
        residence=residence,
        nationality=nationality,
        mission=title(found.mission),
        because=found.because.sentence,
        is_uncertain=found.is_uncertain,
        is_short_stay=folder.form.service_group == ServiceGroup.VISA_C,
        facts=tuple(_facts(folder, facts, found.mission, on)),
        fees=tuple(_fee_line(band) for band in _bands(folder.service, folder.version, nationality, on)),
        documents=tuple(
            Item(gettext(paper.label), gettext(paper.note), gettext(paper.basis))
            for paper in fees.documents(folder, facts, on)
        ),
    )


def _facts(folder: formspec.Folder, facts: dict[str, str], mission: Mission, on: date) -> list[Line]:
    names = Locale(_language()).languages
    spoken = gettext(", ").join(names.get(code, code) for code in mission.languages)
    lines = [Line(gettext("Languages at the mission"), spoken)]
    time = fees.duration(folder, facts, on)
    if time:
        days = {"usual": time.usual_days, "most": time.most_days}
        text = gettext("Calendar days until the decision: %(usual)s as a rule, %(most)s at most.") % days
        lines.append(Line(gettext("Expected time"), text))
    return lines


@lru_cache(maxsize=1024)
def _bands(service: str, version: int, nationality: str, on: date) -> tuple[fees.Band, ...]:
    """Twenty-six decisions, the same for everybody of a nationality on a day."""
    return fees.by_age(formspec.folder(service, version), {"nationality": nationality}, on)


def _fee_line(band: fees.Band) -> Line:
    ages = {"first": band.first, "last": band.last}
    if band.last is None:
        label = gettext("Age %(first)s and over") % ages if band.first else gettext("Every age")
    elif band.first == 0:
        label = gettext("Age up to %(last)s") % ages
    else:
        label = gettext("Age %(first)s to %(last)s") % ages
    if band.fee.waived:
        return Line(label, gettext("free of charge"))
    return Line(label, format_currency(band.fee.amount, band.fee.currency, locale=_language()))


def _language() -> str:
    return (get_language() or "en").partition("-")[0]
