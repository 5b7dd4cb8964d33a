"""Who opened my file: role, mission and purpose for each day."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from consular.cases import readers
from consular.portal.access import applicant_required
from consular.portal.cases import found, title_of


@require_safe
@never_cache
@applicant_required
def page(request: HttpRequest, reference: str) -> HttpResponse:
    """The list, the latest day first; officers stay nameless."""
    case = found(request, reference)
    context = {"case": case, "service": title_of(case), "readings": readers.of(case)}
    return render(request, "portal/openings.html", context)
