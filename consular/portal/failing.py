"""The page for when something broke: it needs no database, no session and nothing of the request."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

RETRY_AFTER = 30
"""Seconds."""


def failed(request: HttpRequest) -> HttpResponse:
    """Say so, and no more; 503 when the database is away or too busy: then it is worth trying again."""
    is_away = isinstance(sys.exc_info()[1], OperationalError | InterfaceError)
    response = HttpResponse(render_to_string("500.html"), status=503 if is_away else 500)
    response["Cache-Control"] = "no-store"
    if is_away:
        response["Retry-After"] = str(RETRY_AFTER)
    return response
