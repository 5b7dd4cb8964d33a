"""Correcting answers of a sent application: some questions reopen, those that follow from them too, and no others."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from consular.formspec import showing
from consular.formspec.judging import judge
from consular.formspec.keeping import kept
from consular.formspec.model import Answers, Form, Problem
from consular.formspec.problems import problems

LEVELS = 20
"""More rounds of questions that lead to questions are no form any more."""


@dataclass(frozen=True)
class Reopened:
    """What may be answered anew: `questions` by id, and all answers as they stand with what was typed so far."""

    questions: frozenset[str]
    answers: Mapping[str, Any]


@dataclass(frozen=True)
class Difference:
    """One answer before and after, as people read it; empty where there is none."""

    label: str
    before: str
    after: str


def reopened(form: Form, before: Answers, typed: Answers, asked: Collection[str]) -> Reopened:
    """The questions that were asked for, and those that the corrections lead to.

    One is led to when it was not shown before, or when the corrections make its answer wrong that was right.
    `typed` may hold answers to other questions: they do not count.
    """
    questions = frozenset(asked) & {question.id for question in form.questions}
    for _ in range(LEVELS):
        answers = _together(before, typed, questions)
        more = questions | _led_to(form, before, answers)
        if more == questions:
            break
        questions = more
    return Reopened(questions, _together(before, typed, questions))


def wrong(form: Form, found: Reopened) -> list[Problem]:
    """What is missing or wrong with the questions that reopened; nothing is said about any other."""
    return [problem for problem in problems(form, found.answers) if root(problem.question) in found.questions]


def corrected(form: Form, before: Answers, found: Reopened) -> dict[str, Any]:
    """All answers with the corrections. An answer that is not asked any more goes; all others stay as they were."""
    result = {}
    for judged in judge(form.questions, found.answers):
        name = judged.question.id
        stays = judged.is_shown and name not in found.questions
        answer = before.get(name) if stays else judged.answer
        if answer is not None:
            result[name] = answer
    return result


def changed(form: Form, before: Answers, after: Answers) -> tuple[str, ...]:
    """The questions whose answers differ, in the order of the form."""
    return tuple(q.id for q in form.questions if before.get(q.id) != after.get(q.id))


def differences(form: Form, before: Answers, after: Answers) -> list[Difference]:
    """What differs between two sets of answers, in the order of the form and the active language."""
    old, new = values(form, before), values(form, after)
    labels = {question.id: str(question.label) for question in form.questions}
    return [
        Difference(labels[name], old.get(name, ""), new.get(name, ""))
        for name in changed(form, before, after)
    ]


def values(form: Form, answers: Answers) -> dict[str, str]:
    """The answers as text by question; those of a group in one line."""
    found: dict[str, list[str]] = {}
    for page in showing.shown(form.pages, answers):
        for answer in page.answers:
            if answer.answered:
                name = root(answer.id)
                text = answer.value if name == answer.id else f"{answer.label}: {answer.value}"
                found.setdefault(name, []).append(text)
    return {name: "; ".join(texts) for name, texts in found.items()}


def to_keep(form: Form, found: Reopened, typed: Answers) -> dict[str, Any]:
    """What to keep of what was typed on a page: a value for each question, None where there is none."""
    stored = kept(form, {**found.answers, **typed})
    return {name: stored.get(name) for name in typed}


def shown(form: Form, answers: Answers) -> frozenset[str]:
    """The questions that are asked with these answers."""
    return frozenset(judged.question.id for judged in judge(form.questions, answers) if judged.is_shown)


def root(place: str) -> str:
    """The question a place within it belongs to: `children-0-name` is a part of `children`."""
    return place.partition("-")[0]


def _together(before: Answers, typed: Answers, questions: frozenset[str]) -> dict[str, Any]:
    counts = {name: answer for name, answer in typed.items() if name in questions}
    return {name: answer for name, answer in {**before, **counts}.items() if answer is not None}


def _led_to(form: Form, before: Answers, answers: Answers) -> frozenset[str]:
    return (shown(form, answers) - shown(form, before)) | (
        frozenset(_wrong(form, answers)) - frozenset(_wrong(form, before))
    )


def _wrong(form: Form, answers: Answers) -> Iterator[str]:
    return (root(problem.question) for problem in problems(form, answers))
