"""Other cases of what may be the same person, with the reasons. Nothing follows from it by itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from consular.cases.lookup import visible_rows
from consular.cases.models import Case, CaseQuerySet
from consular.core.prepared import all_rows

MOST = 25
ALIKE = 0.5
"""How much two names have in common to be alike (`similarity` of pg_trgm, 0 to 1)."""


@dataclass(frozen=True)
class Related:
    """Another case, what it shares with this one, and whether that is enough to take it for the same person's."""

    reference: str
    name: str
    service: str
    phase: str
    outcome: str
    sent_at: datetime
    is_same_person: bool
    reasons: tuple[str, ...]


def of(case: Case, among: CaseQuerySet) -> list[Related]:
    """The cases `among` these that share a document, or name and day of birth nearly; the latest first."""
    visible, named = visible_rows(among.exclude(pk=case.pk))
    facts = {"case": case.pk, "alike": ALIKE, "most": MOST, **named}
    return [_related(row) for row in all_rows(_RELATED.format(visible=visible), facts)]


def _related(row: Sequence[object]) -> Related:
    reference, name, service, phase, outcome, sent_at, *shared = row
    same_document, same_birth, same_name = (bool(each) for each in shared)
    reasons = [
        (same_document, _("Same travel document")),
        (same_birth and same_name, _("Same name and date of birth")),
        (same_birth and not same_name and not same_document, _("Same date of birth and a similar name")),
        (
            same_name and not same_birth and not same_document,
            _("Same name and nearly the same date of birth"),
        ),
        (same_document and not same_birth, _("Another date of birth")),
        (same_document and not same_name, _("Another name")),
    ]
    return Related(
        str(reference),
        str(name),
        str(service),
        str(phase),
        str(outcome),
        sent_at,  # type: ignore[arg-type]
        is_same_person=same_birth and (same_document or same_name),
        reasons=tuple(text for holds, text in reasons if holds),
    )


_NEAR = """(substr(n.birth_date, 1, 4) = substr(mine.birth_date, 1, 4))::int
    + (substr(n.birth_date, 6, 2) IN (substr(mine.birth_date, 6, 2), substr(mine.birth_date, 9, 2)))::int
    + (substr(n.birth_date, 9, 2) IN (substr(mine.birth_date, 9, 2), substr(mine.birth_date, 6, 2)))::int >= 2"""
"""Two of year, month and day agree, month and day in any order."""
_RELATED = f"""
WITH mine AS (SELECT * FROM cases_searchname WHERE case_id = %(case)s),
shared AS (
    SELECT n.case_id, true AS document, n.birth_date = mine.birth_date AS birth, n.keys = mine.keys AS name
    FROM mine JOIN cases_searchname n ON n.document = mine.document
    UNION ALL
    SELECT n.case_id, false, true, n.latin = mine.latin AND n.keys = mine.keys
    FROM mine JOIN cases_searchname n ON n.birth_date = mine.birth_date
    WHERE mine.birth_date <> '' AND mine.keys <> '{{{{}}}}' AND n.keys && mine.keys
        AND (similarity(n.latin, mine.latin) >= %(alike)s OR n.keys = mine.keys)
    UNION ALL
    SELECT n.case_id, false, n.birth_date = mine.birth_date, true
    FROM mine JOIN cases_searchname n ON n.latin = mine.latin
    WHERE mine.latin <> '' AND mine.birth_date <> '' AND {_NEAR}
)
SELECT c.reference, c.applicant_name, c.service, c.phase, c.outcome, c.submitted_at,
    bool_or(document), bool_or(birth), bool_or(name)
FROM shared JOIN cases_case c ON c.id = shared.case_id
WHERE c.id IN ({{visible}}) GROUP BY c.id ORDER BY c.submitted_at DESC, c.id DESC LIMIT %(most)s
"""  # noqa: S608  all parts are constants of this file
