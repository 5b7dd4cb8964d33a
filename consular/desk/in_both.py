"""The answers of a case in the officer's language, beside them the words in which the applicant was asked."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import get_language, get_language_info

from consular import formspec
from consular.cases.models import Case

TYPED = frozenset({"text", "long_text"})
"""Questions that are answered in one's own words."""

CHOSEN = frozenset({"choice", "choices"})
"""Questions whose answer was read in the applicant's language when it was chosen."""


@dataclass(frozen=True)
class Answer:
    """One answer. `own_label` and `own_value` are in the applicant's language, "" where it is the officer's, too."""

    id: str
    number: str
    label: str
    value: str
    is_typed: bool
    own_label: str = ""
    own_value: str = ""
    language: str = ""
    direction: str = ""


@dataclass(frozen=True)
class Answered:
    """One page of the form with what was answered."""

    title: str
    answers: tuple[Answer, ...]


def answered(folder: formspec.Folder, case: Case) -> list[Answered]:
    """The pages with what was answered; what was not would only be in the way."""
    pages = formspec.shown(folder.form.pages, case.answers.data)
    is_alike = case.language == get_language()
    own = {} if is_alike else _by_id(_asked_in(case.language, folder, case))
    side = "rtl" if get_language_info(case.language)["bidi"] else "ltr"
    return [
        Answered(
            page.title,
            tuple(
                _beside(each, own[each.id], case.language, side) if each.id in own else _alone(each)
                for each in page.answers
                if each.answered
            ),
        )
        for page in pages
    ]


def _asked_in(language: str, folder: formspec.Folder, case: Case) -> list[formspec.ShownPage]:
    with translation.override(language):
        return formspec.shown(folder.form.pages, case.answers.data)


def _by_id(pages: Iterable[formspec.ShownPage]) -> dict[str, formspec.ShownAnswer]:
    return {answer.id: answer for page in pages for answer in page.answers}


def _alone(shown: formspec.ShownAnswer) -> Answer:
    return Answer(shown.id, shown.number, shown.label, shown.value, shown.kind in TYPED)


def _beside(shown: formspec.ShownAnswer, own: formspec.ShownAnswer, language: str, side: str) -> Answer:
    value = own.value if shown.kind in CHOSEN and own.value != shown.value else ""
    label = own.label if own.label != shown.label else ""
    is_typed = shown.kind in TYPED
    return Answer(shown.id, shown.number, shown.label, shown.value, is_typed, label, value, language, side)
