"""Applicants sign in with a code by e-mail. Every address gets the same answers, known or not."""

from typing import Any

from django import forms
from django.contrib import auth
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from consular import casework
from consular.accounts import browsers, codes, sessions
from consular.accounts.models import User
from consular.accounts.networks import network_of
from consular.accounts.returning import local_path
from consular.core import typed
from consular.core.errors import Refused
from consular.notifications import outbox
from consular.portal import proving
from consular.portal.access import is_applicant
from consular.portal.draft_access import SECRET

FLOW = "sign_in"
CLEARED = '"cache", "storage"'
"""Not "cookies": that would also empty the other services of the same ministry's domain."""


class AddressForm(forms.Form):
    """Whose code it shall be."""

    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("We send a six-digit code to this address. You need no password."),
        max_length=254,
        error_messages={
            "required": _("Enter your e-mail address."),
            "invalid": _("Enter a valid e-mail address."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )


class CodeForm(forms.Form):
    """The code as it was typed: digits of any script, with or without spaces."""

    code = forms.CharField(
        label=_("Six-digit code"),
        help_text=_("The code is valid for ten minutes and works once, in this browser."),
        max_length=20,
        error_messages={"required": _("Enter the six digits of the code.")},
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )

    def clean_code(self) -> str:
        code = codes.plain(self.cleaned_data["code"])
        if len(code) != 6 or not (code.isascii() and code.isdigit()):
            raise forms.ValidationError(_("Enter the six digits of the code."), code="not_six_digits")
        return code


@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for the address and send a code to it."""
    home = reverse("portal:my_cases")
    before = typed.typed(request) or QueryDict()
    target = local_path(request.POST.get("next") or request.GET.get("next") or before.get("next"), home)
    if request.method != "POST" and is_applicant(request):
        return HttpResponseRedirect(target)
    form = AddressForm(request.POST or None, initial={"email": before.get("email", "")})
    refusal = None
    if form.is_valid():
        try:
            _send(request, form.cleaned_data["email"], target)
        except Refused as refused:
            refusal = refused
        else:
            return HttpResponseRedirect(reverse("portal:sign_in_code"))
    context = {"form": form, "next": target, "ended": sessions.why_ended(request)}
    return _page(request, "portal/sign_in.html", context, refusal)


@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """Ask for the code, or send another one, and sign in."""
    flow = request.session.get(FLOW)
    if flow is None:
        return HttpResponseRedirect(reverse("portal:sign_in"))
    if "again" in request.POST:
        return _again(request, flow)
    form = CodeForm(request.POST or None)
    refusal = None
    if form.is_valid():
        try:
            user = codes.redeem(flow["device"], form.cleaned_data["code"], network=network_of(request))
        except Refused as refused:
            refusal = refused
        else:
            return _enter(request, user)
    return _page(request, "portal/sign_in_code.html", {"form": form, "email": flow["email"]}, refusal)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session and empty what the browser keeps of it."""
    official = request.user.is_authenticated and request.user.is_official
    auth.logout(request)
    response = HttpResponseRedirect(reverse("desk:sign_in") if official else reverse("portal:start"))
    response["Clear-Site-Data"] = CLEARED
    response["Cache-Control"] = "no-store"
    return response


def _again(request: HttpRequest, flow: dict[str, Any]) -> HttpResponse:
    refusal = None
    try:
        _send(request, flow["email"], flow["next"])
    except Refused as refused:
        refusal = refused
    context = {"form": CodeForm(), "email": flow["email"], "sent_again": refusal is None}
    return _page(request, "portal/sign_in_code.html", context, refusal)


def _send(request: HttpRequest, email: str, target: str) -> None:
    """Make a code, promise its mail in the same transaction, and bind it to this browser."""
    flow = request.session.get(FLOW, {})
    asking = codes.Asking(
        email=codes.tidy(email),
        network=network_of(request),
        language=get_language(),
        known_browser=browsers.knows(request, codes.tidy(email)),
    )
    proving.for_a_code(request)
    codes.count(asking)
    with transaction.atomic():
        prepared = codes.request(asking, device_id=flow.get("device"))
        facts = {"device": str(prepared.device_id)}
        outbox.promise("sign_in_code", to=prepared.user, case=None, key=prepared.key, facts=facts)
    request.session[FLOW] = {"device": prepared.device_id, "email": asking.email, "next": target}


def _enter(request: HttpRequest, user: User) -> HttpResponse:
    """Take over the drafts of this browser, sign in under a new session id, go on where one was.

    In this order: the new session forgets the browser's secret, and with it the drafts that were not taken over.
    """
    flow = request.session.pop(FLOW)
    secret = request.session.pop(SECRET, None)
    if secret:
        casework.adopt(secret, actor=user)
    sessions.begin(request, user, sessions.Level.APPLICANT)
    codes.welcome(user, language=get_language())
    response = HttpResponseRedirect(flow["next"])
    browsers.remember(request, response, user)
    return response


def _page(
    request: HttpRequest, template: str, context: dict[str, Any], refusal: Refused | None
) -> HttpResponse:
    """The page; 422, or the status of the refusal, when something typed cannot stand."""
    form: forms.Form = context["form"]
    status = refusal.status if refusal else 422 if form.errors else 200
    if refusal and form.is_bound and refusal.field in form.fields:
        form.add_error(refusal.field, str(refusal.message))
        refusal = None
    more = {"refusal": refusal and refusal.message, "proof": proving.challenge(request, proving.CODE)}
    return render(request, template, {**context, **more}, status=status)
