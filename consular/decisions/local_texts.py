"""What a mission says of itself in letters: when it is open, how to collect, what to know of a service.

The same dated texts as the finder tells; the administration of a mission keeps them. A text that is not there in the
language of the letter is printed in one the mission has written it in, and marked as such.
"""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from django.utils.translation import gettext

from consular.decisions.facts import Booked
from consular.decisions.letter import plain
from consular.decisions.lines import Block
from consular.decisions.source import Source
from consular.missions import details
from consular.missions.details import Details, Texts

HOURS, COLLECT, SERVICE = "hours", "collect", "service"
PRINTED: Mapping[str, tuple[str, ...]] = {
    "L01": (SERVICE,),
    "L02": (HOURS, SERVICE),
    "L02.waiting": (SERVICE,),
    "L10": (COLLECT, HOURS),
    "L14.ready": (COLLECT, HOURS),
    "L14.reminder": (COLLECT, HOURS),
}
"""Which of them each letter prints, in this order."""


def said(name: str, source: Source) -> Details | None:
    """What the mission says on the day of the letter, or that of the appointment it confirms; None where the letter
    prints none of it.
    """
    mission, day = source.case.mission, source.issued_on
    if isinstance(source.facts, Booked):
        mission = source.facts.mission or mission
        day = source.facts.starts_at.astimezone(ZoneInfo(mission.time_zone if mission else "UTC")).date()
    return details.of(mission, day) if mission is not None and name in PRINTED else None


def blocks(name: str, source: Source, language: str, told: Details | None) -> tuple[Block, ...]:
    """The blocks of a letter in the language that is active."""
    if told is None:
        return ()
    texts: dict[str, tuple[str, Texts]] = {
        HOURS: (gettext("Opening hours"), told.hours),
        COLLECT: (gettext("How to collect"), told.collect),
        SERVICE: (gettext("Notes of the mission"), told.texts.get(source.case.service, {})),
    }
    found = ((texts[part][0], *details.spoken(texts[part][1], language)) for part in PRINTED[name])
    return tuple(Block(title, plain(text), spoken) for title, text, spoken in found if text)
