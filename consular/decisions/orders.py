"""L09 and L15: decisions with facts, reasons and remedy, as German administrative law wants them (VwVfG section 39).

The German text counts. Other languages follow as a courtesy, and say so.
"""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consular.decisions import grounds, remedies
from consular.decisions.bodies import Order, Typed
from consular.decisions.choices import Outcome
from consular.decisions.letter import Version, plain
from consular.decisions.source import Source, decided, decided_on, local_day, office, version, written

REFUSED: str | Promise = _("Your application (%(service)s) is refused.")
RESTRICTED: str | Promise = _("A document is issued to you (%(service)s) that is restricted:")

RETURN_STAYS: str | Promise = _(
    "This does not keep you from returning: the mission issues a document for the journey to Germany to every German "
    "(Passport Act, section 7)."
)
AT_ONCE: str | Promise = _("An action does not suspend the restriction (Passport Act, section 14).")
NOTES: Mapping[str, tuple[str | Promise, ...]] = {
    Outcome.REFUSED: (RETURN_STAYS,),
    Outcome.RESTRICTED: (AT_ONCE, RETURN_STAYS),
}
"""What the holder of a German passport has to know besides."""


def national(source: Source, language: str) -> Version:
    """L09: a national visa is refused; reasons and remedy are given although the law does not ask for them before
    entry (Residence Act section 77(2)).
    """
    return version(source, language, gettext("Refusal of a national visa"), _order(source, language))


def passport(source: Source, language: str) -> Version:
    """L15: a passport or identity card is refused, or issued with a restriction (Passport Act section 7)."""
    outcome = decided(source).outcome
    titles = {
        Outcome.REFUSED: gettext("Refusal of a passport or identity card"),
        Outcome.RESTRICTED: gettext("Restriction of a passport or identity card"),
    }
    order = _order(source, language, notes=tuple(map(str, NOTES[outcome])))
    return version(source, language, titles[Outcome(outcome)], order)


def travel_document(source: Source, language: str) -> Version:
    """L15: no emergency travel document is issued, to a German or another citizen of the Union."""
    return version(
        source, language, gettext("Refusal of an emergency travel document"), _order(source, language)
    )


def _order(source: Source, language: str, *, notes: tuple[str, ...] = ()) -> Order:
    decision = decided(source)
    operative = RESTRICTED if decision.outcome == Outcome.RESTRICTED else REFUSED
    return Order(
        courtesy=_courtesy(language),
        operative=str(operative) % {"service": source.service},
        conditions=Typed(plain(decision.conditions)),
        asked=_asked(source),
        facts=Typed(plain(decision.facts)),
        grounds=grounds.printed(decision.content, decision.grounds),
        reasons=Typed(plain(decision.reasons)),
        remarks=Typed(plain(decision.remarks)),
        notes=notes,
        remedy=remedies.printed(decision.content, decided_on(source)),
    )


def _courtesy(language: str) -> str:
    if language == "de":
        return ""
    return gettext(
        "This translation is a courtesy; the German text alone counts. What officers wrote themselves is not "
        "translated."
    )


def _asked(source: Source) -> str:
    """Since when and where there is an application."""
    if source.case.submitted_at is None:
        raise ValueError("a decision needs an application")
    day = written(local_day(source.case.submitted_at, source.case))
    return gettext("You submitted the application on %(day)s. The competent office is: %(office)s.") % {
        "day": day,
        "office": office(source.case),
    }
