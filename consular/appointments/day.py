"""The appointments of one day at one mission, in order."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from consular.appointments.models import Booking, State
from consular.appointments.opening import moment
from consular.missions.models import Mission


@dataclass(frozen=True)
class Appointment:
    """One line of the day's list; moments in UTC."""

    starts_at: datetime
    ends_at: datetime
    reference: str
    case: str
    name: str


def of_day(mission: Mission, day: date) -> list[Appointment]:
    """The confirmed appointments of a local day, earliest first; one query."""
    zone = ZoneInfo(mission.time_zone)
    rows = (
        Booking.objects.filter(
            place__slot__calendar__mission=mission,
            place__slot__starts_at__gte=moment(day, time(0), zone),
            place__slot__starts_at__lt=moment(day + timedelta(days=1), time(0), zone),
            state__in=[State.CONFIRMED, State.PAST],
            case__isnull=False,
        )
        .order_by("place__slot__starts_at", "place__number")
        .values_list(
            "place__slot__starts_at",
            "place__slot__ends_at",
            "reference",
            "case__reference",
            "case__applicant_name",
        )
    )
    return [Appointment(*row) for row in rows]
