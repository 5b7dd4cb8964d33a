"""What a letter is made from, and what every letter says in its head."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext

from consular.cases.models import Case
from consular.decisions.bodies import Body
from consular.decisions.facts import Facts
from consular.decisions.letter import Version
from consular.decisions.models import Decision, Letter
from consular.formspec import Folder
from consular.missions.models import Mission


@dataclass(frozen=True)
class Source:
    """What a letter is made from.

    `last_day` is the day until which the process waits for an answer, `replaced` the letter whose place it takes,
    `about` which appointment, fee, consultation or concern it is about, `facts` what is to be said of it.
    """

    case: Case
    folder: Folder
    decision: Decision | None
    issued_on: date
    last_day: date | None = None
    replaced: Letter | None = None
    about: str = ""
    facts: Facts | None = None

    @property
    def service(self) -> str:
        """The name of the service in the active language."""
        return str(self.folder.form.title)


def version(source: Source, language: str, title: str, body: Body) -> Version:
    """A letter's text with its head, in the language that is active."""
    return Version(
        language=language,
        direction="rtl" if translation.get_language_bidi() else "ltr",
        title=title,
        office=office(source.case),
        issued_on=written(source.issued_on),
        body=body,
        replaces=_replaces(source),
    )


def _replaces(source: Source) -> str:
    """Which letter this one takes the place of, if any."""
    if source.replaced is None:
        return ""
    sentence = gettext("This letter replaces our letter %(number)s of %(day)s, which no longer stands.")
    return sentence % {"number": source.replaced.number, "day": written(issued_on(source.replaced))}


def local_day(moment: datetime, case: Case) -> date:
    """The day of a moment at the mission of the case."""
    return moment.astimezone(ZoneInfo(case.mission.time_zone if case.mission else "UTC")).date()


def issued_on(letter: Letter) -> date:
    """The day that a letter bears: that at the mission which issued it, wherever its case is now."""
    return day_at(letter, letter.issued_at)


def day_at(letter: Letter, moment: datetime) -> date:
    """The day of a moment at the mission that issued a letter."""
    mission = letter.mission or letter.case.mission
    return moment.astimezone(ZoneInfo(mission.time_zone if mission else "UTC")).date()


def decided(source: Source) -> Decision:
    """The decision behind the letter. Raises ValueError for a letter that needs one and has none."""
    if source.decision is None:
        raise ValueError("this letter needs a decision")
    return source.decision


def decided_on(source: Source) -> date:
    """The day of the decision at the mission: the law of that day counts, also where the letter is made anew later."""
    approved_at = decided(source).approved_at
    return local_day(approved_at, source.case) if approved_at else source.issued_on


def office(case: Case) -> str:
    """The mission as it signs: "Embassy in Accra", in the active language."""
    if case.mission is None:
        raise ValueError("a letter needs a mission")
    return office_of(case.mission)


def office_of(mission: Mission) -> str:
    """A mission as it signs, in the active language."""
    return gettext("%(kind)s in %(city)s") % {
        "kind": mission.get_kind_display(),
        "city": gettext(mission.city),
    }


def city(case: Case) -> str:
    """The city of the mission in the active language."""
    return gettext(case.mission.city) if case.mission else ""


def written(day: date | None) -> str:
    """A day as it is written in the active language."""
    return date_format(day, "DATE_FORMAT") if day else ""
