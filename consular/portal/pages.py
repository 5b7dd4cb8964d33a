"""Pages that belong to no case: the language switch, privacy, accessibility, imprint."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_POST, require_safe

from consular.accounts import codes
from consular.accounts.returning import keep_typed, local_path

YEAR = 365 * 24 * 60 * 60


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Switch to another language and go back to the page one came from, with everything typed there.

    Mails to somebody who is signed in follow.
    """
    path = local_path(request.GET.get("next"), reverse("portal:start"))
    keep_typed(request, path)
    response = HttpResponseRedirect(path)
    code = request.POST.get("switch_to", "")
    if code in dict(settings.LANGUAGES):
        if request.user.is_authenticated:
            codes.welcome(request.user, language=code)
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            code,
            max_age=YEAR,
            httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            samesite="Lax",
        )
    return response


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What happens with personal data (GDPR art. 13)."""
    return _page(request, "privacy")


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement (Directive (EU) 2016/2102 art. 7)."""
    return _page(request, "accessibility")


@require_safe
def imprint(request: HttpRequest) -> HttpResponse:
    """Who answers for the service."""
    return _page(request, "imprint")


def _page(request: HttpRequest, name: str) -> HttpResponse:
    operator = {
        "name": settings.OPERATOR_NAME,
        "address": settings.OPERATOR_ADDRESS,
        "email": settings.OPERATOR_EMAIL,
    }
    context = {"operator": operator, "language_name": translation.get_language()}
    return render(request, f"portal/pages/{name}.html", context)
