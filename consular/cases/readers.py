"""Who has read a case, as its applicant is told: role, mission and purpose for each day, and never a name.

Taken from what is recorded anyway: the days on which an officer had the case open, the searches that showed it, the
documents that were opened, the copy for a court. All of it is kept for two years, searches to the end of the following
year.
"""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from consular.accounts.models import Role
from consular.cases.finding import Purpose
from consular.cases.models import Case
from consular.core.prepared import all_rows
from consular.missions.models import Mission
from consular.missions.titles import title

SHOWN = 200

WORK, FILES, COURT = "work", "files", "court"
PURPOSES = {
    WORK: _("Work on your case"),
    FILES: _("Looking at your documents"),
    COURT: _("Copy of the file for a court"),
    **{f"search.{value}": label for value, label in Purpose.choices},
}
"""Purpose -> what the applicant reads."""


@dataclass(frozen=True)
class Reading:
    """On one day somebody with this role read the case for this purpose."""

    day: date
    role: str
    mission: str
    purpose: str
    is_search: bool


def of(case: Case) -> list[Reading]:
    """The latest days first, one line for each officer, day and purpose."""
    rows = all_rows(_READ, {"case": case.pk, "mission": case.mission_id, "most": SHOWN})
    missions = Mission.objects.in_bulk({row[2] for row in rows if row[2]})
    return [
        Reading(
            day,
            str(Role(role).label) if role else str(_("Official")),
            title(missions[mission]) if mission in missions else str(_("Headquarters")),
            str(PURPOSES[purpose]),
            purpose.startswith("search."),
        )
        for day, role, mission, purpose in rows
    ]


_READ = """
WITH reads AS (
    SELECT day, by_id AS officer, 'work' AS purpose FROM cases_opening WHERE case_id = %(case)s
    UNION
    SELECT (at AT TIME ZONE 'UTC')::date, by_id, 'search.' || purpose FROM cases_search
    WHERE shown @> ARRAY[%(case)s]::bigint[]
    UNION
    SELECT (event.at AT TIME ZONE 'UTC')::date, event.actor_id,
        CASE event.kind WHEN 'file_exported' THEN 'court' ELSE 'files' END
    FROM cases_event event JOIN accounts_user actor ON actor.id = event.actor_id AND actor.kind = 'staff'
    WHERE event.case_id = %(case)s AND event.kind IN ('document_opened', 'file_exported')
        AND event.at >= now() - interval '730 days'
)
SELECT reads.day, coalesce(post.role, ''), post.mission_id, reads.purpose
FROM reads LEFT JOIN LATERAL (
    SELECT posting.role, posting.mission_id FROM missions_posting posting
    WHERE posting.user_id = reads.officer AND posting.starts_on <= reads.day
        AND (posting.ends_on IS NULL OR posting.ends_on >= reads.day)
    ORDER BY posting.mission_id IS DISTINCT FROM %(mission)s, posting.id LIMIT 1
) post ON true
ORDER BY reads.day DESC, post.mission_id, post.role, reads.purpose, reads.officer LIMIT %(most)s
"""
