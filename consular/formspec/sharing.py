"""What people of one journey answer together, and what another person is asked to agree to. No database."""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from consular.formspec.judging import after, judge
from consular.formspec.model import Answer, Answers, Consent, Form, Question, ShownAnswer
from consular.formspec.showing import shown


def shared(form: Form) -> frozenset[str]:
    """The questions that all persons of a journey answer together."""
    return frozenset(question.id for question in form.questions if question.shared)


def taken_together(form: Form, answers: Answers) -> dict[str, Any]:
    """Those of the answers that the form shares and that its questions can take; None stays: nobody answers any more.

    Persons of one journey may apply for different things, and a choice of one form need not be one of another.
    """
    asked = {question.id: question for question in form.questions if question.shared}
    return {name: answer for name, answer in answers.items() if name in asked and _takes(asked[name], answer)}


def _takes(question: Question, answer: Answer) -> bool:
    if answer is None or not question.options:
        return True
    values = {option.value for option in question.options}
    return values.issuperset(answer if isinstance(answer, list) else [str(answer)])


def asked_together(form: Form, answers: Answers) -> frozenset[str]:
    """Those of them that are asked of this person: what is hidden here says nothing about the others."""
    judged = judge(form.questions, answers)
    return frozenset(each.question.id for each in judged if each.question.shared and each.is_shown)


def asked_consent(form: Form, answers: Answers) -> Consent | None:
    """What another person has to agree to with these answers; None when nobody has."""
    if form.consent is None:
        return None
    given = after(form.questions, answers, form.consent.needed.names)
    return form.consent if given.holds(form.consent.needed, otherwise=False) else None


def consented(form: Form, answers: Answers) -> list[ShownAnswer]:
    """The answers that another person sees before they agree: those the form marks, and no others."""
    ids = {question.id for question in _marked(form)}
    pages = shown(form.pages, answers)
    found = (answer for page in pages for answer in page.answers if answer.answered)
    return [answer for answer in found if answer.id.partition("-")[0] in ids]


def consent_hash(form: Form, answers: Answers) -> str:
    """Tells whether somebody agreed to what the answers say now (SHA-256 of what counts of the marked ones)."""
    counted = after(form.questions, answers).answers
    said: dict[str, Any] = {question.id: counted.get(question.id) for question in _marked(form)}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _marked(form: Form) -> Iterable[Question]:
    return (question for question in form.questions if question.for_consent)
