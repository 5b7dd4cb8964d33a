"""Who is responsible: competent state, special rules, district, temporary presence, or a refusal that helps.

Sources: Visa Code (Regulation (EC) 810/2009) art. 5, 6 and 8; Passport Act § 19(3). Another state's case is
refused before our own rules are asked, because a closed mission of ours says nothing about it.
"""

from dataclasses import replace
from datetime import date

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as N_

from consular import formspec
from consular.core import clock
from consular.missions import areas, gazetteer
from consular.missions.models import ALWAYS, District, ServiceGroup
from consular.routing import changes, districts, special, states
from consular.routing.answers import NobodyResponsible, NotPrecise, Responsible
from consular.routing.because import Because, about
from consular.routing.question import Question, Situation, in_words
from consular.rules.dmn import Definitions

VISAS = frozenset({ServiceGroup.VISA_C, ServiceGroup.VISA_D})
WHERE_ONE_IS = frozenset({ServiceGroup.CITIZEN_HELP})
"""Help in an emergency comes from where one is, wherever one lives."""
NOTHING_ELSE = Situation()
PRESENCE = "presence:"
"""How the rules begin by which somebody is helped where they are staying."""

DISTRICT = N_("You live in %(area)s. There, %(mission)s is responsible for this service.")
DISTRICT_SINCE = N_(
    "You live in %(area)s. Since %(since)s, %(mission)s has been responsible for this service there."
)
GUEST = N_(
    "You are staying in %(area)s without living there. As long as you are there, %(mission)s can help you."
)
GUEST_VISA = N_(
    "You are staying in %(area)s without living there. There, %(mission)s may take your application if you "
    "explain why you cannot apply where you live."
)


def responsible(
    service: str,
    *,
    nationality: str,
    residence: str,
    on: date | None = None,
    situation: Situation = NOTHING_ELSE,
) -> Responsible:
    """The mission responsible for a person on a day (default: today) and because of which rule.

    `service` is a service (`schengen_visa`) or a group of services (`passport_id`); `nationality` is ISO
    3166-1 alpha-3, `residence` an area as in `missions.areas`. Raises NobodyResponsible, NotPrecise when the
    area is divided between missions, areas.UnknownArea for codes that no list holds, formspec.NoSuchService.
    """
    group, table = _group_and_table(service)
    question = Question(
        group=group,
        nationality=areas.nationality(nationality),
        residence=areas.canonical(residence),
        on=on or clock.today(),
        situation=situation,
    )
    return resolve(question, table)


def upcoming(service: str, found: Responsible) -> changes.Change | None:
    """The next change after an answer, as far as districts and special rules say it today; None when there is none.

    `service` is what `responsible` was asked for.
    """
    table = _group_and_table(service)[1]
    for day in changes.days(found, table):
        try:
            then: Responsible | NobodyResponsible | NotPrecise = resolve(
                replace(found.question, on=day), table
            )
        except (NobodyResponsible, NotPrecise) as refusal:
            then = refusal
        change = changes.told(found, day, then)
        if change:
            return change
    return None


def as_guest(found: Responsible) -> Responsible | None:
    """Which mission may help where somebody is staying, besides the one that is responsible; None without another one.

    Raises NotPrecise when missions share that area.
    """
    if found.because.rule.startswith(PRESENCE) or not _is_elsewhere(found.question):
        return None
    try:
        guest = _as_guest(found.question, found.represented_state)
    except NobodyResponsible:
        return None
    return guest if guest.mission != found.mission else None


def resolve(question: Question, table: Definitions | None) -> Responsible:
    """Answer a question with the special rules of `table`, where the service has some."""
    represented = states.represented(question)
    if question.group in WHERE_ONE_IS and _is_elsewhere(question):
        return _as_guest(question, represented)
    exception = special.find(question, table, represented) if table else None
    if exception:
        return exception
    found = districts.find(question.group, question.residence, question.on)
    if found.district:
        because = _because(found.district, question.residence)
        return _answer(question, found, because, represented)
    return _as_guest(question, represented)


def _group_and_table(service: str) -> tuple[ServiceGroup, Definitions | None]:
    if service in ServiceGroup.values:
        return ServiceGroup(service), None
    folder = formspec.latest(service)
    return ServiceGroup(folder.form.service_group), folder.tables.get(special.DECISION)


def _is_elsewhere(question: Question) -> bool:
    """Whether somebody says that they are staying where they do not live."""
    present = question.situation.present_in or None
    return present is not None and areas.canonical(present, field="present_in") != question.residence


def _as_guest(question: Question, represented: str | None) -> Responsible:
    """The mission where a person is staying who lives where nobody is responsible (Visa Code art. 6(2))."""
    if not question.situation.present_in:
        raise _nobody(question)
    area = areas.canonical(question.situation.present_in, field="present_in")
    found = districts.find(question.group, area, question.on, field="present_in")
    if found.district is None:
        raise _nobody(question)
    message = GUEST_VISA if question.group in VISAS else GUEST
    params = about(found.district.mission, area=area)
    because = Because(PRESENCE + _rule(found.district), message, params)
    return _answer(question, found, because, represented)


def _answer(
    question: Question, found: districts.Found, because: Because, represented: str | None
) -> Responsible:
    if found.district is None:
        raise ValueError("nobody is responsible")
    mission, doubtful = found.district.mission, found.district.uncertain
    return Responsible(question, mission, mission, mission, represented, because, doubtful, found.days)


def _because(district: District, residence: str) -> Because:
    """Rows whose beginning nobody recorded claim no date."""
    params = about(district.mission, area=residence)
    if district.valid_from == ALWAYS:
        return Because(_rule(district), DISTRICT, params)
    dated = {**params, "since": district.valid_from.isoformat()}
    return Because(_rule(district), DISTRICT_SINCE, dated, district.valid_from)


def _rule(district: District) -> str:
    return f"district:{district.service_group}:{district.area}:{district.valid_from.isoformat()}"


def _nobody(question: Question) -> NobodyResponsible:
    if areas.country_of(question.residence) == gazetteer.HOME:
        text = gettext(
            "You live in %(area)s. Our missions work abroad: please ask the authorities of your town."
        )
        return NobodyResponsible(in_words(text, area=question.residence), code="lives_at_home")
    text = gettext(
        "None of our missions is responsible for this service for people who live in %(area)s. If you are "
        "staying elsewhere for some time, ask the mission there whether it can help you; otherwise write to "
        "our foreign ministry."
    )
    return NobodyResponsible(in_words(text, area=question.residence))
