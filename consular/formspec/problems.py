"""What is missing or wrong, and which answers count."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from consular.formspec import zone
from consular.formspec.judging import Given, Judged, after, as_answer, broken, judge
from consular.formspec.model import Answers, Declaration, Derived, Form, Page, Problem, Question


def problems(form: Form, answers: Answers) -> list[Problem]:
    """Everything that keeps the applicant's form from being sent, page by page, in the active language."""
    given = Given()
    return [problem for page in form.pages for problem in _of_page(page, answers, given)]


def page_problems(page: Page, answers: Answers) -> list[Problem]:
    """The same for one page; answers of earlier pages are used for its conditions, not judged."""
    return list(_of_page(page, answers, before(page, answers)))


def counted(form: Form, answers: Answers) -> dict[str, Any]:
    """The answers that count: tidy, of questions that are asked, and those with only one possible answer."""
    return after(form.questions, answers).answers


def page_answers(page: Page, answers: Answers) -> dict[str, Any]:
    """The answers of one page that count: tidy, of questions that are asked, and of nothing else."""
    judged = judge(page.questions, answers, before(page, answers))
    return {each.question.id: each.answer for each in judged if each.answer is not None}


def routing_values(page: Page, answers: Answers) -> dict[str, Any]:
    """The answers of a task that the process may see."""
    judged = judge(page.questions, answers, before(page, answers))
    return {
        each.question.id: each.answer for each in judged if each.question.routes and each.answer is not None
    }


def starting_values(form: Form, answers: Answers) -> dict[str, Any]:
    """What the process may see of the applicant's answers: those, and the derived values, that have `routes`."""
    return starting(form, after(form.questions, answers))


def starting(form: Form, given: Given) -> dict[str, Any]:
    """The same of what counts."""
    routed = {question.id for question in form.questions if question.routes}
    values = {name: answer for name, answer in given.answers.items() if name in routed}
    return values | {each.id: value for each, value in _derived(form, given) if each.routes}


def derived(form: Form, answers: Answers) -> dict[str, Any]:
    """The values computed from these answers, as answers of their kind; those without a result are left out."""
    return {each.id: value for each, value in _derived(form, after(form.questions, answers))}


def _derived(form: Form, given: Given) -> Iterable[tuple[Derived, Any]]:
    found = ((each, given.context.get(each.id)) for question in form.questions for each in question.derives)
    return ((each, as_answer(value)) for each, value in found if value is not None)


def declarations(form: Form, answers: Answers) -> tuple[Declaration, ...]:
    """The declarations that have to be attested with these answers."""
    given = after(form.questions, answers)
    return tuple(each for each in form.declarations if given.holds(each.show_when, otherwise=True))


def declarations_page(form: Form, answers: Answers) -> Page:
    """The declarations as one page of boxes to be ticked."""
    return boxes(declarations(form, answers))


def boxes(asked: Iterable[Declaration]) -> Page:
    """A page of boxes to be ticked."""
    questions = tuple(Question(each.id, "declaration", each.text, version=each.version) for each in asked)
    return Page("declarations", "", questions)


def before(page: Page, answers: Answers) -> Given:
    """What counts from the pages before this one."""
    return after(page.before, answers)


def contradictions(page: Page, given: Given) -> Iterable[tuple[str, str]]:
    """Where answers of a page break a rule, or say something else than the zone of the document."""
    yield from broken(page.rules, given)
    yield from zone.differences(page, given)


def label(judged: Judged, where: str = "") -> str:
    """What a question is called; within a group with the entry that is meant: "Child, no. 2: Name"."""
    number, _dash, rest = where.partition("-")
    inner, _dash, deeper = rest.partition("-")
    for part in judged.entries.get(int(number), ()) if number else ():
        if part.question.id == inner:
            entry = entry_title(judged.question, int(number))
            return within(entry, label(part, deeper))
    return str(judged.question.label)


def within(outer: str, inner: str) -> str:
    """What a question or an entry is called within the entry around it; "" where there is none around it."""
    return _("%(group)s: %(question)s") % {"group": outer, "question": inner} if outer else inner


def entry_title(group: Question, index: int, *, alone: bool = False) -> str:
    """The heading of one entry of a group; it has a number unless there is and can be no other."""
    if group.repeat < 2 or alone:
        return str(group.label)
    return _("%(group)s, no. %(number)s") % {"group": group.label, "number": index + 1}


def _of_page(page: Page, answers: Answers, given: Given) -> Iterable[Problem]:
    yield from said_of(page, tuple(judge(page.questions, answers, given)), given)


def said_of(page: Page, judged: Iterable[Judged], given: Given) -> Iterable[Problem]:
    """What is wrong with a page whose questions were judged; `given` is what counts with it."""
    labels = {}
    for each in judged:
        labels[each.question.id] = each.question.label
        for where, message in each.wrong.items():
            yield Problem(page.id, each.place(where), message, label(each, where))
    for question, message in contradictions(page, given):
        yield Problem(page.id, question, message, str(labels[question]))
