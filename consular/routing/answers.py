"""What one is answered, and how it is refused."""

from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise

from consular.core.errors import Refused
from consular.missions.models import Mission
from consular.routing.because import Because
from consular.routing.question import Question


@dataclass(frozen=True)
class Responsible:
    """The mission that is responsible, where to hand in, who decides, for which state, and because of what.

    `question` is what was asked, and on which day. `represented_state` is the alpha-2 code of the state on whose
    behalf the decision is taken (Visa Code art. 8). `is_uncertain` says that the row behind the answer still has to be
    confirmed by the mission; `days` are later ones on which districts begin or end there.
    """

    question: Question
    mission: Mission
    intake: Mission
    deciding_office: Mission
    represented_state: str | None
    because: Because
    is_uncertain: bool = False
    days: tuple[date, ...] = ()

    @property
    def area(self) -> str:
        """The area that decided: where the person lives, or is staying."""
        return self.because.params["area"]


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
