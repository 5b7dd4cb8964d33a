"""From a case to the values of a letter: what each letter says, in the languages its kind demands."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils import translation
from django.utils.translation import gettext

from consular import formspec
from consular.cases.models import Case
from consular.decisions import (
    annex_vi,
    consulting,
    data_protection,
    documents,
    local_texts,
    notices,
    orders,
    queueing,
    receipts,
    representing,
    requests,
)
from consular.decisions.bodies import Entry, Receipt, Section
from consular.decisions.choices import Kind
from consular.decisions.granting import grant
from consular.decisions.letter import Letter, Version, plain
from consular.decisions.source import Source, version


def compose(name: str, source: Source, *, number: str, code: str) -> Letter:
    """The letter of this name about a case. Raises ValueError for an unknown name."""
    how = composer(name)
    versions, told = [], local_texts.said(name, source)
    for language in how.languages(source.case):
        with translation.override(language):
            blocks = local_texts.blocks(name, source, language, told)
            versions.append(replace(how.says(source, language), blocks=blocks))
    return Letter(
        kind=how.kind,
        number=number,
        reference=source.case.reference,
        code=code,
        applicant=plain(source.case.applicant_name),
        versions=tuple(versions),
        name=name,
        last_day=source.last_day.isoformat() if source.last_day else "",
        representative=representing.name(source.case),
        about=source.about,
    )


def composer(name: str) -> "Composer":
    """How the letter of this name is written. Raises ValueError for an unknown name."""
    if name not in LETTERS:
        raise ValueError(f"there is no letter {name}")
    return LETTERS[name]


def _receipt(source: Source, language: str) -> Version:
    """L01: all answers and declarations, sealed as they were seen."""
    case, form = source.case, source.folder.form
    sections = tuple(
        Section(plain(page.title), tuple(Entry(plain(a.label), plain(a.value)) for a in page.answers))
        for page in formspec.shown(form.pages, case.answers.data)
    )
    texts = {declaration.id: str(declaration.text) for declaration in form.declarations}
    declarations = tuple(plain(_attested(item, texts)) for item in case.answers.declarations)
    body = Receipt(
        service=source.service,
        sections=sections + representing.sections(case),
        declarations=declarations + representing.declarations(case),
    )
    return version(source, language, gettext("Acknowledgement of your application"), body)


def _attested(item: Mapping[str, Any], texts: Mapping[str, str]) -> str:
    """The text of a declaration as it was stored, or that of its id in the pinned version of the form."""
    return str(item.get("text") or texts.get(item.get("id", ""), ""))


def _own(case: Case) -> tuple[str, ...]:
    return (case.language,)


def _own_and_german(case: Case) -> tuple[str, ...]:
    """The language of the application and German, which are one for some."""
    return tuple(dict.fromkeys((case.language, "de")))


def _german_and_own(case: Case) -> tuple[str, ...]:
    """German, whose text counts, and the language of the application as a courtesy."""
    return tuple(dict.fromkeys(("de", case.language)))


def _german(_case: Case) -> tuple[str, ...]:
    return ("de",)


def _of_annex_vi(_case: Case) -> tuple[str, ...]:
    return annex_vi.LANGUAGES


@dataclass(frozen=True)
class Composer:
    """How a letter is written: its kind, its languages, what it says in one of them.

    It says a decision (`decides`), or is written when somebody asks for it (`on_request`), or a process names it.
    """

    kind: Kind
    languages: Callable[[Case], tuple[str, ...]]
    says: Callable[[Source, str], Version]
    decides: bool = False
    on_request: bool = False


LETTERS: Mapping[str, Composer] = {
    "L01": Composer(Kind.L01, _own, _receipt),
    "L02": Composer(Kind.L02, _own, receipts.appointment, on_request=True),
    "L02.waiting": Composer(Kind.L02, _own, queueing.waiting, on_request=True),
    "L02.draw": Composer(Kind.L02, _own, queueing.draw, on_request=True),
    "L03": Composer(Kind.L03, receipts.languages_of_receipt, receipts.fee, on_request=True),
    "L04": Composer(Kind.L04, _own_and_german, requests.request),
    "L04.reminder": Composer(Kind.L04, _own_and_german, requests.reminder),
    "L04.hearing": Composer(Kind.L04, _own_and_german, requests.hearing),
    "L05": Composer(Kind.L05, _own_and_german, notices.returned),
    "L05.passport": Composer(Kind.L05, _own_and_german, notices.returned_by_passport_law),
    "L06": Composer(Kind.L06, _own_and_german, notices.inadmissible),
    "L07": Composer(Kind.L07, _own_and_german, notices.extension),
    "L08": Composer(Kind.L08, _of_annex_vi, annex_vi.notification, decides=True),
    "L09": Composer(Kind.L09, _german_and_own, orders.national, decides=True),
    "L10": Composer(Kind.L10, _own, grant, decides=True),
    "L11": Composer(Kind.L11, _own_and_german, notices.withdrawal),
    "L12": Composer(Kind.L12, _own_and_german, notices.transfer),
    "L13": Composer(Kind.L13, _german, consulting.request, on_request=True),
    "L14.ready": Composer(Kind.L14, _own, documents.ready),
    "L14.reminder": Composer(Kind.L14, _own, documents.reminder),
    "L14.loss": Composer(Kind.L14, _own_and_german, documents.loss),
    "L15": Composer(Kind.L15, _german, orders.passport, decides=True),
    "L15.travel_document": Composer(Kind.L15, _german_and_own, orders.travel_document, decides=True),
    "L16.notice": Composer(Kind.L16, _own, data_protection.notice, on_request=True),
    "L16.access": Composer(Kind.L16, _own, data_protection.access, on_request=True),
    "L16.rectification": Composer(Kind.L16, _own, data_protection.rectification, on_request=True),
    "L16.erasure": Composer(Kind.L16, _own, data_protection.erasure, on_request=True),
    "L17": Composer(Kind.L17, _own_and_german, data_protection.complaint, on_request=True),
}
"""All letters by the name that processes (property `letter`) and decisions.toml use: the kind, and which text of it."""

DECIDING = frozenset(name for name, how in LETTERS.items() if how.decides)
"""The letters that say a decision: decisions.toml names them, and `casework.issue` issues them."""

ON_REQUEST = frozenset(name for name, how in LETTERS.items() if how.on_request)
"""The letters that people ask for: `casework.on_request` has them written."""

AT_TASKS = frozenset({"L03"})
"""The letters on request that a task may name: they are written when it is completed, without anybody asking."""

WRITTEN = frozenset(LETTERS) - DECIDING - ON_REQUEST
"""The letters that a process names itself."""

WRITING = frozenset({"casework.write"})
"""The service steps that write the letter they name."""
