"""How every change of a calendar goes on the pages: propose, look at what it does, save exactly that."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from consular import casework
from consular.accounts.models import Role
from consular.appointments.models import Calendar
from consular.appointments.proposing import Proposal
from consular.casework.steering import STEERERS, Preview
from consular.core.errors import Refused
from consular.missions.models import Mission
from consular.missions.postings import Duties


@dataclass(frozen=True)
class Looked:
    """What a proposal would do; why it was not saved, or that it was."""

    preview: Preview | None
    refusal: Refused | None = None
    is_saved: bool = False

    @property
    def status(self) -> int:
        """What the page is answered with."""
        return self.refusal.status if self.refusal else 200


def look(request: HttpRequest, proposal: Proposal) -> Looked:
    """Save the proposal when the page showed what it does and asks to save; otherwise show what it would do."""
    refusal = None
    if "save" in request.POST:
        try:
            casework.change(proposal, request.POST.get("fingerprint", ""), actor=request.user)
        except Refused as refused:
            refusal = refused
        else:
            messages.success(
                request, _("The change is saved. Those who have to choose another time are being told.")
            )
            return Looked(None, is_saved=True)
    try:
        return Looked(casework.preview(proposal, actor=request.user), refusal)
    except Refused as refused:
        return Looked(None, refused)


def missions(held: Duties) -> frozenset[int] | None:
    """The missions whose calendars somebody may look at; None is all."""
    return None if held.everywhere else held.missions_with(Role)


def may_steer(held: Duties, mission: int) -> bool:
    """Whether somebody may change the calendars of a mission."""
    return any(held.has(role, mission) for role in STEERERS)


def calendar_of(request: HttpRequest, calendar_id: int) -> Calendar:
    """A calendar of one of the missions that one may look at; 404 for any other."""
    found = Calendar.objects.select_related("mission").filter(pk=min(calendar_id, 2**63 - 1)).first()
    seen = missions(request.duties)
    if found is None or (seen is not None and found.mission_id not in seen):
        raise Http404
    return found


def mission_of(request: HttpRequest, code: str) -> Mission:
    """A mission that one may look at; 404 for any other."""
    found = Mission.objects.filter(code=code.upper()).first()
    seen = missions(request.duties)
    if found is None or (seen is not None and found.pk not in seen):
        raise Http404
    return found
