"""How everything goes that a mission changes about itself: lock the mission, judge, write, keep what was so before.

For heads of section of the mission and administrators. The lock on the mission puts changes one after the other.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from consular.accounts.models import Role, User
from consular.core import clock
from consular.core.errors import Refused
from consular.missions import administered
from consular.missions.administered import State, Target
from consular.missions.changes import MissionChange, Subject
from consular.missions.models import Mission
from consular.missions.postings import Duties, duties

KEEPERS = frozenset({Role.HEAD_OF_SECTION, Role.ADMINISTRATOR})
"""Who keeps a mission's own data."""


@dataclass(frozen=True)
class Signed:
    """Who makes a change, who has agreed to it where two are wanted, and which change it undoes."""

    by: User
    agreed_by: User | None = None
    undoes: MissionChange | None = None


def may_keep(held: Duties, mission_id: int) -> bool:
    """Whether somebody with these duties changes what a mission sets for itself."""
    return any(held.has(role, mission_id) for role in KEEPERS)


def locked(mission_id: int, actor: User) -> Mission:
    """The mission, locked, for one who may change it; 404 where there is none, 403 for everybody else."""
    mission = Mission.objects.select_for_update().filter(pk=mission_id).first()
    if mission is None:
        raise Refused(_("There is no such mission."), code="not_found", status=404)
    if not may_keep(duties(actor), mission.pk):
        raise Refused(
            _("Only a head of section of the mission, or an administrator, can do this."),
            code="forbidden",
            status=403,
        )
    return mission


def change(
    target: Target, edit: Callable[[State], State], signed: Signed, seen: str = ""
) -> MissionChange | None:
    """Write down and make a change; None where nothing would be other than it is. The mission is locked.

    Refused (409) with `changed` when what stands is not what was `seen` any more (a mark of administered.mark).
    """
    before = administered.state_of(target)
    if seen and administered.mark(before) != seen:
        raise Refused(
            _("Somebody has changed this in the meantime. Look at it again, and save again."), code="changed"
        )
    wanted = administered.tidy(edit(before))
    if wanted == before:
        return None
    administered.write(target, wanted)
    return MissionChange.objects.create(
        mission_id=target.mission,
        subject=target.subject,
        about=target.about,
        before=before,
        after=administered.state_of(target),
        made_at=clock.now(),
        made_by=signed.by,
        agreed_by=signed.agreed_by,
        undoes=signed.undoes,
    )


def undoable(change_id: int, actor: User) -> tuple[MissionChange, Target]:
    """A change that can be undone, its mission locked.

    Refused (409) when it was undone already, or something of it was changed afterwards.
    """
    made = MissionChange.objects.filter(pk=change_id).first()
    if made is None:
        raise Refused(_("There is no such change."), code="not_found", status=404)
    locked(made.mission_id, actor)
    target = Target(Subject(made.subject), made.mission_id, made.about)
    if MissionChange.objects.filter(undoes=made).exists() or administered.state_of(target) != made.after:
        raise Refused(
            _("This was undone already, or changed again afterwards. Undo the later change first."),
            code="changed",
        )
    return made, target
