"""Setting and removing the flags of a case."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from consular import casework
from consular.core.errors import Refused
from consular.desk.access import officer_required
from consular.desk.cases import case_of, refused


@require_POST
@officer_required()
def flag(request: HttpRequest, reference: str) -> HttpResponse:
    """Set the flag that was chosen, or remove the one whose button was pressed."""
    case = case_of(request, reference)
    try:
        if "remove" in request.POST:
            casework.remove_flag(case.reference, request.POST["remove"], actor=request.user)
        else:
            casework.set_flag(case.reference, request.POST.get("flag", ""), actor=request.user)
    except Refused as refusal:
        return refused(request, case.reference, refusal)
    return redirect("desk:case", reference=case.reference)
