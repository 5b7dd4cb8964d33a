"""Searching cases: every search says what it is for, and is written down with what it showed."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from consular import formspec
from consular.accounts.models import Role, User
from consular.cases import lookup
from consular.cases.finding import Purpose
from consular.cases.lookup import Wanted
from consular.cases.models import READERS, Case, Phase, Search, SearchName
from consular.casework.verb import verb
from consular.core import clock
from consular.core.errors import Refused
from consular.missions.postings import Duties, duties
from consular.travel import folding

SHORTEST: Final = 2
NOTE: Final = 200
BATCH: Final = 500


@verb
def search(wanted: Wanted, *, purpose: str, note: str = "", actor: User) -> Search:
    """Find the cases that fit among those the officer may see, and write down who searched what for.

    Refused (422) without a purpose, with nothing to search by, or where another purpose is not explained; (403) for
    anybody who reads no cases.
    """
    held = duties(actor)
    if not held.roles & READERS:
        raise Refused(_("Your role does not read cases."), code="forbidden", status=403)
    note = " ".join(note.split())[:NOTE]
    _judge(wanted, purpose, note)
    missions = None if held.everywhere & READERS else held.missions_with(READERS)
    shown, is_cut = lookup.find(wanted, Case.objects.visible_to(actor, held), missions)
    return Search.objects.create(
        by=actor,
        at=clock.now(),
        purpose=purpose,
        note=note,
        fields=list(wanted.fields),
        digest=wanted.digest,
        missions=sorted(held.missions_with(READERS)),
        shown=shown,
        is_cut=is_cut,
    )


@verb
def fill_names(after: int = 0) -> int | None:
    """Write down what sent cases are found by, some hundred at a time, in the order of their numbers.

    For cases that were sent before there was a search, and after its rules have changed. Gives the number to go on
    after, None at the end.
    """
    sent = Case.objects.exclude(phase=Phase.DRAFT).filter(pk__gt=after).select_related("answers")
    cases = list(sent.order_by("pk").select_for_update(of=("self",))[:BATCH])
    SearchName.objects.filter(case__in=cases).delete()
    lookup.keep([row for case in cases for row in _rows(case)])
    return cases[-1].pk if cases else None


def add_names(case: Case, form: formspec.Form, answers: Mapping[str, Any]) -> None:
    """Write down what a case that is being sent is found by, in the transaction that sends it."""
    lookup.keep(lookup.rows(case, form, answers))


def shown(search: Search, actor: User, held: Duties) -> list[Case]:
    """The cases a search found which the officer may still see, in its order."""
    cases = (
        Case.objects.visible_to(actor, held).filter(pk__in=search.shown).select_related("mission", "answers")
    )
    order = {case: place for place, case in enumerate(search.shown)}
    return sorted(cases, key=lambda case: order[case.pk])


def sweep() -> int:
    """Forget searches after the end of the year that follows theirs (as the Passport Act, section 22(3), has it).

    And the words of names that no case has any more.
    """
    return Search.objects.filter(at__year__lt=clock.today().year - 1).delete()[0] + lookup.forget_words()


def _rows(case: Case) -> list[SearchName]:
    return lookup.rows(case, case.form, case.answers.data)


def _judge(wanted: Wanted, purpose: str, note: str) -> None:
    if purpose not in Purpose.values:
        raise Refused(_("Say what you search for."), code="no_purpose", field="purpose", status=422)
    if purpose == Purpose.OTHER and not note:
        raise Refused(
            _("Explain in a few words what you search for."), code="no_note", field="note", status=422
        )
    if not wanted.fields:
        raise Refused(_("Enter at least one of these."), code="nothing", field="name", status=422)
    is_short = len(folding.latin(wanted.name)) < SHORTEST and not folding.own_words(wanted.name)
    if wanted.name and is_short:
        raise Refused(_("Enter at least two letters of the name."), code="short", field="name", status=422)


def to_audit(held: Duties, *, before: int | None, most: int) -> list[Search]:
    """Searches for somebody with these duties to audit, the latest first: of their missions, or all."""
    rows = Search.objects.select_related("by").order_by("-pk")
    if Role.AUDITOR not in held.everywhere:
        rows = rows.filter(missions__overlap=sorted(held.missions_with({Role.AUDITOR})))
    return list((rows.filter(pk__lt=before) if before else rows)[:most])
