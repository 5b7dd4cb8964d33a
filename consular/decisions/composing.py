"""From a case to the values of a letter: what each kind says, in the languages its kind demands."""

import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.utils import translation
from django.utils.translation import gettext

from consular import formspec
from consular.cases.models import Case
from consular.decisions import notices
from consular.decisions.granting import grant
from consular.decisions.letter import Entry, Ground, Letter, Receipt, Refusal, Section, Version, plain
from consular.decisions.models import Kind
from consular.decisions.source import Source, city, decided, office, version, written
from consular.formspec import places

ANNEX_VI = Path(__file__).with_name("annex_vi.toml")

REFUSAL_LANGUAGES = ("de", "en")
"""The language of the deciding state and one other official language of the Union (Visa Code art. 32(2))."""


def compose(kind: str, source: Source, *, number: str, code: str) -> Letter:
    """The letter of this kind about a case. Raises ValueError for an unknown kind."""
    languages, said = KINDS[Kind(kind)]
    versions = []
    for language in languages(source.case):
        with translation.override(language):
            versions.append(said(source, language))
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
    body = Receipt(service=source.service, sections=sections, declarations=declarations)
    return version(source, language, gettext("Acknowledgement of your application"), body)


def _attested(item: Mapping[str, Any], texts: Mapping[str, str]) -> str:
    """The text of a declaration as it was stored, or that of its id in the pinned version of the form."""
    return str(item.get("text") or texts.get(item.get("id", ""), ""))


def _refusal(source: Source, language: str) -> Version:
    """L08: the standard form, with the grounds that were approved ticked."""
    decision, words = decided(source), _annex_vi()[language]
    parts = {
        "alerting_state": plain(places.label(decision.alerting_state)) or "—",
        "statement": plain(decision.statement).rstrip(". ") or "—",
    }
    grounds = tuple(
        Ground(number, _filled(text, parts), number in decision.grounds)
        for number, text in enumerate(words["grounds"], start=1)
    )
    body = Refusal(
        annex=words["annex"],
        addressee=_filled(words["addressee"], {"applicant": plain(source.case.applicant_name)}),
        authority=_filled(words["authority"], {"office": office(source.case)}),
        examined=_filled(words["examined"], {"reference": source.case.reference}),
        refused=words["refused"],
        based_on=words["based_on"],
        grounds=grounds,
        remarks_title=words["remarks_title"],
        remarks=plain(decision.remarks) or words["no_remarks"],
        appeal_title=words["appeal_title"],
        appeal=tuple(words["appeal"]),
        place_and_date=f"{city(source.case)}, {written(source.issued_on)}",
    )
    return version(source, language, words["title"], body)


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


def _own_and_german(case: Case) -> tuple[str, ...]:
    """The language of the application and German, which are one for some."""
    return tuple(dict.fromkeys((case.language, "de")))


def _refusals(case: Case) -> tuple[str, ...]:
    return REFUSAL_LANGUAGES


KINDS: Mapping[Kind, tuple[Callable[[Case], tuple[str, ...]], Callable[[Source, str], Version]]] = {
    Kind.L01: (_own, _receipt),
    Kind.L05: (_own_and_german, notices.returned),
    Kind.L06: (_own_and_german, notices.inadmissible),
    Kind.L07: (_own_and_german, notices.extension),
    Kind.L08: (_refusals, _refusal),
    Kind.L10: (_own, grant),
}
"""Per kind: the languages it is written in, and what it says in one of them."""
