"""What follows from earlier visas for the length of a new one (Visa Code art. 24(2)), in words for the officer.

It proposes and decides nothing. Only visas are counted that this service granted to the same person in the same
account; whether they were used lawfully, and what other states issued, the officer sees in the Visa Information System.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from psycopg.types.json import Jsonb

from consular.cases.models import Case
from consular.core import clock
from consular.core.prepared import all_rows
from consular.decisions.choices import Entries, State, VisaType
from consular.fees.cascade import Cascade, cascade
from consular.formspec.dates import as_date

TABLE = "cascade"
PERSON = ("surname", "given_names", "birth_date")
"""The answers by which two applications of one account are of the same person."""
WINDOW, LONG_WINDOW = 2, 3
"""The years back in which visas count, and in which those for two years do (Visa Code art. 24(2)(a) to (c))."""

RULES: Mapping[str, str | Promise] = {
    "one_year": _("Three visas were obtained in the last two years."),
    "two_years": _("A visa for multiple entries for one year was obtained in the last two years."),
    "five_years": _("A visa for multiple entries for two years was obtained in the last three years."),
}
"""Row of the table -> why it applies."""

UNKNOWN = _(
    "Visas of other states, and whether visas were used lawfully, are in the Visa Information System. With reasonable "
    "doubts that the conditions for entry will be met for the whole time, a shorter validity may be chosen (Visa Code, "
    "Article 24(2b))."
)


@dataclass(frozen=True)
class Visa:
    """An earlier visa: its first and last day, and whether it was for multiple entries."""

    first: date
    last: date
    is_multiple: bool


@dataclass(frozen=True)
class Proposed:
    """What the table answers, and the same in words: the visa, why, what was counted, and what it does not know."""

    answer: Cascade
    visa: str
    why: str
    counted: str
    unknown: str


def proposed(case: Case) -> Proposed | None:
    """The proposal for a case on this day at its mission; None where the service has no such table."""
    folder = case.folder
    if TABLE not in folder.tables:
        return None
    today = clock.today(case.mission.time_zone if case.mission else "UTC")
    counts = count(_earlier(case), today)
    answers = case.answers.data
    facts = {
        **counts,
        "has_doubts": False,
        "valid_from": _day(answers.get("arrival_date")),
        "doc_valid_until": _day(answers.get("doc_valid_until")),
    }
    answer = cascade(folder, facts, today)
    return Proposed(answer, _visa(answer), _why(answer), _counted(counts), str(UNKNOWN))


def count(visas: Iterable[Visa], today: date) -> dict[str, int]:
    """How many visas of each sort fall into the years that count: those that have begun and were valid in them."""
    found = [visa for visa in visas if visa.first <= today]
    recent = [visa for visa in found if visa.last >= _years_before(today, WINDOW)]
    longer = [visa for visa in found if visa.last >= _years_before(today, LONG_WINDOW)]
    return {
        "visas": len(recent),
        "one_year_visas": sum(visa.is_multiple and _years(visa) == 1 for visa in recent),
        "two_year_visas": sum(visa.is_multiple and _years(visa) >= 2 for visa in longer),
    }


def _earlier(case: Case) -> list[Visa]:
    """The uniform visas granted to this person in this account whose letter still stands."""
    answers = case.answers.data
    same = {part: answers[part] for part in PERSON if part in answers}
    whose = {"case": case.pk, "owner": case.owner_id, "person": Jsonb(same)}
    what = {"approved": State.APPROVED.value, "uniform": VisaType.UNIFORM.value}
    rows = all_rows(_GRANTED, {**whose, **what})
    return [Visa(first, last, entries == Entries.MULTIPLE) for first, last, entries in rows if first and last]


_GRANTED = """
SELECT DISTINCT d.valid_from, d.valid_until, d.entries
FROM cases_case c JOIN cases_answers a ON a.case_id = c.id JOIN decisions_decision d ON d.case_id = c.id
WHERE c.owner_id = %(owner)s AND c.id <> %(case)s AND a.data @> %(person)s
    AND d.state = %(approved)s AND d.visa_type = %(uniform)s
    AND EXISTS (SELECT FROM decisions_letter l WHERE l.decision_id = d.id
        AND NOT EXISTS (SELECT FROM decisions_supersession s WHERE s.letter_id = l.id))
"""


def _visa(answer: Cascade) -> str:
    if answer.years is None:
        return gettext("Nothing longer follows from earlier visas: the visa follows the application.")
    facts = {"years": answer.years, "until": date_format(answer.until) if answer.until else ""}
    if answer.until is None:
        words = ngettext(
            "A visa for multiple entries, valid for %(years)s year.",
            "A visa for multiple entries, valid for %(years)s years.",
            answer.years,
        )
    else:
        words = ngettext(
            "A visa for multiple entries, valid for %(years)s year, and no longer than until %(until)s.",
            "A visa for multiple entries, valid for %(years)s years, and no longer than until %(until)s.",
            answer.years,
        )
    return words % facts


def _why(answer: Cascade) -> str:
    reason, basis = str(RULES.get(answer.rule, "")), gettext(answer.basis) if answer.basis else ""
    return gettext("%(reason)s (%(basis)s)") % {"reason": reason, "basis": basis} if reason else basis


def _counted(counts: Mapping[str, int]) -> str:
    return (
        gettext(
            "Counted in this account: visas of the last two years: %(visas)s; for multiple entries for one year: "
            "%(one_year_visas)s; for two years or more, in the last three years: %(two_year_visas)s."
        )
        % counts
    )


def _day(written: str | None) -> date | None:
    return as_date(written) if written else None


def _years(visa: Visa) -> int:
    """Whole years of validity; both end days count."""
    end = visa.last + timedelta(days=1)
    return end.year - visa.first.year - ((end.month, end.day) < (visa.first.month, visa.first.day))


def _years_before(day: date, years: int) -> date:
    """The same day so many years before; of 29 February the last of the month."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)
