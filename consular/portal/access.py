"""Which pages of the portal want a signed-in applicant."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from consular.accounts.models import Kind
from consular.accounts.returning import signing_in

View = Callable[..., HttpResponseBase]


def is_applicant(request: HttpRequest) -> bool:
    """Whether an applicant is signed in."""
    return request.user.is_authenticated and request.user.kind == Kind.APPLICANT


def applicant_required(view: View) -> View:
    """Open the page to signed-in applicants only; others sign in first and come back."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if is_applicant(request):
            return view(request, *args, **kwargs)
        return signing_in(request, reverse("portal:sign_in"))

    return guarded
