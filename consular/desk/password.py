"""The member of staff who is signed in changes the password; every other session of the account ends."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from consular.accounts import passwords
from consular.accounts.models import User
from consular.core.errors import Refused
from consular.desk.access import is_verified
from consular.desk.factors import for_owner
from consular.desk.sign_in import page


def _field(label: Any, autocomplete: str) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, max_length=passwords.LONGEST, strip=False, widget=widget)


class ChangeForm(forms.Form):
    """The present password and, twice, the new one."""

    present = _field(_("Present password"), "current-password")
    new = _field(_("New password"), "new-password")
    again = _field(_("New password, once more"), "new-password")

    def clean_again(self) -> str:
        again: str = self.cleaned_data["again"]
        if again != self.cleaned_data.get("new", again):
            raise forms.ValidationError(_("The two new passwords differ."), code="differ")
        return again


@sensitive_post_parameters("present", "new", "again")
@require_http_methods(["GET", "HEAD", "POST"])
@for_owner
def change(request: HttpRequest, user: User) -> HttpResponse:
    """Ask for the present password and the new one."""
    if not is_verified(request):
        return redirect("desk:factors")
    form = ChangeForm(request.POST or None)
    refusal = None
    if form.is_valid():
        try:
            passwords.replace(user, form.cleaned_data["present"], form.cleaned_data["new"])
        except Refused as refused:
            refusal = refused
        else:
            update_session_auth_hash(request, user)
            messages.success(request, _("Your password has been changed."))
            return redirect("desk:factors")
    return page(request, "desk/password.html", {"form": form}, refusal)
