"""The sheet of a day: everything a counter needs when the line is down, signed with the ministry's key.

Drawn before the line goes down, it says who comes when and with which code, has room for what happens, and shows by
its signature that nobody added a line. What is written on it is entered afterwards (`reconcile`).
"""

from datetime import date
from zoneinfo import ZoneInfo

from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from consular.accounts.models import User
from consular.appointments import day as days
from consular.casework.attending import ATTENDANTS
from consular.core import clock
from consular.core.errors import Refused
from consular.decisions import pdf, signature
from consular.missions.models import Mission
from consular.missions.postings import duties
from consular.missions.titles import title


def day_sheet(mission: Mission, day: date, *, actor: User) -> bytes:
    """The signed PDF of a local day, in the active language. Refused (404) unless the actor attends at the mission."""
    held = duties(actor)
    if not any(held.has(role, mission.pk) for role in ATTENDANTS):
        raise Refused(_("There is no such mission, or it is not yours."), code="not_found", status=404)
    language = translation.get_language() or "en"
    context = {
        "language": language,
        "direction": "rtl" if translation.get_language_bidi() else "ltr",
        "mission": mission,
        "name": title(mission),
        "day": day,
        "drawn_at": clock.now(),
        "drawn_by": actor.name,
        "appointments": days.of_day(mission, day),
    }
    with timezone.override(ZoneInfo(mission.time_zone)):
        page = render_to_string("letters/day_sheet.html", context)
    return signature.sign(pdf.render(page))
