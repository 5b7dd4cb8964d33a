"""What officers keep beside a case, read in one statement: flags, an unfinished note, who was and can be mentioned."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from consular.accounts.models import Kind, User
from consular.cases.models import READERS, Case
from consular.cases.teamwork import FlagKind, flag_kinds
from consular.core.prepared import all_rows

MOST_COLLEAGUES = 100


@dataclass(frozen=True)
class SetFlag:
    """A flag that is set: its kind, who set it, and when."""

    kind: FlagKind
    by: str
    at: datetime


@dataclass(frozen=True)
class Beside:
    """The flags of a case; the officer's own unfinished note; who was mentioned in which note; colleagues by number."""

    flags: tuple[SetFlag, ...]
    draft: str
    mentioned: Mapping[int, tuple[str, ...]]
    colleagues: Mapping[int, str]

    @property
    def unset(self) -> list[FlagKind]:
        """The flags that can still be set."""
        there = {flag.kind.id for flag in self.flags}
        return [kind for kind in flag_kinds().values() if kind.id not in there]


def of(case: Case, officer: User, day: date) -> Beside:
    """All of it for an officer; colleagues are those who may see the case on this day."""
    facts = {
        "case": case.pk,
        "officer": officer.pk,
        "mission": case.mission_id,
        "owner": case.owner_id,
        "roles": sorted(READERS),
        "staff": Kind.STAFF.value,
        "day": day,
        "most": MOST_COLLEAGUES,
    }
    found: dict[str, list[Any]] = {"flag": [], "draft": [], "mention": [], "colleague": []}
    for kind, *row in all_rows(_ALL, facts):
        found[kind].append(row)
    mentioned: dict[int, tuple[str, ...]] = {}
    for message, name, *_rest in found["mention"]:
        mentioned[message] = (*mentioned.get(message, ()), name)
    return Beside(
        tuple(SetFlag(_kind(kind), by, at) for _id, kind, by, at in found["flag"]),
        next((text for _id, text, *_rest in found["draft"]), ""),
        mentioned,
        {number: name for number, name, *_rest in found["colleague"]},
    )


def _kind(name: str) -> FlagKind:
    return flag_kinds().get(name) or FlagKind(name, name, "")


_ALL = """
(SELECT 'flag', f.id, f.kind, u.name, f.set_at FROM cases_flag f JOIN accounts_user u ON u.id = f.set_by_id
 WHERE f.case_id = %(case)s AND f.removed_at IS NULL ORDER BY f.set_at)
UNION ALL
(SELECT 'draft', id, text, '', saved_at FROM cases_notedraft WHERE case_id = %(case)s AND author_id = %(officer)s)
UNION ALL
(SELECT 'mention', m.message_id, u.name, '', m.at FROM cases_message n
 JOIN cases_mention m ON m.message_id = n.id JOIN accounts_user u ON u.id = m.to_id
 WHERE n.case_id = %(case)s ORDER BY u.name)
UNION ALL
(SELECT 'colleague', u.id, u.name, '', NULL FROM accounts_user u
 WHERE u.is_active AND u.kind = %(staff)s AND u.id <> %(officer)s
     AND u.person <> (SELECT person FROM accounts_user WHERE id = %(owner)s)
     AND EXISTS (SELECT FROM missions_posting p WHERE p.user_id = u.id AND p.mission_id = %(mission)s
         AND p.role = ANY(%(roles)s) AND p.starts_on <= %(day)s AND (p.ends_on IS NULL OR p.ends_on >= %(day)s))
 ORDER BY u.name, u.id LIMIT %(most)s)
"""
