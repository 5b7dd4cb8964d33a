"""Withdrawing an application: what follows from it is said before it is done."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from consular import casework
from consular.cases.models import Case
from consular.casework.withdrawing import obstacle
from consular.core import typed
from consular.core.errors import Refused
from consular.portal.access import applicant_required
from consular.portal.cases import appointment_of, found, title_of


@require_http_methods(["GET", "HEAD", "POST"])
@applicant_required
def withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    """What a withdrawal means, with the question whether it is meant; then it is done."""
    case = found(request, reference)
    if request.method != "POST":
        waiting = typed.typed(request)
        context = _context(case) | {"text": waiting.get("text", "") if waiting else ""}
        return render(request, "portal/withdraw.html", context)
    text = request.POST.get("text", "")
    try:
        casework.withdraw(case.pk, reason=text, actor=request.user)
    except Refused as refusal:
        context = _context(case) | {"text": text, "refusal": refusal.message}
        return render(request, "portal/withdraw.html", context, status=refusal.status)
    return redirect("portal:case", reference=case.reference)


def _context(case: Case) -> dict[str, Any]:
    refusal = obstacle(case)
    return {
        "case": case,
        "service": title_of(case),
        "obstacle": refusal.message if refusal else "",
        "booking": appointment_of(case).booking,
        "return_url": reverse("portal:withdraw", args=[case.reference]),
    }
