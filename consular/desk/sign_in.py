"""Staff sign in: password first, then a second factor. Before the second one nobody is signed in anywhere."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods
from django_otp.models import Device

from consular.accounts import browsers, codes, factors, passkeys, passwords, pending, sessions
from consular.accounts.models import User
from consular.accounts.networks import network_of
from consular.accounts.returning import local_path
from consular.core import typed
from consular.core.errors import Refused
from consular.desk.access import is_verified, level_of, open_to_strangers, staff_of
from consular.missions.postings import duties

NEXT = "desk_next"


class PasswordForm(forms.Form):
    """Address and password. The password is taken as typed."""

    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=passwords.LONGEST,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class FactorForm(forms.Form):
    """A code of the authenticator app, or a recovery code."""

    code = forms.CharField(
        label=_("Code"),
        help_text=_("Six digits from your authenticator app, or one of your recovery codes."),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "spellcheck": "false"}),
    )

    def clean_code(self) -> str:
        return codes.plain(self.cleaned_data["code"])


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
@open_to_strangers
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for address and password; then for the second factor, or to set one up."""
    target = local_path(request.POST.get("next") or request.GET.get("next"), reverse("desk:queue"))
    form = PasswordForm(request.POST or None)
    refusal = None
    if form.is_valid():
        try:
            user = _with_password(request, form.cleaned_data)
        except Refused as refused:
            refusal = refused
        else:
            pending.start(request, user)
            request.session[NEXT] = target
            return redirect("desk:second_factor" if factors.has_strong(user) else "desk:factors")
    context = {"form": form, "next": target, "ended": sessions.why_ended(request)}
    return page(request, "desk/sign_in.html", context, refusal)


@sensitive_post_parameters("code", "answer")
@require_http_methods(["GET", "HEAD", "POST"])
@open_to_strangers
def second_factor(request: HttpRequest) -> HttpResponse:
    """Ask for a passkey or a code: after the password, or again before something grave."""
    user = staff_of(request) or pending.user_of(request)
    if user is None:
        return redirect("desk:sign_in")
    form = FactorForm(request.POST if "code" in request.POST else None)
    refusal = None
    try:
        if "answer" in request.POST:
            return enter(request, user, passkeys.verify(request, user, request.POST["answer"]))
        if form.is_valid():
            return enter(request, user, factors.verify(user, form.cleaned_data["code"]))
    except Refused as refused:
        refusal = refused
    context: dict[str, Any] = {"form": form}
    if factors.has(user, "passkey"):
        context["options"] = passkeys.request_options(request, user)
    return page(request, "desk/second_factor.html", context, refusal)


def enter(request: HttpRequest, user: User, device: Device) -> HttpResponse:
    """Sign in with the factor that was proved, and go where one wanted to go."""
    target = request.session.pop(NEXT, reverse("desk:queue"))
    sign_in_with(request, user, device)
    response = HttpResponseRedirect(target)
    browsers.remember(request, response, user)
    return response


def prove_again(request: HttpRequest, address: str) -> HttpResponse | None:
    """Where to prove again who one is before something grave; what was typed waits at `address`, where one comes back.

    None where that was proved within the last minutes.
    """
    if sessions.is_fresh(request):
        return None
    typed.keep(request, address)
    request.session[NEXT] = address
    messages.info(request, gettext("Prove once more that it is you. Then confirm your approval."))
    return redirect("desk:second_factor")


def sign_in_with(request: HttpRequest, user: User, device: Device) -> None:
    """Begin the session, or note the fresh proof in a running one."""
    if is_verified(request):
        sessions.verify_again(request)
        return
    pending.end(request)
    sessions.begin(request, user, level_of(duties(user)), device=device)


def page(
    request: HttpRequest, template: str, context: dict[str, Any], refusal: Refused | None = None
) -> HttpResponse:
    """A page with a form; 422, or the status of the refusal, when something typed cannot stand."""
    form: forms.Form = context["form"]
    status = refusal.status if refusal else 422 if form.errors else 200
    if refusal and form.is_bound and refusal.field in form.fields:
        form.add_error(refusal.field, str(refusal.message))
        refusal = None
    return render(request, template, {**context, "refusal": refusal and refusal.message}, status=status)


def _with_password(request: HttpRequest, typed: dict[str, str]) -> User:
    known = browsers.knows(request, codes.tidy(typed["email"]))
    return passwords.sign_in(
        typed["email"], typed["password"], network=network_of(request), known_browser=known
    )
