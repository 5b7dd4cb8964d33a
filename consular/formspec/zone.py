"""The machine-readable zone of a document as an answer: read, used to fill in other questions, compared with them.

Which questions a zone speaks about is told by their ids, the same in all services.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from consular.core import clock
from consular.formspec import kinds
from consular.formspec.judging import Given, after, judge
from consular.formspec.model import Answers, Form, Page, Question
from consular.travel import agreement, mrz, wording
from consular.travel.comparing import Agreement
from consular.travel.mrz import Fields, Reading

QUESTIONS: Mapping[str, str] = {
    "surname": "surname",
    "given_names": "given_names",
    "surname_latin": "surname",
    "given_names_latin": "given_names",
    "birth_date": "birth_date",
    "doc_number": "document_number",
    "nationality": "nationality",
    "doc_issued_by": "issuing_country",
    "sex": "sex",
    "doc_valid_until": "expiry_date",
}
"""Question id -> field of the zone; of two for one field the last one answered is compared: the Latin spelling."""

_OF_THE_DOCUMENT = frozenset({"document_number", "issuing_country", "expiry_date"})
"""Fields of which a visa has its own: they say nothing about the travel document it is in."""

_AS_THEY_STAND = frozenset({"surname", "given_names", "document_number"})
_SEX = {"F": ("female", "F"), "M": ("male", "M"), "X": ("unspecified", "other", "X")}


def filled(form: Form, answers: Answers) -> dict[str, Any]:
    """What a zone without a mistake says about questions that are not answered yet and take it as it is."""
    asked = [question for question in form.questions if question.kind == "mrz"]
    zone = next((answers[each.id] for each in asked if answers.get(each.id)), None)
    if not isinstance(zone, str):
        return {}
    reading = mrz.read(zone, clock.today())
    fields = reading.fields if reading.valid else None
    if fields is None:
        return {}
    found: dict[str, Any] = {}
    given = after(form.questions, answers)
    for question in form.questions:
        if QUESTIONS.get(question.id) in _told(reading) and kinds.is_blank(answers.get(question.id)):
            value = _value(question, fields)
            if any(
                each.answer is not None for each in judge([question], {question.id: value}, given.within())
            ):
                found[question.id] = value
    return found


def differences(page: Page, given: Given) -> Iterator[tuple[str, str]]:
    """Where the answers of a page and a zone do not agree: (question, sentence).

    Said at the question, or at the zone when it comes on a later page.
    """
    here = {question.id: question for question in page.questions}
    asked_for = (each for each in (*page.before, *page.questions) if each.kind == "mrz")
    zone = next((each for each in asked_for if isinstance(given.answers.get(each.id), str)), None)
    if zone is None:
        return
    asked = {each.id: each for each in (*page.before, *page.questions) if each.id in QUESTIONS}
    reading = mrz.read(given.answers[zone.id], clock.today())
    for identifier, check in _checks(reading, asked, given.answers):
        place = identifier if identifier in here else zone.id
        if place in here and check.outcome == Agreement.DIFFERS:
            yield place, _says(check, asked[identifier], is_elsewhere=place != identifier)


def _says(check: agreement.Check, question: Question, *, is_elsewhere: bool) -> str:
    """What the zone says instead; not at the question itself, it names the question."""
    if not check.in_zone and not is_elsewhere:
        return str(check.message)
    if not check.in_zone:
        sentence = _(
            "The lines of your document have no name for “%(question)s”. Please compare both with the document."
        )
    elif is_elsewhere:
        sentence = _(
            "This does not agree with your answer to “%(question)s”. The machine-readable zone of your document "
            "says: %(in_zone)s"
        )
    else:
        sentence = _("The machine-readable zone of your document says: %(in_zone)s")
    return sentence % {"question": question.label, "in_zone": _shown(check, question)}


def _shown(check: agreement.Check, question: Question) -> object:
    """What the zone says as an answer to the question would be written; names and numbers as they stand there."""
    if check.field in _AS_THEY_STAND:
        return wording.in_line(check.in_zone)
    answer = _word_for_sex(question, check.in_zone) if check.field == "sex" else check.in_zone
    return kinds.KINDS[question.kind].show(question, answer) if answer else check.in_zone


def _checks(
    reading: Reading, asked: Mapping[str, Question], answers: Answers
) -> Iterator[tuple[str, agreement.Check]]:
    said = (each for each in QUESTIONS if each in asked and (each in answers or not asked[each].latin_of))
    by_field = {QUESTIONS[each]: each for each in said}
    typed = {field: _as_field(field, answers.get(identifier)) for field, identifier in by_field.items()}
    for check in agreement.check(reading, typed):
        if check.field in _told(reading):
            yield by_field[check.field], check


def _told(reading: Reading) -> frozenset[str]:
    """The fields that say something about the person or the travel document."""
    known = frozenset(QUESTIONS.values())
    return known - _OF_THE_DOCUMENT if reading.format.startswith("MRV") else known


def _as_field(field: str, answer: object) -> str:
    """An answer as the zone would write it: sex as F, M or X."""
    text = answer if isinstance(answer, str) else ""
    if field == "sex":
        return next((letter for letter, words in _SEX.items() if text in words), "")
    return text


def _value(question: Question, fields: Fields) -> object:
    field = QUESTIONS[question.id]
    if field == "sex":
        return _word_for_sex(question, fields.sex)
    if field in ("nationality", "issuing_country"):
        return fields.nationality_country if field == "nationality" else fields.issuing_country
    return getattr(fields, field) or None


def _word_for_sex(question: Question, letter: str) -> str | None:
    options = {option.value for option in question.options}
    return next((word for word in _SEX.get(letter, ()) if word in options), None)
