"""Who acts for the applicant, as letters say it, and what the receipt repeats of it."""

from django.utils.formats import date_format
from django.utils.translation import gettext

from consular.cases.models import Case, Mandate
from consular.decisions.bodies import Entry, Section
from consular.decisions.letter import plain


def name(case: Case) -> str:
    """Who acts for the applicant; "" when nobody does."""
    mandate = _of(case)
    return plain(mandate.name) if mandate else ""


def sections(case: Case) -> tuple[Section, ...]:
    """Who acts, in which capacity, since when: for the receipt."""
    mandate = _of(case)
    if mandate is None:
        return ()
    entries = (
        Entry(gettext("Acts for the applicant"), plain(mandate.name)),
        Entry(gettext("Acts as"), mandate.get_capacity_display()),
        Entry(gettext("Mandate or custody since"), date_format(mandate.since, "DATE_FORMAT")),
        Entry(gettext("Address"), plain(mandate.written_address)),
    )
    return (Section(gettext("Who acts for the applicant"), entries),)


def declarations(case: Case) -> tuple[str, ...]:
    """What they declared about it, in the words they read."""
    mandate = _of(case)
    return (plain(mandate.text),) if mandate else ()


def _of(case: Case) -> Mandate | None:
    return Mandate.objects.filter(case=case).first()
