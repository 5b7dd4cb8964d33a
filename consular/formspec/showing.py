"""Answers as people read them, in the active language."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from django.utils.translation import gettext as _

from consular.formspec import kinds
from consular.formspec.judging import Given, Judged, as_answer, judge
from consular.formspec.model import (
    NOT_APPLICABLE,
    Answer,
    Answers,
    Page,
    Question,
    ShownAnswer,
    ShownPage,
)
from consular.formspec.problems import before, entry_title, within


def shown(pages: Iterable[Page], answers: Answers) -> list[ShownPage]:
    """Each page with its questions that count and their answers; pages without any are left out."""
    result = []
    given = Given()
    walked: tuple[Question, ...] = ()
    for page in pages:
        if page.before != walked:  # not the page that follows: start again
            given = before(page, answers)
        walked = page.before + page.questions
        asked = as_shown(page, judge(page.questions, answers, given), given)
        if asked.answers:
            result.append(asked)
    return result


def as_shown(page: Page, questions: Iterable[Judged], given: Given) -> ShownPage:
    """A page whose questions were judged, with the answers that count."""
    entries = tuple(entry for judged in questions for entry in _entries(judged, given))
    return ShownPage(page.id, str(page.title), answers=entries)


def show(question: Question, answer: Answer) -> str:
    """One answer as text."""
    if answer == NOT_APPLICABLE:
        return _("Not applicable")
    return kinds.KINDS[question.kind].show(question, answer)


def lines(judged: Judged) -> tuple[ShownAnswer, ...]:
    """One question with its answer, a group with a line for each answer in it; nothing where there is no answer."""
    alone = replace(judged, question=replace(judged.question, derives=()))
    return tuple(_entries(alone, Given())) if judged.answer is not None else ()


def _entries(judged: Judged, given: Given) -> Iterator[ShownAnswer]:
    if not judged.is_shown:
        return
    if judged.question.kind == "group" and judged.answer is not None:
        yield from _of_group(judged.question, judged.answer, "", judged.question.id)
    else:
        yield _entry(judged.question, judged.answer, str(judged.question.label), judged.question.id)
    for derived in judged.question.derives:
        value = as_answer(given.context.get(derived.id))
        if derived.label and value is not None:
            question = Question(derived.id, derived.kind, derived.label, options=derived.options)
            yield _entry(question, value, str(derived.label), derived.id)


def _of_group(
    group: Question, entries: list[Answers], before_it: str, identifier: str
) -> Iterator[ShownAnswer]:
    """The answers of a group; each label says of which entry it is."""
    for index, entry in enumerate(entries):
        title = within(before_it, entry_title(group, index, alone=len(entries) == 1))
        for question in group.questions:
            here = f"{identifier}-{index}-{question.id}"
            if question.id in entry and question.kind == "group":
                yield from _of_group(question, entry[question.id], title, here)
            elif question.id in entry:
                yield _entry(question, entry[question.id], within(title, str(question.label)), here)


def _entry(question: Question, answer: Answer, label: str, identifier: str) -> ShownAnswer:
    answered = answer is not None
    value = show(question, answer) if answered else _("Not answered")
    return ShownAnswer(identifier, question.number, label, value, answered, question.kind)
