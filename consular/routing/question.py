"""One question about responsibility."""

from dataclasses import dataclass
from datetime import date

from consular.missions import areas
from consular.missions.models import ServiceGroup


@dataclass(frozen=True)
class Situation:
    """What may change the answer besides residence and nationality.

    `destination` is the Schengen state of the main destination (alpha-3), `present_in` the area where a
    person is staying who does not live there.
    """

    destination: str | None = None
    present_in: str | None = None


@dataclass(frozen=True)
class Question:
    """Who asks about what, with codes in their one form: nationality alpha-3, residence as `areas.canonical`
    gives.
    """

    group: ServiceGroup
    nationality: str
    residence: str
    on: date
    situation: Situation


def in_words(text: str, **places: str) -> str:
    """A translated sentence with areas put into words."""
    return text % {name: areas.full_name(code) for name, code in places.items()}
