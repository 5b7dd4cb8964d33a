"""What one may ask besides, what one is answered, and how it is refused."""

from dataclasses import dataclass

from django.utils.functional import Promise

from consular.core.errors import Refused
from consular.missions.models import Mission
from consular.routing.because import Because


@dataclass(frozen=True)
class Situation:
    """What may change the answer besides residence and nationality.

    `destination` is the Schengen state of the main destination (alpha-3), `present_in` the area where a
    person is staying who does not live there.
    """

    destination: str | None = None
    present_in: str | None = None


@dataclass(frozen=True)
class Responsible:
    """The mission that is responsible, where to hand in, who decides, for which state, and because of what.

    `represented_state` is the alpha-2 code of the state on whose behalf the decision is taken (Visa Code art.
    8). `is_uncertain` says that the row behind the answer still has to be confirmed by the mission.
    """

    mission: Mission
    intake: Mission
    deciding_office: Mission
    represented_state: str | None
    because: Because
    is_uncertain: bool = False


class NobodyResponsible(Refused):
    """No mission is responsible; the sentence says what to do instead."""

    def __init__(self, message: str | Promise, *, code: str = "nobody_responsible") -> None:
        super().__init__(message, code=code, field="residence", status=422)


class NotPrecise(Refused):
    """The place is divided between missions; `needed` says what has to be named: `state` or `county`.

    `field` is the part of the question that named the place: `residence` or `present_in`.
    """

    def __init__(self, message: str | Promise, *, area: str, needed: str, field: str) -> None:
        super().__init__(message, code=f"{needed}_needed", field=field, status=422)
        self.area = area
        self.needed = needed
