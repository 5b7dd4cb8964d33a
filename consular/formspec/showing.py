"""Answers as people read them, in the active language."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from consular.formspec import kinds
from consular.formspec.judging import Given, Judged, judge
from consular.formspec.model import Answer, Answers, Page, Question, ShownAnswer, ShownPage
from consular.formspec.problems import before


def shown(pages: Iterable[Page], answers: Answers) -> list[ShownPage]:
    """Each page with its questions that count and their answers; pages without any are left out."""
    result = []
    given = Given()
    walked: tuple[Question, ...] = ()
    for page in pages:
        if page.before != walked:  # not the page that follows: start again
            given = before(page, answers)
        walked = page.before + page.questions
        entries = tuple(
            entry for judged in judge(page.questions, answers, given) for entry in _entries(judged)
        )
        if entries:
            result.append(ShownPage(page.id, str(page.title), answers=entries))
    return result


def show(question: Question, answer: Answer) -> str:
    """One answer as text."""
    return kinds.KINDS[question.kind].show(question, answer)


def _entries(judged: Judged) -> Iterator[ShownAnswer]:
    if not judged.is_shown:
        return
    if judged.question.kind == "group" and judged.answer is not None:
        yield from _of_group(judged)
    else:
        yield _entry(judged.question, judged.answer, str(judged.question.label), judged.question.id)


def _of_group(judged: Judged) -> Iterator[ShownAnswer]:
    group = judged.question
    for index, entry in enumerate(judged.answer):
        heading = str(group.label)
        if len(judged.answer) > 1:
            heading = _("%(group)s, no. %(number)s") % {"group": heading, "number": index + 1}
        for question in group.questions:
            if question.id in entry:
                label = _("%(group)s: %(question)s") % {"group": heading, "question": question.label}
                yield _entry(question, entry[question.id], label, f"{group.id}-{index}-{question.id}")


def _entry(question: Question, answer: Answer, label: str, identifier: str) -> ShownAnswer:
    answered = answer is not None
    value = show(question, answer) if answered else _("Not answered")
    return ShownAnswer(identifier, question.number, label, value, answered)
