"""The least a Django service can do to book: session, user, CSRF, validation, place, audit row, outbox row.

The yardstick for the booking pages: same tables, same two statements of booking, nothing else of the product. Run by
the benchmark under a web server of its own, with Django's own sessions and the middleware of the bare pages.
"""

# ruff: noqa: E402  the imports below need the settings

import os
from datetime import timedelta

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "consular.settings")

import django

django.setup()

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.wsgi import get_wsgi_application
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path

from consular.appointments import sql
from consular.core import clock, references
from tests.benchmarks import bare_pages
from tests.benchmarks.booking_rows import EVENT, JOB, NOTIFICATION

HOLD = timedelta(minutes=10)


class Hold(forms.Form):
    """Which slot."""

    slot = forms.IntegerField(min_value=1)


class Confirm(forms.Form):
    """Which booking."""

    booking = forms.CharField(max_length=20)


@login_required
def hold(request: HttpRequest, case: int) -> HttpResponse:
    """Take a place and write an audit row."""
    form = Hold(request.POST)
    if not form.is_valid():
        return HttpResponse(status=422)
    now, me = clock.now(), request.user.pk
    values = {
        "slot": form.cleaned_data["slot"],
        "owner": me,
        "case": case,
        "identity": case.to_bytes(32, "big"),
        "reference": references.issue(),
        "until": now + HOLD,
        "now": now,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.HOLD, values)
        if cursor.fetchone() is None:
            return HttpResponse(status=409)
        cursor.execute(EVENT, {"case": case, "now": now, "kind": "appointment_held", "actor": me})
    return HttpResponseRedirect("confirm/")


@login_required
def confirm(request: HttpRequest, case: int) -> HttpResponse:
    """Confirm it; write an audit row, an outbox row and a job."""
    form = Confirm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=422)
    now, me, reference = clock.now(), request.user.pk, form.cleaned_data["booking"]
    values = {"reference": reference, "now": now, "case": case, "actor": me, "kind": "appointment_confirmed"}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.CONFIRM, values)
        if cursor.fetchone() is None:
            return HttpResponse(status=409)
        for statement in (EVENT, NOTIFICATION, JOB):
            cursor.execute(statement, values)
    return HttpResponseRedirect("../")


urlpatterns = [
    path("cases/<int:case>/appointment/", hold),
    path("cases/<int:case>/appointment/confirm/", confirm),
]

settings.ROOT_URLCONF = __name__
settings.MIDDLEWARE = bare_pages.MIDDLEWARE
settings.SESSION_ENGINE = bare_pages.SESSION_ENGINE
application = get_wsgi_application()
