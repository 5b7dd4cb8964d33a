"""From a case to the values of a letter: what each kind says, in the languages its kind demands."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext

from consular import formspec
from consular.cases.models import Case
from consular.decisions.letter import (
    Entry,
    Grant,
    Ground,
    Letter,
    Receipt,
    Refusal,
    Section,
    Version,
    plain,
)
from consular.decisions.models import Decision, Kind
from consular.formspec import Folder, places

ANNEX_VI = Path(__file__).with_name("annex_vi.toml")

REFUSAL_LANGUAGES = ("de", "en")
"""The language of the deciding state and one other official language of the Union (Visa Code art. 32(2))."""


@dataclass(frozen=True)
class Source:
    """What a letter is made from."""

    case: Case
    folder: Folder
    decision: Decision | None
    issued_on: date


def compose(kind: str, source: Source, *, number: str, code: str) -> Letter:
    """The letter of this kind about a case. Raises ValueError for an unknown kind."""
    languages, version = KINDS[Kind(kind)]
    versions = []
    for language in languages(source.case):
        with translation.override(language):
            versions.append(version(source, language))
    return Letter(
        kind=kind,
        number=number,
        reference=source.case.reference,
        code=code,
        applicant=plain(source.case.applicant_name),
        versions=tuple(versions),
    )


def _receipt(source: Source, language: str) -> Version:
    """L01: all answers and declarations, sealed as they were seen."""
    case, form = source.case, source.folder.form
    sections = tuple(
        Section(plain(page.title), tuple(Entry(plain(a.label), plain(a.value)) for a in page.answers))
        for page in formspec.shown(form.pages, case.answers.data)
    )
    texts = {declaration.id: str(declaration.text) for declaration in form.declarations}
    declarations = tuple(plain(_attested(item, texts)) for item in case.answers.declarations)
    body = Receipt(service=str(form.title), sections=sections, declarations=declarations)
    return _version(source, language, gettext("Acknowledgement of your application"), body)


def _attested(item: Mapping[str, Any], texts: Mapping[str, str]) -> str:
    """The text of a declaration as it was stored, or that of its id in the pinned version of the form."""
    return str(item.get("text") or texts.get(item.get("id", ""), ""))


def _refusal(source: Source, language: str) -> Version:
    """L08: the standard form, with the grounds that were approved ticked."""
    decision, words = _decision(source), _annex_vi()[language]
    parts = {
        "alerting_state": plain(places.label(decision.alerting_state)) or "—",
        "statement": plain(decision.statement).rstrip(". ") or "—",
    }
    grounds = tuple(
        Ground(number, _filled(text, parts), number in decision.grounds)
        for number, text in enumerate(words["grounds"], start=1)
    )
    office = _office(source.case)
    body = Refusal(
        annex=words["annex"],
        addressee=_filled(words["addressee"], {"applicant": plain(source.case.applicant_name)}),
        authority=_filled(words["authority"], {"office": office}),
        examined=_filled(words["examined"], {"reference": source.case.reference}),
        refused=words["refused"],
        based_on=words["based_on"],
        grounds=grounds,
        remarks_title=words["remarks_title"],
        remarks=plain(decision.remarks) or words["no_remarks"],
        appeal_title=words["appeal_title"],
        appeal=tuple(words["appeal"]),
        place_and_date=f"{_city(source.case)}, {_day(source.issued_on)}",
    )
    return _version(source, language, words["title"], body)


def _grant(source: Source, language: str) -> Version:
    """L10: what the visa allows and how to collect it."""
    decision = _decision(source)
    body = Grant(
        service=str(source.folder.form.title),
        valid_from=_day(decision.valid_from),
        valid_until=_day(decision.valid_until),
        entries=decision.get_entries_display(),
        days=decision.days or 0,
        remarks=plain(decision.remarks),
    )
    return _version(source, language, gettext("Your visa has been granted"), body)


def _version(source: Source, language: str, title: str, body: Receipt | Refusal | Grant) -> Version:
    return Version(
        language=language,
        direction="rtl" if translation.get_language_bidi() else "ltr",
        title=title,
        office=_office(source.case),
        issued_on=_day(source.issued_on),
        body=body,
    )


def _decision(source: Source) -> Decision:
    """The decision behind the letter. Raises ValueError for a letter that needs one and has none."""
    if source.decision is None:
        raise ValueError("this letter needs a decision")
    return source.decision


def _office(case: Case) -> str:
    """The mission as it signs: "Embassy in Accra", in the active language."""
    if case.mission is None:
        raise ValueError("a letter needs a mission")
    return gettext("%(kind)s in %(city)s") % {"kind": case.mission.get_kind_display(), "city": _city(case)}


def _city(case: Case) -> str:
    return gettext(case.mission.city) if case.mission else ""


def _day(day: date | None) -> str:
    return date_format(day, "DATE_FORMAT") if day else ""


def _filled(text: str, values: Mapping[str, str]) -> str:
    """`text` with its {names} replaced once; what was typed is never read as a pattern."""
    for name in values:
        before, found, after = text.partition("{" + name + "}")
        if found:
            return before + values[name] + after
    return text


@cache
def _annex_vi() -> dict[str, Any]:
    return tomllib.loads(ANNEX_VI.read_text(encoding="utf-8"))


def _own(case: Case) -> tuple[str, ...]:
    return (case.language,)


def _refusals(case: Case) -> tuple[str, ...]:
    return REFUSAL_LANGUAGES


KINDS: Mapping[Kind, tuple[Callable[[Case], tuple[str, ...]], Callable[[Source, str], Version]]] = {
    Kind.L01: (_own, _receipt),
    Kind.L08: (_refusals, _refusal),
    Kind.L10: (_own, _grant),
}
"""Per kind: the languages it is written in, and what it says in one of them."""
