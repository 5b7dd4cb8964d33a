"""The page behind the link of the other person with custody: prove who one is, read, agree or decline.

Nobody is signed in here. Before somebody has proven who they are, the page says nothing about the child. Opening a page
changes nothing, since mail programs open links to look at them; a button does.
"""

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from consular import casework, formspec
from consular.accounts import codes, throttle
from consular.accounts.networks import network_of
from consular.accounts.throttle import QUARTER, Limit
from consular.cases.models import Consent
from consular.casework import consents
from consular.core.errors import Refused

OF_A_NETWORK = Limit("consent links of a network", 120, QUARTER)
TICKET = "consent_ticket"
"""Where the session keeps what somebody got for proving who they are."""

BY_DOCUMENT = formspec.Page(
    "document",
    "",
    (
        formspec.Question("birth_date", "date", gettext_lazy("Your date of birth"), autocomplete="bday"),
        formspec.Question("document", "document_number", gettext_lazy("Number of your travel document")),
    ),
)
BY_CODE = formspec.Page(
    "code", "", (formspec.Question("code", "text", gettext_lazy("Code from the mail"), max_length=20),)
)
WRONG = gettext_lazy("This does not fit. After five wrong tries the link does not work any more.")

View = Callable[..., HttpResponse]


def _guarded(view: View) -> View:
    """Count the try, and answer a link that does not work with a page that says why."""

    @wraps(view)
    def guarded(request: HttpRequest, token: str) -> HttpResponse:
        try:
            throttle.require([(OF_A_NETWORK, network_of(request))])
            return view(request, token, casework.consent_of(token))
        except Refused as refusal:
            context = {"refusal": refusal.message}
            return render(request, "portal/consent_over.html", context, status=refusal.status)

    return never_cache(guarded)


@require_http_methods(["GET", "HEAD", "POST"])
@_guarded
def consent(request: HttpRequest, token: str, asked: Consent) -> HttpResponse:
    """Prove who one is, by date of birth and document or by a code; then what one is asked to agree to."""
    is_proven = consents.proof_of(asked, request.session.get(TICKET, "")) is not None
    if request.method != "POST":
        return _read(request, token, asked) if is_proven else _prove(request, token, asked)
    page = BY_CODE if "code" in request.POST else BY_DOCUMENT
    form = formspec.django_form(page, {}, request.POST)
    if not form.is_valid():
        return _prove(request, token, asked, form, status=422)
    ticket = _ticket(token, form.answers())
    if not ticket:
        form.add_error(None, str(WRONG))
        return _prove(request, token, casework.consent_of(token), form, status=422)
    request.session[TICKET] = ticket
    return redirect("portal:consent_link", token)


@require_POST
@_guarded
def send_code(request: HttpRequest, token: str, asked: Consent) -> HttpResponse:
    """Mail a code to the address that the link went to."""
    casework.send_consent_code(token)
    return _prove(request, token, casework.consent_of(token))


@require_POST
@_guarded
def answer(request: HttpRequest, token: str, asked: Consent) -> HttpResponse:
    """Agree or decline; the link is used up."""
    agrees, about = "agree" in request.POST, request.POST.get("about", "")
    if not agrees and "decline" not in request.POST:
        return redirect("portal:consent_link", token)
    try:
        casework.answer_consent(token, request.session.get(TICKET, ""), agrees=agrees, about=about)
    except Refused as refusal:
        if refusal.code != "changed":
            raise
        return _read(
            request, token, casework.consent_of(token), refusal=refusal.message, status=refusal.status
        )
    request.session.pop(TICKET, None)
    return render(request, "portal/consent_over.html", {"is_given": agrees, "is_declined": not agrees})


def _ticket(token: str, given: dict[str, Any]) -> str:
    if "code" in given:
        return casework.prove_by_code(token, codes.plain(given["code"]))
    return casework.prove_by_document(token, date.fromisoformat(given["birth_date"]), given["document"])


def _prove(
    request: HttpRequest,
    token: str,
    asked: Consent,
    form: formspec.PageForm | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    by_code = form if form is not None and form.page is BY_CODE else formspec.django_form(BY_CODE, {})
    by_document = (
        form if form is not None and form.page is BY_DOCUMENT else formspec.django_form(BY_DOCUMENT, {})
    )
    context = {
        "token": token,
        "form": form,
        "by_document": by_document if asked.identity is not None else None,
        "by_code": by_code if asked.codes else None,
    }
    return render(request, "portal/consent_prove.html", context, status=status)


def _read(
    request: HttpRequest, token: str, asked: Consent, *, refusal: Any = None, status: int = 200
) -> HttpResponse:
    """What the form marks for this, the text, and two buttons."""
    form, answers = asked.case.form, asked.case.answers.data
    wanted = formspec.asked_consent(form, answers)
    if wanted is None:
        raise Refused(_("Nobody else has to agree to this application any more."), code="over", status=410)
    context = {
        "token": token,
        "service": str(form.title),
        "rows": formspec.consented(form, answers),
        "text": str(wanted.text),
        "name": asked.name,
        "about": formspec.consent_hash(form, answers),
        "refusal": refusal,
    }
    return render(request, "portal/consent_read.html", context, status=status)
