"""The first page: what the service is, start, go on, check a decision."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from consular import formspec


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """What one can do here."""
    return render(request, "portal/start.html", {"services": formspec.offered()})
