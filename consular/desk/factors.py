"""Second factors of the member of staff who is signed in, or of one who has none yet and sets up the first."""

from collections.abc import Callable
from functools import wraps

import django_otp
from django import forms
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_otp.models import Device

from consular.accounts import factors, passkeys, pending, sessions
from consular.accounts.models import User
from consular.core.errors import Refused
from consular.desk.access import is_verified, open_to_strangers, staff_of
from consular.desk.sign_in import NEXT, FactorForm, page, sign_in_with
from consular.missions.postings import duties

Owned = Callable[..., HttpResponseBase]


class PasskeyForm(forms.Form):
    """A new passkey: its name, and what the browser's device answered."""

    name = forms.CharField(
        label=_("Name of the passkey"),
        help_text=_("For example the name of the device, so that you recognise it later."),
        max_length=60,
    )
    answer = forms.CharField(max_length=passkeys.LONGEST, widget=forms.HiddenInput)


def for_owner(view: Owned) -> Owned:
    """Hand the view the person whose factors these are.

    That is whoever is signed in with a second factor and proved it within five minutes, or whoever gave the right
    password and has no factor yet. Somebody who has one must use it first.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        user = staff_of(request) or pending.user_of(request)
        if user is None:
            return redirect("desk:sign_in")
        signed_in = is_verified(request)
        if (signed_in and not sessions.is_fresh(request)) or (not signed_in and factors.has_strong(user)):
            if signed_in:
                request.session[NEXT] = reverse("desk:factors")
            return redirect("desk:second_factor")
        if signed_in:
            request.duties = duties(user)  # the navigation shows what one may open
        return view(request, user, *args, **kwargs)

    return open_to_strangers(guarded)


@require_safe
@for_owner
def overview(request: HttpRequest, user: User) -> HttpResponse:
    """All my factors, and the ways to add one."""
    return _overview(request, user)


@require_POST
@for_owner
def add_app(request: HttpRequest, user: User) -> HttpResponse:
    """Begin with an authenticator app: make its secret."""
    factors.begin_app(user)
    return redirect("desk:factors_app")


@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
@for_owner
def app(request: HttpRequest, user: User) -> HttpResponse:
    """Show the secret of the new authenticator app and take its first code."""
    enrolment = factors.app_enrolment(user)
    if enrolment is None:
        return redirect("desk:factors")
    form = FactorForm(request.POST or None)
    form.fields["code"].help_text = _("The six digits that your authenticator app shows now.")
    refusal = None
    if form.is_valid():
        try:
            device = factors.confirm_app(user, form.cleaned_data["code"])
        except Refused as refused:
            refusal = refused
        else:
            return _added(request, user, device)
    return page(request, "desk/factors_app.html", {"form": form, "enrolment": enrolment}, refusal)


@sensitive_post_parameters("answer")
@require_http_methods(["GET", "HEAD", "POST"])
@for_owner
def passkey(request: HttpRequest, user: User) -> HttpResponse:
    """Make a passkey in this browser."""
    form = PasskeyForm(request.POST or None)
    refusal = None
    if form.is_valid():
        try:
            device = passkeys.enrol(request, user, form.cleaned_data["answer"], form.cleaned_data["name"])
        except Refused as refused:
            refusal = refused
        else:
            return _added(request, user, device)
    options = passkeys.creation_options(request, user)
    return page(request, "desk/factors_passkey.html", {"form": form, "options": options}, refusal)


@require_POST
@for_owner
def recovery(request: HttpRequest, user: User) -> HttpResponse:
    """Make new recovery codes and show them once."""
    if not is_verified(request):
        return redirect("desk:factors")
    return _recovery_codes(request, user)


@require_POST
@for_owner
def remove(request: HttpRequest, user: User, kind: str, factor_id: int) -> HttpResponse:
    """Take one of my factors out of use."""
    try:
        factors.remove(user, kind, factor_id)
    except Refused as refusal:
        return _overview(request, user, refusal)
    _keep_session(request, user)
    return redirect("desk:factors")


def _overview(request: HttpRequest, user: User, refusal: Refused | None = None) -> HttpResponse:
    context = {
        "factors": factors.factors_of(user),
        "is_first": not is_verified(request),
        "refusal": refusal and refusal.message,
    }
    return render(request, "desk/factors.html", context, status=refusal.status if refusal else 200)


def _added(request: HttpRequest, user: User, device: Device) -> HttpResponse:
    """After the first factor: sign in and show recovery codes; after another one: back to the list."""
    if is_verified(request):
        django_otp.login(request, device)
        _keep_session(request, user)
        return redirect("desk:factors")
    sign_in_with(request, user, device)
    return _recovery_codes(request, user)


def _recovery_codes(request: HttpRequest, user: User) -> HttpResponse:
    codes = factors.new_recovery_codes(user)
    _keep_session(request, user)
    onward = request.session.pop(NEXT, None) or reverse("desk:factors")
    return render(request, "desk/factors_recovery.html", {"codes": codes, "onward": onward})


def _keep_session(request: HttpRequest, user: User) -> None:
    """Let this session live on: all others of the account have just ended."""
    update_session_auth_hash(request, user)
