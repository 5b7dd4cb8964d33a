"""What a member of staff may do where, today."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from consular.accounts.models import Role, User
from consular.core import clock
from consular.core.prepared import all_rows
from consular.missions.models import Mission, Posting

_DUTIES = """
SELECT mission_id, role FROM missions_posting
WHERE user_id = %(user)s AND starts_on <= %(day)s AND (ends_on IS NULL OR ends_on >= %(day)s)
"""


@dataclass(frozen=True)
class Duties:
    """The roles of one person on one day: at single missions, and everywhere (headquarters)."""

    at: frozenset[tuple[int, Role]] = frozenset()
    everywhere: frozenset[Role] = frozenset()

    def has(self, role: Role, mission_id: int | None) -> bool:
        """Whether the person holds `role` at that mission."""
        return role in self.everywhere or (mission_id, role) in self.at

    def missions_with(self, roles: Iterable[Role]) -> frozenset[int]:
        """The missions at which the person holds one of `roles` (roles held everywhere are not in here)."""
        wanted = frozenset(roles)
        return frozenset(mission for mission, role in self.at if role in wanted)

    @property
    def roles(self) -> frozenset[Role]:
        """All roles held anywhere."""
        return self.everywhere | {role for _, role in self.at}


def duties(user: User, on: date | None = None) -> Duties:
    """The duties of `user` on a day (default: today, UTC); one query, none for applicants."""
    if not user.is_official or not user.is_active:
        return Duties()
    rows = all_rows(_DUTIES, {"user": user.pk, "day": on or clock.today()})
    return Duties(
        at=frozenset((mission, Role(role)) for mission, role in rows if mission is not None),
        everywhere=frozenset(Role(role) for mission, role in rows if mission is None),
    )


def is_manned(mission: Mission, role: str) -> bool:
    """Whether anybody holds this role at the mission itself today."""
    return holders(mission, role, clock.today(mission.time_zone)).exists()


def holders(mission: Mission, role: str, on: date) -> QuerySet[User]:
    """Who holds this role at the mission itself on a day, without closed accounts."""
    posted = Posting.objects.valid_on(on).filter(mission=mission, role=role)
    return User.objects.filter(is_active=True, pk__in=posted.values("user"))
