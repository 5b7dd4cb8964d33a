"""Who is away, and until when."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from consular.accounts.models import User
from consular.core.errors import Refused
from consular.core.prepared import first_row
from consular.missions.models import Absence

_UNTIL = """
SELECT ends_on FROM missions_absence WHERE user_id = %(user)s AND %(day)s BETWEEN starts_on AND ends_on
"""


def of(user: User, day: date) -> Absence | None:
    """The absence of a person on a day; a day is that of the mission where they would work."""
    return Absence.objects.valid_on(day).filter(user=user).first()


def require_present(user: User, day: date, *, by: User) -> None:
    """Refused with `absent` when this person is away on that day; says until when."""
    away = first_row(_UNTIL, {"user": user.pk, "day": day})
    if away is None:
        return
    until = {"name": user.name, "day": date_format(away[0], "SHORT_DATE_FORMAT")}
    if user.pk == by.pk:
        sentence = _("You are entered as absent until %(day)s. If you are back, end your absence first.")
    else:
        sentence = _("%(name)s is absent until %(day)s. Choose somebody else.")
    raise Refused(sentence % until, code="absent")
