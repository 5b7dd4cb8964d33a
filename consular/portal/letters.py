"""Letters that applicants ask for themselves: about an appointment, a waiting list or a draw; the receipt for a fee."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from consular import casework
from consular.casework import on_request
from consular.core.errors import Refused
from consular.portal.access import applicant_required
from consular.portal.cases import found, title_of


@require_http_methods(["GET", "HEAD", "POST"])
@applicant_required
def ask(request: HttpRequest, reference: str) -> HttpResponse:
    """What can be written now; the letter is in the list of the case a moment after it was asked for."""
    case = found(request, reference)
    refusal = None
    if request.method == "POST":
        name, about = request.POST.get("name", ""), request.POST.get("about", "")
        try:
            casework.ask_letter(case.reference, name, about, actor=request.user)
        except Refused as refused:
            refusal = refused
        else:
            said = gettext("We are writing the letter. It will be in the list of your letters in a moment.")
            messages.success(request, said)
            return redirect("portal:case", reference=case.reference)
    offers = [
        {"offer": one, "title": on_request.title(one)} for one in on_request.offers(case, is_applicant=True)
    ]
    context = {
        "case": case, "service": title_of(case), "offers": offers, "refusal": refusal and refusal.message
    }  # fmt: skip
    return render(request, "portal/letters.html", context, status=refusal.status if refusal else 200)
