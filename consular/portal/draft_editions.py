"""A newer edition of the form while somebody is filling in the old one: told, carried over on request, and marked."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from consular import casework, formspec
from consular.cases.models import Case
from consular.core.errors import Refused
from consular.portal import draft_access
from consular.portal.draft_saving import of_draft


@dataclass(frozen=True)
class Changed:
    """A question that is new or asked differently, with the address where it is answered."""

    label: str
    url: str
    is_new: bool


@dataclass(frozen=True)
class Offer:
    """What carrying a draft over would mean."""

    new: int
    changed: int
    gone: list[str]


@require_POST
@of_draft
def carry(request: HttpRequest, reference: str) -> HttpResponse:
    """Go on with the draft on the newest edition of the form."""
    case = draft_access.found(request, reference)
    who = draft_access.holder(request)
    try:
        casework.carry(case.pk, actor=who.actor, secret=who.secret)
    except Refused:
        raise draft_access.Elsewhere(redirect("portal:draft", case.reference)) from None
    return redirect("portal:draft", case.reference)


def offer(case: Case) -> Offer | None:
    """What would change if the draft were carried to the newest edition; None when it is on it."""
    newer = casework.newer_version(case)
    if newer is None:
        return None
    changes = formspec.changes.between(case.form, newer.form)
    labels = {question.id: str(question.label) for question in case.form.questions}
    lost = [labels[name] for name in changes.gone if name in case.answers.data]
    return Offer(len(changes.new), len(changes.changed), lost)


def changed(case: Case) -> list[Changed]:
    """The questions that were new or different when the draft was carried over."""
    found = _changes(case)
    return [
        Changed(str(question.label), _address(case, page.id, question.id), question.id in found.new)
        for page in (case.form.pages if found.new or found.changed else ())
        for question in page.questions
        if question.id in (*found.new, *found.changed)
    ]


def mark(case: Case, form: formspec.PageForm) -> None:
    """Say at each question of a page that it is new or different since the draft was begun, or was taken over."""
    found = _changes(case)
    form.remark(found.new, _("New since you began."))
    form.remark(found.changed, _("Changed since you began."))
    form.remark(case.answers.taken_over, _("Taken over, please check."))


def _changes(case: Case) -> formspec.changes.Changes:
    if case.carried_from is None:
        return formspec.changes.Changes()
    before = formspec.folder(case.service, case.carried_from).form
    return formspec.changes.between(before, case.form)


def _address(case: Case, page: str, question: str) -> str:
    return f"{reverse('portal:draft_page', args=[case.reference, page])}#id_{question}"
