"""Which pages of the portal want a signed-in applicant."""

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from consular.accounts.models import Kind
from consular.accounts.returning import page_of

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
        query = urlencode({"next": page_of(request)})
        return HttpResponseRedirect(f"{reverse('portal:sign_in')}?{query}")

    return guarded
