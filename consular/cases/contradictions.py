"""What does not fit together among the answers of a case: hints for an officer, who decides what they mean.

Rules of the Visa Code are judged by the answers as they stand; what the form refuses at once can come true later.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, Final

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consular.formspec import Form
from consular.travel import agreement, comparing, mrz, stays, transliteration
from consular.travel.comparing import Agreement

PASSPORT_MONTHS: Final = 3
PASSPORT_YEARS: Final = 10
Answers = Mapping[str, Any]


@dataclass(frozen=True)
class Hint:
    """One thing that does not fit: a sentence, its legal basis if it has one, and the questions it is about."""

    sentence: str
    questions: tuple[str, ...]
    basis: str = ""


@dataclass(frozen=True)
class Days:
    """The answers that are full dates, the day the application was sent, and today at the mission."""

    answers: Answers
    sent_on: date
    today: date

    def of(self, question: str) -> date | None:
        """The date that was answered; None for a partial one, none, or something else."""
        written = self.answers.get(question)
        try:
            return date.fromisoformat(written) if isinstance(written, str) and len(written) == 10 else None
        except ValueError:
            return None


def found(form: Form, answers: Answers, *, sent_on: date, today: date) -> list[Hint]:
    """Everything that does not fit, in the order in which one would read it."""
    days = Days(answers, sent_on, today)
    return [*_names(form, answers, today), *_in_order(days), *_document(days), *_stay(days)]


_ORDER: tuple[tuple[str, str, str | Promise], ...] = (
    ("birth_date", "doc_issue_date", gettext_lazy("The travel document was issued before the birth.")),
    ("doc_issue_date", "doc_valid_until", gettext_lazy("The travel document expired before it was issued.")),
    ("arrival_date", "departure_date", gettext_lazy("The departure lies before the arrival.")),
    ("birth_date", "fingerprints_date", gettext_lazy("Fingerprints were given before the birth.")),
    ("birth_date", "married_on", gettext_lazy("The marriage lies before the birth.")),
    ("birth_date", "lost_on", gettext_lazy("The document was lost before the birth.")),
    ("birth_date", "child_birth_date", gettext_lazy("The child was born before the parent.")),
    ("birth_date", "acquired_on", gettext_lazy("Another nationality was acquired before the birth.")),
    (
        "departure_date",
        "residence_permit_until",
        gettext_lazy("The permit for the country of residence ends before the journey does."),
    ),
)
"""What cannot come later than what: earlier question, later question, what to say where it does."""


def _in_order(days: Days) -> Iterator[Hint]:
    for first, last, sentence in _ORDER:
        earlier, later = days.of(first), days.of(last)
        if earlier and later and later < earlier:
            yield Hint(str(sentence), (first, last))


def _document(days: Days) -> Iterator[Hint]:
    """The rules on travel documents (Visa Code art. 12), where somebody applies for a short stay."""
    issued, ends = days.of("doc_issue_date"), days.of("doc_valid_until")
    departure = days.of("departure_date")
    if departure and ends and ends < _months_after(departure, PASSPORT_MONTHS):
        yield Hint(
            _("The travel document is not valid for three months after the departure."),
            ("doc_valid_until", "departure_date"),
            _("Visa Code, Article 12(a)"),
        )
    if departure and days.answers.get("two_pages") is False:
        yield Hint(
            _("The travel document does not have two blank pages."),
            ("two_pages",),
            _("Visa Code, Article 12(b)"),
        )
    if departure and issued and _months_after(issued, 12 * PASSPORT_YEARS) < days.sent_on:
        yield Hint(
            _("The travel document was issued more than ten years before the application."),
            ("doc_issue_date",),
            _("Visa Code, Article 12(c)"),
        )
    if departure and ends and ends < days.today:
        yield Hint(_("The travel document has expired meanwhile."), ("doc_valid_until",))


def _stay(days: Days) -> Iterator[Hint]:
    """The planned stay beside the earlier ones (Schengen Borders Code art. 6(1))."""
    first, last = days.of("arrival_date"), days.of("departure_date")
    earlier = list(_earlier_stays(days.answers))
    for one, other in pairwise(sorted(earlier)):
        if other.first <= one.last:
            yield Hint(_("Two earlier stays overlap."), ("earlier_stays",))
            break
    if first and first < days.today:
        sentence = _("The journey should have begun on %(day)s.") % {"day": date_format(first)}
        yield Hint(sentence, ("arrival_date",))
    if not first or not last or last < first:
        return
    planned = stays.Stay(first, last)
    if any(stay.last >= first for stay in earlier):
        yield Hint(
            _("An earlier stay does not end before the planned one."), ("earlier_stays", "arrival_date")
        )
        return
    judged = stays.examine(earlier, planned).trip
    if not judged.fits:
        sentence = _("With the earlier stays there would be %(days)s days within 180, and 90 are allowed.")
        yield Hint(
            sentence % {"days": judged.used},
            ("arrival_date", "departure_date", "earlier_stays"),
            _("Visa Code, Article 21(4)"),
        )


def _earlier_stays(answers: Answers) -> Iterator[stays.Stay]:
    for each in answers.get("earlier_stays") or ():
        try:
            yield stays.Stay.of(each["stay_entry"], each["stay_exit"])
        except (KeyError, TypeError, ValueError):
            continue


def _names(form: Form, answers: Answers, today: date) -> Iterator[Hint]:
    """Names in two scripts beside each other, and everything beside the machine-readable zone."""
    for question in form.questions:
        own, spelled = (answers.get(each) for each in (question.latin_of, question.id))
        if isinstance(own, str) and isinstance(spelled, str) and _differ(own, spelled):
            sentence = _("The name in Latin letters is not the name in its own script.")
            yield Hint(sentence, (question.latin_of, question.id))
        zone = answers.get(question.id) if question.kind == "mrz" else None
        if isinstance(zone, str):
            yield from _beside(zone, question.id, answers, today)


def _differ(own: str, spelled: str) -> bool:
    return comparing.compare(own, transliteration.spell(spelled).text) == Agreement.DIFFERS


def _beside(zone: str, zone_id: str, answers: Answers, today: date) -> Iterator[Hint]:
    reading = mrz.read(zone, today)
    if not reading.valid:
        yield Hint(_("The machine-readable zone has a mistake."), (zone_id,))
    given = {field: as_zone(answers) for field, as_zone in _OF_ZONE.items()}
    for check in agreement.check(reading, given):
        if check.outcome == Agreement.DIFFERS:
            sentence = _("The machine-readable zone says something else: %(in_zone)s.") % {
                "in_zone": check.in_zone or "–"
            }
            yield Hint(sentence, (_QUESTIONS.get(check.field, check.field), zone_id))


def _answer(question: str) -> Callable[[Answers], str]:
    return lambda answers: str(answers.get(question) or "")


_SEX = {"female": "F", "male": "M", "F": "F", "M": "M"}
_QUESTIONS = {
    "document_number": "doc_number",
    "issuing_country": "doc_issued_by",
    "expiry_date": "doc_valid_until",
}
_OF_ZONE: Mapping[str, Callable[[Answers], str]] = {
    **{each: _answer(each) for each in ("surname", "given_names", "birth_date", "nationality")},
    **{field: _answer(question) for field, question in _QUESTIONS.items()},
    "sex": lambda answers: _SEX.get(str(answers.get("sex")), ""),
}


def _months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for number in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, number)
        except ValueError:
            continue
    raise AssertionError(months)
