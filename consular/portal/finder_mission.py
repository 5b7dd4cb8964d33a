"""What a mission tells everybody itself: address, opening hours, and a word about the service."""

from collections.abc import Iterator
from dataclasses import dataclass

from babel import Locale
from django.utils.translation import get_language, gettext

from consular.missions import details
from consular.missions.details import Details, Texts


@dataclass(frozen=True)
class Said:
    """A heading, what is said, and in which language."""

    label: str
    value: str
    language: str


def said(told: Details, service: str) -> tuple[Said, ...]:
    """What there is to tell, in the reader's language where the mission has written it in that."""
    lines = list(_lines(gettext("Opening hours"), told.hours))
    if told.address:
        lines.insert(0, Said(gettext("Address"), told.address, ""))
    return (*lines, *_lines(gettext("Good to know here"), told.texts.get(service, {})))


def languages(told: Details) -> str:
    """The languages of a mission, in the reader's."""
    names = Locale((get_language() or "en").partition("-")[0]).languages
    return gettext(", ").join(names.get(code, code) for code in told.languages)


def _lines(label: str, texts: Texts) -> Iterator[Said]:
    reader = (get_language() or "en").partition("-")[0]
    text, language = details.spoken(texts, reader)
    if text:
        yield Said(label, text, "" if language == reader else language)
