"""What missions are called."""

from django.utils.translation import gettext

from consular.missions.models import Mission, MissionKind


def title(mission: Mission) -> str:
    """The name of a mission as a heading, in the active language."""
    place = {"city": gettext(mission.city)}
    if mission.kind == MissionKind.EMBASSY:
        return gettext("Embassy in %(city)s") % place
    if mission.kind == MissionKind.CONSULATE_GENERAL:
        return gettext("Consulate General in %(city)s") % place
    if mission.kind == MissionKind.CONSULATE:
        return gettext("Consulate in %(city)s") % place
    return gettext("Back office in %(city)s") % place
