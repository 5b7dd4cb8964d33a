"""Notes among officers: kept while they are being written, and read by those who are mentioned."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from consular import casework
from consular.core.errors import Refused
from consular.desk.access import officer_required
from consular.desk.cases import case_of


@require_POST
@officer_required()
def keep(request: HttpRequest, reference: str) -> HttpResponse:
    """Keep what is being written: a request of the script, at each pause in typing. Nothing is sent to anybody."""
    case = case_of(request, reference)
    try:
        casework.keep_note(case.pk, request.POST.get("text", ""), actor=request.user)
    except Refused as refusal:
        if refusal.status == 404:
            raise Http404 from None
        return HttpResponse(status=refusal.status)
    return HttpResponse(status=204)


@require_POST
@officer_required()
def read(request: HttpRequest, mention_id: int) -> HttpResponse:
    """The officer has read a note that was meant for them."""
    casework.read_mention(mention_id, actor=request.user)
    return redirect("desk:queue")
