"""Answers of an earlier application that another form can take, question by question.

Two questions are the same when their id and kind are; of options only those count that there still are. What the
earlier application had hidden is not read, and what this form would not show or not accept is not offered.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from consular.core import clock
from consular.formspec import kinds
from consular.formspec.judging import Given, Judged, judge, value
from consular.formspec.model import (
    NOT_APPLICABLE,
    Answer,
    Answers,
    Form,
    Option,
    Page,
    Question,
    ShownAnswer,
)
from consular.formspec.problems import contradictions, counted
from consular.formspec.showing import lines

_UNTIL = ("_valid_until", "_until")
"""How the ids of days end until which a document is good; questions whose ids begin alike are about that document."""


@dataclass(frozen=True)
class Offer:
    """One answer that can be taken over. `present` is what this application says at the moment.

    `outdated` says what is no longer right about it, "" where nothing is known. `is_suggested`: it usually stays so.
    """

    page: Page
    question: Question
    shown: tuple[ShownAnswer, ...]
    present: tuple[ShownAnswer, ...]
    outdated: str
    is_suggested: bool


@dataclass(frozen=True)
class Earlier:
    """An earlier application: its form, its answers, and the day on which they were last saved."""

    form: Form
    answers: Answers
    day: date


def offers(form: Form, answers: Answers, earlier: Earlier) -> tuple[Offer, ...]:
    """What can be taken over into `answers`, in the order of the form; what says the same already is left out."""
    found = _candidates(form, earlier)
    together = {**answers, **found}
    said = dict(_outdated(form, together, found, earlier.day))
    present = {judged.question.id: judged for _page, judged in _walk(form, answers)}
    return tuple(
        _offer(page, judged, present[judged.question.id], answers, said.get(judged.question.id, ""))
        for page, judged in _walk(form, together)
        if judged.question.id in found and _fits(judged) and judged.answer != answers.get(judged.question.id)
    )


def _offer(page: Page, judged: Judged, present: Judged, answers: Answers, outdated: str) -> Offer:
    is_open = kinds.is_blank(answers.get(judged.question.id))
    return Offer(
        page,
        judged.question,
        lines(judged),
        lines(present),
        outdated,
        page.lasting and is_open and not outdated,
    )


def taken(form: Form, answers: Answers, earlier: Earlier, wanted: frozenset[str]) -> dict[str, Any]:
    """The wanted answers that this form shows and accepts together with those it has."""
    found = {name: answer for name, answer in _candidates(form, earlier).items() if name in wanted}
    while found:
        together = {**answers, **found}
        right = {
            judged.question.id: judged.answer for _page, judged in _walk(form, together) if _fits(judged)
        }
        if found.keys() <= right.keys():
            return {name: right[name] for name in found}
        found = {name: answer for name, answer in found.items() if name in right}
    return {}


def _fits(judged: Judged) -> bool:
    return judged.is_shown and judged.answer is not None


def _candidates(form: Form, earlier: Earlier) -> dict[str, Any]:
    """The earlier answers to questions of this form, as far as these can take them."""
    before = {question.id: question for question in earlier.form.questions}
    given = counted(earlier.form, earlier.answers)
    found = {
        question.id: _carried(question, before[question.id], given.get(question.id))
        for question in form.questions
        if question.id in before
    }
    return {name: answer for name, answer in found.items() if not kinds.is_blank(answer)}


def _carried(question: Question, before: Question, answer: Answer) -> Answer:
    """An answer as far as the question can take it; None for nothing."""
    if answer is None or question.kind != before.kind or question.kind == "declaration":
        return None
    if question.kind == "group":
        entries = [_entry(question, before, entry) for entry in answer]
        return [entry for entry in entries if entry][: question.repeat] or None
    if answer == NOT_APPLICABLE:
        return answer if question.not_applicable else None
    if question.options and kinds.KINDS[question.kind].several:
        return [choice for choice in answer if _has(question.options, choice)] or None
    return answer


def _entry(group: Question, before: Question, entry: Mapping[str, Answer]) -> dict[str, Answer]:
    asked = {question.id: question for question in before.questions}
    found = {
        question.id: _carried(question, asked[question.id], entry.get(question.id))
        for question in group.questions
        if question.id in asked
    }
    return {name: answer for name, answer in found.items() if answer is not None}


def _has(options: tuple[Option, ...], choice: str) -> bool:
    return any(option.value == choice for option in options)


def _walk(form: Form, answers: Answers) -> Iterator[tuple[Page, Judged]]:
    given = Given()
    for page in form.pages:
        for judged in judge(page.questions, answers, given):
            yield page, judged


def _outdated(
    form: Form, together: Answers, found: Mapping[str, Answer], day: date
) -> Iterator[tuple[str, str]]:
    """What is no longer right: a rule of the form is broken, a day has passed since, or it belongs to such a day."""
    said: dict[str, str] = {}
    given = Given()
    for page in form.pages:
        for judged in judge(page.questions, together, given):
            if judged.question.id in found and _has_passed(judged.question, judged.answer, day):
                said[judged.question.id] = _("This day has passed since then.")
        said |= {name: why for name, why in contradictions(page, given) if name in found}
    documents = [_document(name) for name in said if name.endswith(_UNTIL)]
    for name in found:
        if any(name == document or name.startswith(f"{document}_") for document in documents):
            yield name, _("This belongs to a document that is no longer valid.")
    yield from said.items()


def _has_passed(question: Question, answer: Answer, day: date) -> bool:
    """Whether a day that was still to come, or had just come, is over."""
    passed = value(question, answer) if question.kind == "date" else None
    return isinstance(passed, date) and day <= passed < clock.today()


def _document(name: str) -> str:
    """How the ids of the questions about a document begin, from that of the day until which it is good."""
    return next(name.removesuffix(end) for end in _UNTIL if name.endswith(end))
