"""My data as a file, deleting a draft, and deleting my account."""

from django.contrib import auth, messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from consular import casework
from consular.accounts import sessions
from consular.casework import leaving
from consular.core.errors import Refused
from consular.portal import draft_access
from consular.portal.access import applicant_required
from consular.portal.draft_saving import of_draft


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@applicant_required
def data(request: HttpRequest) -> HttpResponseBase:
    """What the file holds; then the file. Whoever signed in a while ago proves it once more by a code."""
    if request.method != "POST":
        context = {"must_stay": leaving.must_stay(request.user), "is_fresh": sessions.is_fresh(request)}
        return render(request, "portal/own_data.html", context)
    if not sessions.is_fresh(request):
        return _sign_in_again(request)
    response = StreamingHttpResponse(
        casework.take_own_data(actor=request.user), content_type="application/zip"
    )
    response["Content-Disposition"] = 'attachment; filename="my-data.zip"'
    response["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@applicant_required
def delete_account(request: HttpRequest) -> HttpResponse:
    """What goes with the account, with the question whether it is meant; then it is gone."""
    refusal = leaving.KEPT if leaving.must_stay(request.user) else None
    if request.method != "POST":
        return render(request, "portal/account_delete.html", {"obstacle": refusal})
    if not sessions.is_fresh(request):
        return _sign_in_again(request)
    try:
        casework.delete_account(actor=request.user)
    except Refused as refused:
        context = {"obstacle": refused.message}
        return render(request, "portal/account_delete.html", context, status=refused.status)
    auth.logout(request)
    messages.success(request, _("Your account and everything in it is deleted."))
    return redirect("portal:start")


@require_http_methods(["GET", "HEAD", "POST"])
@of_draft
def delete_draft(request: HttpRequest, reference: str) -> HttpResponse:
    """What goes with the draft, with the question whether it is meant; then it is gone."""
    case = draft_access.found(request, reference)
    if request.method != "POST":
        return render(request, "portal/draft_delete.html", {"case": case, "title": case.form.title})
    who = draft_access.holder(request)
    try:
        casework.delete_draft(case.pk, actor=who.actor, secret=who.secret)
    except Refused:
        return redirect("portal:draft", case.reference)
    messages.success(request, _("The draft is deleted."))
    return redirect("portal:my_cases" if who.actor else "portal:start")


def _sign_in_again(request: HttpRequest) -> HttpResponse:
    """End the session and ask for a code; afterwards one is back at this page."""
    auth.logout(request)
    messages.info(request, _("Please sign in once more: this needs a fresh code."))
    return redirect(f"{reverse('portal:sign_in')}?next={request.path}")
