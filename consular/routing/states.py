"""Which Schengen state decides on a short-stay visa, and who acts for it (Visa Code art. 5 and 8)."""

from django.utils.translation import gettext

from consular.missions import areas, gazetteer
from consular.missions.models import Representation, ServiceGroup
from consular.routing.answers import NobodyResponsible
from consular.routing.question import Question, in_words


def represented(question: Question) -> str | None:
    """The state on whose behalf we act (alpha-2), None when the decision is our own.

    Raises NobodyResponsible with a pointer when another state decides.
    """
    destination = question.situation.destination
    if question.group != ServiceGroup.VISA_C or not destination:
        return None
    state = areas.alpha_2(destination, field="destination")
    if state not in gazetteer.schengen_on(question.on):
        text = gettext(
            "%(state)s issues no Schengen visas. Ask an embassy or consulate of %(state)s what you need."
        )
        raise NobodyResponsible(in_words(text, state=state), code="not_schengen")
    acting = _acting_for(state, question)
    if acting == gazetteer.HOME:
        return None if state == gazetteer.HOME else state
    if acting == state:
        text = gettext(
            "Your main destination is %(state)s, which decides on this visa itself: please apply at an "
            "embassy or consulate of %(state)s."
        )
        raise NobodyResponsible(in_words(text, state=state), code="other_state")
    text = gettext(
        "Your main destination is %(state)s. Where you live, %(by)s acts for it: please apply at an embassy "
        "or consulate of %(by)s."
    )
    raise NobodyResponsible(in_words(text, state=state, by=acting), code="other_state")


def _acting_for(state: str, question: Question) -> str:
    """The state that acts for `state` where the person lives, by the most specific row; itself without a
    row.
    """
    around = (*areas.chain(question.residence), "")
    rows = Representation.objects.valid_on(question.on).filter(represented=state, area__in=around)
    by_area = dict(rows.values_list("area", "by"))
    return next((by_area[area] for area in around if area in by_area), state)
