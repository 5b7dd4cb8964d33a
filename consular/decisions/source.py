"""What a letter is made from, and what every letter says in its head."""

from dataclasses import dataclass
from datetime import date

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext

from consular.cases.models import Case
from consular.decisions.letter import Body, Version
from consular.decisions.models import Decision
from consular.formspec import Folder


@dataclass(frozen=True)
class Source:
    """What a letter is made from."""

    case: Case
    folder: Folder
    decision: Decision | None
    issued_on: date

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
    )


def decided(source: Source) -> Decision:
    """The decision behind the letter. Raises ValueError for a letter that needs one and has none."""
    if source.decision is None:
        raise ValueError("this letter needs a decision")
    return source.decision


def office(case: Case) -> str:
    """The mission as it signs: "Embassy in Accra", in the active language."""
    if case.mission is None:
        raise ValueError("a letter needs a mission")
    return gettext("%(kind)s in %(city)s") % {"kind": case.mission.get_kind_display(), "city": city(case)}


def city(case: Case) -> str:
    """The city of the mission in the active language."""
    return gettext(case.mission.city) if case.mission else ""


def written(day: date | None) -> str:
    """A day as it is written in the active language."""
    return date_format(day, "DATE_FORMAT") if day else ""
