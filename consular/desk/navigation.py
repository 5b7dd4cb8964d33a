"""What the desk offers on every page: places, and whose duties lead there."""

from collections.abc import Set
from dataclasses import dataclass
from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from consular.accounts.models import Role
from consular.cases.queue import SEES_TASKS


@dataclass(frozen=True)
class Place:
    """A page of the desk by the name of its address, and the roles it is offered to (None: to everybody).

    `also` is the name of a page below it.
    """

    name: str
    label: Promise | str
    roles: Set[Role] | None
    also: str = ""


PLACES = (
    Place("queue", _("Queue"), None),
    Place("search", _("Search"), SEES_TASKS),
    Place("appointments", _("Appointments"), {Role.SLOT_MANAGER, Role.INTAKE_CLERK, Role.HEAD_OF_SECTION}),
    Place("waiting", _("Waiting lists"), {Role.SLOT_MANAGER, Role.HEAD_OF_SECTION}),
    Place("calendars", _("Calendars"), {Role.SLOT_MANAGER, Role.HEAD_OF_SECTION, Role.AUDITOR}),
    Place("section", _("Section"), {Role.HEAD_OF_SECTION}),
    Place("watch", _("Watch"), {Role.HEAD_OF_SECTION}),
    Place("register", _("Letters"), {Role.HEAD_OF_SECTION, Role.DECIDER, Role.AUDITOR}),
    Place("second_looks", _("Second looks"), {Role.DECIDER, Role.AUDITOR}),
    Place("absences", _("Absences"), set(Role)),
    Place("missions", _("Mission"), {Role.HEAD_OF_SECTION, Role.ADMINISTRATOR}, also="mission"),
    Place("jobs", _("Jobs"), {Role.ADMINISTRATOR}),
    Place("previews", _("Forms"), {Role.ADMINISTRATOR}),
)
_NAMES = frozenset(name for place in PLACES for name in (place.name, place.also) if name)


def links(roles: frozenset[Role], here: str) -> SafeString:
    """The links of people with these roles, on the page of this name."""
    return _written(roles, here if here in _NAMES else "", get_language())


@lru_cache(maxsize=500)
def _written(roles: frozenset[Role], here: str, _language: str | None) -> SafeString:
    """Written once for all people with the same roles: there is nothing of a person in it."""
    offered = [place for place in PLACES if place.roles is None or place.roles & roles]
    return render_to_string("desk/places.html", {"places": offered, "here": here})
