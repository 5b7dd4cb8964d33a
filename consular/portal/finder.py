"""The finder: which mission, why, until when, what to bring, what it costs, how long it takes. A page to bookmark.

All questions on one page, or one at a time (`?view=steps`); the answer has one address for both.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from consular import fees, formspec, routing
from consular.portal import finder_answer, finder_steps
from consular.portal.finder_form import PRESENT, FinderForm
from consular.portal.finder_situation import SituationForm


@require_safe
def finder(request: HttpRequest) -> HttpResponse:
    """The questions and, once they are answered, the answer."""
    form = FinderForm(request.GET if request.GET else None)
    found, guest, nobody = None, None, ""
    if form.is_bound and not form.is_valid() and not form.is_complete:
        form.forgive_unasked()
    elif form.is_valid():
        try:
            found, guest = _found(form)
        except routing.NobodyResponsible as refusal:
            nobody = str(refusal.message)
            form.ask_where_one_is()
    situation = _situation(request, form, found) if found else None
    step = finder_steps.next_step(request.GET, form, situation)
    if step and not nobody:
        return render(request, "portal/finder_step.html", {"step": step}, status=422 if step.errors else 200)
    if found and situation:
        return _told(request, form, finder_answer.told(found, guest, situation), situation)
    context = {"form": form, "nobody": nobody, "asks_more": form.asks_more and not nobody}
    context["carried"] = finder_steps.carried(request.GET, [PRESENT]) if nobody else ()
    return render(request, "portal/finder.html", context, status=422 if form.errors else 200)


def _told(
    request: HttpRequest, form: FinderForm, answer: finder_answer.Answer, situation: SituationForm
) -> HttpResponse:
    context = {
        "answer": answer,
        "answers": finder_steps.given(request.GET, form, situation),
        "situation": situation,
        "carried": finder_steps.carried(
            request.GET, [situation.add_prefix(name) for name in situation.fields]
        ),
        "elsewhere": finder_steps.address(request.GET, ask=PRESENT),
    }
    return render(request, "portal/finder_answer.html", context, status=422 if situation.errors else 200)


Found = tuple[routing.Responsible, routing.Responsible | None]


def _found(form: FinderForm) -> Found | tuple[None, None]:
    """Who is responsible, and who may help where somebody is staying; nobody while the form has to ask more.

    Raises NobodyResponsible.
    """
    residence = form.place()
    present = form.place(PRESENT, f"{PRESENT}_") if form.cleaned_data.get(PRESENT) else None
    while True:
        try:
            found = routing.responsible(
                form.cleaned_data["service"],
                nationality=form.cleaned_data["nationality"],
                residence=residence,
                situation=routing.Situation(present_in=present),
            )
            return found, routing.as_guest(found)
        except routing.NotPrecise as more:
            narrower = form.narrow(more)
            if narrower is None:
                return None, None
            residence, present = (narrower, present) if more.field == "residence" else (residence, narrower)


def _situation(request: HttpRequest, form: FinderForm, found: routing.Responsible) -> SituationForm:
    folder = formspec.latest(form.cleaned_data["service"])
    known = fees.facts_of(found.question.nationality, found.question.residence)
    return SituationForm(folder, known, request.GET)
