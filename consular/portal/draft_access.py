"""Whose draft it is: an account's, or, before signing in, of the browser that holds the secret."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse

from consular import casework
from consular.accounts.models import User
from consular.accounts.returning import keep_typed
from consular.cases.models import Case, Phase
from consular.core import crypto, references
from consular.core.errors import Refused
from consular.portal.access import is_applicant

SECRET = "draft_secret"  # noqa: S105  # the name of a place, not a secret


@dataclass(frozen=True)
class Holder:
    """Who works on a draft: a signed-in applicant, or the holder of the browser's secret."""

    actor: User | None
    secret: str | None


class Elsewhere(Exception):
    """The person has to go to another page first."""

    def __init__(self, response: HttpResponse) -> None:
        self.response = response


def holder(request: HttpRequest, *, new_secret: bool = False) -> Holder:
    """Who asks; `new_secret` gives a browser that has none a secret to hold drafts with."""
    actor = request.user if is_applicant(request) else None
    if actor is None and new_secret and SECRET not in request.session:
        request.session[SECRET] = crypto.token()
    return Holder(actor, request.session.get(SECRET))


def found(request: HttpRequest, reference: str) -> Case:
    """The draft with its answers.

    Raises Elsewhere to sign in first when nobody is signed in (what was typed waits), or to the case when it was
    sent already; Http404 for anything else.
    """
    who = holder(request)
    try:
        return casework.readable_draft(reference, actor=who.actor, secret=who.secret)
    except Refused:
        pass
    if who.actor is None:
        if request.method == "POST":
            keep_typed(request, request.path)
        raise Elsewhere(to_sign_in(request.path)) from None
    sent = Case.objects.visible_to(who.actor).exclude(phase=Phase.DRAFT)
    if sent.filter(reference=references.tidy(reference)).exists():
        raise Elsewhere(redirect("portal:case", references.tidy(reference)))
    raise Http404


def to_sign_in(path: str) -> HttpResponse:
    """Sign in first and come back to `path`."""
    return HttpResponseRedirect(f"{reverse('portal:sign_in')}?{urlencode({'next': path})}")
