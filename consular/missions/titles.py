"""What missions are called."""

from django.utils.translation import gettext, pgettext

from consular.missions.models import Mission, MissionKind


def title(mission: Mission) -> str:
    """The name of a mission as a heading, in the active language."""
    place = {"city": gettext(mission.city)}
    if mission.kind == MissionKind.EMBASSY:
        return _placed(gettext("Embassy in %(city)s") % place)
    if mission.kind == MissionKind.CONSULATE_GENERAL:
        return _placed(gettext("Consulate General in %(city)s") % place)
    if mission.kind == MissionKind.CONSULATE:
        return _placed(gettext("Consulate in %(city)s") % place)
    if mission.kind == MissionKind.OFFICE:
        return _placed(gettext("Representative office in %(city)s") % place)
    return _placed(gettext("Back office in %(city)s") % place)


def as_subject(kind: str, city: str) -> str:
    """A mission as the subject of a sentence, in the active language; `city` is an English message."""
    place = {"city": gettext(city)}
    if kind == MissionKind.EMBASSY:
        return _placed(pgettext("subject of a sentence", "the Embassy in %(city)s") % place)
    if kind == MissionKind.CONSULATE_GENERAL:
        return _placed(pgettext("subject of a sentence", "the Consulate General in %(city)s") % place)
    if kind == MissionKind.CONSULATE:
        return _placed(pgettext("subject of a sentence", "the Consulate in %(city)s") % place)
    if kind == MissionKind.OFFICE:
        return _placed(pgettext("subject of a sentence", "the representative office in %(city)s") % place)
    return _placed(pgettext("subject of a sentence", "the back office in %(city)s") % place)


def _placed(text: str) -> str:
    """French contracts its preposition with the article of a city: “au Caire”."""
    return text.replace(" à Le ", " au ")
