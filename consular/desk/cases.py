"""The page of one case and what an officer does on it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from consular import casework, formspec
from consular.cases.models import Case
from consular.casework.officer import NotRight
from consular.core import references, typed
from consular.core.errors import Refused
from consular.decisions import download
from consular.decisions.models import Letter
from consular.desk import case_page, next_task, sign_in
from consular.desk.access import officer_required
from consular.workflow.models import Token, TokenKind


@require_safe
@officer_required()
def case(request: HttpRequest, reference: str) -> HttpResponse:
    """Who, what, by when, whose turn; the open tasks with their forms."""
    found = case_of(request, reference)
    context = case_page.context(found, request.user, request.duties, waiting=typed.typed(request))
    context["readers"] = request.readers
    context["lanes"] = next_task.lanes(found, request.duties)
    return render(request, "desk/case.html", context)


@require_POST
@officer_required()
def claim(request: HttpRequest, reference: str, token_id: int) -> HttpResponse:
    """Take a task, or give it back; what was typed into it stays on the page."""
    typed.keep(request, reverse("desk:case", args=[reference]))
    verb = casework.release if "release" in request.POST else casework.claim
    try:
        verb(_tidy(reference), token_id, actor=request.user)
    except Refused as refusal:
        return refused(request, reference, refusal, token_id)
    return redirect("desk:case", reference=reference)


@require_POST
@officer_required()
def complete(request: HttpRequest, reference: str, token_id: int) -> HttpResponse:
    """Finish a task with its form; what was typed stays when it is refused."""
    found = case_of(request, reference)
    token = Token.objects.filter(pk=token_id, instance=found.instance_id, kind=TokenKind.TASK).first()
    form = case_page.task_form(found, token, request.POST) if token else None
    if form is not None and ("add" in request.POST or "remove" in request.POST):
        return _again(request, found, token_id, form.without_judging(), status=200)
    answers = form.answers() if form is not None and form.is_valid() else {}
    if form is not None and not form.is_valid():
        return _again(request, found, token_id, form, status=422)
    grave = answers.get("approved") and token is not None and case_page.step_of(token) == "approve"
    proof = sign_in.prove_again(request, reverse("desk:case", args=[reference])) if grave else None
    if proof is not None:
        return proof
    try:
        seen = request.POST.get("letter_seen", "")
        casework.complete(found.reference, token_id, answers, actor=request.user, seen=seen)
    except NotRight as refusal:
        formspec.add_problems(form, refusal.problems)
        return _again(request, found, token_id, form, status=refusal.status)
    except Refused as refusal:
        if form is not None and refusal.field in form.fields:
            form.add_error(refusal.field, refusal.message)
            return _again(request, found, token_id, form, status=refusal.status)
        return refused(request, reference, refusal, token_id, form)
    next_task.say_done(request, token)
    return onward(request, found.reference)


@require_safe
@officer_required()
def letter(request: HttpRequest, reference: str, letter_id: int) -> HttpResponse:
    """One letter of the case, the same bytes as issued."""
    found = Letter.objects.filter(pk=letter_id, case=case_of(request, reference)).first()
    if found is None:
        raise Http404
    return download.answer(found)


@require_POST
@officer_required()
def write(request: HttpRequest, reference: str) -> HttpResponse:
    """Send the applicant a message, or leave an internal note."""
    found = case_of(request, reference)
    text = request.POST.get("text", "")
    mentioned = [
        int(each) for each in request.POST.getlist("mentioned") if each.isdecimal() and len(each) < 18
    ]
    try:
        if "note" not in request.POST:
            casework.reply(found.pk, text, actor=request.user)
        elif mentioned:
            casework.mention(found.pk, text, mentioned, actor=request.user)
        else:
            casework.note(found.pk, text, actor=request.user)
    except Refused as refusal:
        context = case_page.context(found, request.user, request.duties) | {
            "text": text,
            "text_error": refusal.message,
            "mentioned": mentioned,
        }
        return render(request, "desk/case.html", context, status=refusal.status)
    return redirect("desk:case", reference=reference)


def onward(request: HttpRequest, reference: str) -> HttpResponse:
    """Back to the case, or to the queue when it was only lent and is not to be seen any more."""
    if Case.objects.visible_to(request.user, request.duties).filter(reference=reference).exists():
        return redirect("desk:case", reference=reference)
    return redirect("desk:queue")


def case_of(request: HttpRequest, reference: str) -> Case:
    """The case of this reference that the officer may see, and that it was opened is written down; 404 otherwise.

    The view finds in `request.readers` who else has it open.
    """
    cases = Case.objects.visible_to(request.user, request.duties).select_related(
        "answers", "mission", "instance__definition"
    )
    found = cases.defer("instance__definition__xml").filter(reference=_tidy(reference)).first()
    if found is None:
        raise Http404
    request.readers = casework.look(found.pk, actor=request.user)
    return found


def _tidy(reference: str) -> str:
    return references.tidy(reference) or ""


def _again(request: HttpRequest, found: Case, token_id: int, form: object, *, status: int) -> HttpResponse:
    context = case_page.context(found, request.user, request.duties, forms={token_id: form}) | {"form": form}
    return render(request, "desk/case.html", context, status=status)


def refused(
    request: HttpRequest, reference: str, refusal: Refused, token_id: int = 0, form: object = None
) -> HttpResponse:
    """The page with the reason above, and what was typed: in the form where it is still open, else to be read."""
    if refusal.status == 404:
        raise Http404
    found = case_of(request, reference)
    forms = {token_id: form} if form is not None else None
    context = case_page.context(found, request.user, request.duties, forms=forms)
    context["refusal"] = refusal.message
    if all(task.form is None for task in context["tasks"] if task.token.pk == token_id):
        context["unsaved"] = case_page.unsaved(found, token_id, request.POST)
    return render(request, "desk/case.html", context, status=refusal.status)
