"""A form for the eyes of its editors: with all conditions fulfilled, or with none."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from django.utils.translation import gettext_lazy as _

from consular.formspec.model import Form, Page, Question


@dataclass(frozen=True)
class Condition:
    """When a question is asked or needed; `path` names the groups around it as well."""

    path: str
    label: str
    kind: str
    show_when: str
    required_when: str


def page(of: Page, *, fulfilled: bool) -> Page:
    """The page as it looks when every condition is fulfilled, or when none is."""
    return replace(of, questions=_switched(of.questions, fulfilled=fulfilled), rules=(), before=())


def declarations(form: Form) -> Page:
    """What is confirmed when sending, and what the other parent agrees to, as one page."""
    asked = [
        Question(each.id, "declaration", each.text, version=each.version, show_when=each.show_when)
        for each in form.declarations
    ]
    if form.consent:
        text, needed = form.consent.text, form.consent.needed
        asked.append(Question("consent", "declaration", text, version=form.consent.version, show_when=needed))
    return Page("declarations", _("Declarations"), tuple(asked))


def conditions(of: Page) -> list[Condition]:
    """Every question of a page with its conditions."""
    return list(_conditions(of.questions, ""))


def _switched(questions: Iterable[Question], *, fulfilled: bool) -> tuple[Question, ...]:
    return tuple(
        replace(
            question,
            show_when=None,
            required_when=None,
            required=question.required or (fulfilled and question.required_when is not None),
            kind="text" if question.kind == "area" else question.kind,
            questions=_switched(question.questions, fulfilled=fulfilled),
            derives=(),
        )
        for question in questions
        if fulfilled or question.show_when is None
    )


def _conditions(questions: Iterable[Question], before: str) -> Iterator[Condition]:
    for question in questions:
        texts = [each.text if each else "" for each in (question.show_when, question.required_when)]
        yield Condition(f"{before}{question.id}", str(question.label), question.kind, *texts)
        yield from _conditions(question.questions, f"{before}{question.id}.")
