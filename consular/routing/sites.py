"""Who else takes applications for a mission: service providers and honorary consuls (Visa Code art. 42 and 43)."""

from django.db.models import Q

from consular.missions import areas
from consular.missions.models import IntakeSite
from consular.routing.answers import Responsible


def intake_sites(found: Responsible) -> tuple[IntakeSite, ...]:
    """The sites that take applications of the person who asked, on the day that was asked about."""
    here = Q(areas=[]) | Q(areas__overlap=list(areas.chain(found.area)))
    rows = IntakeSite.objects.valid_on(found.question.on).filter(
        here, mission=found.mission, service_groups__contains=[found.question.group]
    )
    return tuple(rows.order_by("-kind", "name", "city"))
