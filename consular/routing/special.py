"""Closed and exclusive missions: the decision table `responsibility` of a service."""

from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext_noop as N_

from consular.missions import areas
from consular.missions.models import Mission
from consular.routing.answers import Responsible
from consular.routing.because import Because, about
from consular.routing.question import Question
from consular.rules.dmn import Definitions

DECISION = "responsibility"

CLOSED = N_("You live in %(area)s. Our mission there is closed; %(mission)s acts for it.")
CLOSED_SINCE = N_(
    "You live in %(area)s. Our mission there is closed; since %(since)s, %(mission)s has acted for it."
)
EXCLUSIVE = N_(
    "For your nationality and your place of residence (%(area)s), %(mission)s alone takes these cases."
)


def find(question: Question, table: Definitions, represented: str | None) -> Responsible | None:
    """The mission that the first matching rule names, None when it names none.

    A table that decides nothing is a mistake of ours, not of the person: its last row is for everybody else.
    """
    result = table.decide(
        DECISION,
        {
            "nationality": question.nationality,
            "country": areas.country_of(question.residence),
            "area": question.residence,
            "on": question.on,
        },
    )
    if not isinstance(result.value, dict):
        raise RuntimeError(f"responsibility.dmn decides nothing: {'; '.join(result.errors)}")
    if result.value["mission"] is None:
        return None
    mission = Mission.objects.get(code=result.value["mission"])
    because = _because(f"special:{result.rules[0]}", result.value, mission, question)
    doubtful = result.value["uncertain"] is True
    return Responsible(question, mission, mission, mission, represented, because, doubtful)


def _because(rule: str, row: Mapping[str, object], mission: Mission, question: Question) -> Because:
    since = row["since"]
    params = about(mission, area=question.residence)
    if row["reason"] == "exclusive":
        return Because(rule, EXCLUSIVE, params)
    if isinstance(since, date):
        return Because(rule, CLOSED_SINCE, {**params, "since": since.isoformat()}, since)
    return Because(rule, CLOSED, params)
