"""The public pages that say whether a letter is genuine and still stands. No sign-in, nothing personal."""

from cryptography.hazmat.primitives.serialization import Encoding
from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from consular.accounts import throttle
from consular.accounts.networks import network_of
from consular.accounts.throttle import QUARTER, Limit
from consular.core import typed
from consular.core.errors import Refused
from consular.decisions import seal, verification
from consular.decisions.verification import Status, Verdict

LARGEST_FILE = 5 * 1024 * 1024
FILES_PER_NETWORK = Limit("files of a network", 120, QUARTER)
"""A file takes effort to read, and anybody may hand one in."""

PAGE = "portal/verify.html"
RESULT = "portal/verify_result.html"


class CodeForm(forms.Form):
    """The code that is printed on a letter."""

    letter_code = forms.CharField(
        label=_("Code of the letter"),
        help_text=_("It is at the end of the letter and has 24 letters and numbers."),
        max_length=60,
        error_messages={"required": _("Enter the code that is printed on the letter.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "dir": "ltr"}),
    )

    def clean_letter_code(self) -> str:
        """The code as it was meant, however it was typed."""
        code = verification.tidy(self.cleaned_data["letter_code"])
        if code is None:
            raise forms.ValidationError(gettext("This is not a code of ours. Compare it with the letter."))
        return code


class FileForm(forms.Form):
    """The letter itself, as it was downloaded."""

    file = forms.FileField(
        label=_("The letter as a PDF file"),
        help_text=_(
            "Use the file itself, not a scan or a photo. We check it and keep no copy. At most 5 MB."
        ),
        error_messages={
            "required": _("Choose the file of the letter."),
            "empty": _("The file is empty."),
        },
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf"}),
    )

    def clean_file(self) -> "UploadedFile[bytes]":
        """A PDF of a sensible size."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if file.size is None or file.size > LARGEST_FILE:
            raise forms.ValidationError(gettext("The file is larger than 5 MB. Our letters are smaller."))
        head = file.read(1024)
        file.seek(0)
        if b"%PDF-" not in head:
            raise forms.ValidationError(
                gettext("This is not a PDF file. Choose the file you received from us.")
            )
        return file


class SealForm(forms.Form):
    """What a scanner reads from the square seal on a letter."""

    seal = forms.CharField(
        label=_("Content of the seal"),
        help_text=_("What your scanner read from the larger square, as hexadecimal digits or base64."),
        max_length=4000,
        error_messages={"required": _("Enter what your scanner read.")},
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off", "spellcheck": "false", "dir": "ltr"}),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def verify(request: HttpRequest) -> HttpResponse:
    """Ask for a code or a file, and answer."""
    if request.method != "POST":
        waiting = typed.typed(request)
        code_form = CodeForm(initial={"letter_code": waiting.get("letter_code", "") if waiting else ""})
        return _page(request, code_form=code_form)
    if "letter_code" in request.POST:
        return _by_code(request, CodeForm(request.POST))
    if "seal" in request.POST:
        return _by_seal(request, SealForm(request.POST))
    return _by_file(request, FileForm(request.POST, request.FILES))


@require_safe
@never_cache
def verify_code(request: HttpRequest, code: str) -> HttpResponse:
    """Answer for the code in the address, as the printed QR code has it."""
    return _answer(request, verification.look_up(code), by="code")


def _by_code(request: HttpRequest, form: CodeForm) -> HttpResponse:
    if form.is_valid():
        return redirect("portal:verify_code", code=form.cleaned_data["letter_code"])
    return _page(request, code_form=form, form=form, status=422)


def _by_seal(request: HttpRequest, form: SealForm) -> HttpResponse:
    if form.is_valid():
        return _answer(request, verification.check_seal(form.cleaned_data["seal"]), by="seal")
    return _page(request, seal_form=form, form=form, status=422)


@require_safe
def certificates(request: HttpRequest) -> HttpResponse:
    """The certificates that prove our seals, for those who check letters without a connection."""
    listed = "".join(one.public_bytes(Encoding.PEM).decode() for one in seal.own_certificates())
    response = HttpResponse(listed, content_type="application/x-pem-file")
    response["Content-Disposition"] = 'attachment; filename="seal-certificates.pem"'
    return response


def _by_file(request: HttpRequest, form: FileForm) -> HttpResponse:
    status = 422
    if form.is_valid():
        try:
            throttle.require([(FILES_PER_NETWORK, network_of(request))])
        except Refused as refusal:
            form.add_error("file", str(refusal.message))
            status = refusal.status
        else:
            return _answer(request, verification.check_file(form.cleaned_data["file"].read()))
    return _page(request, file_form=form, form=form, status=status)


def _page(request: HttpRequest, *, status: int = 200, **made: forms.Form) -> HttpResponse:
    """The page with its three forms: those that were made already, and empty ones."""
    empty = {"code_form": CodeForm(), "file_form": FileForm(), "seal_form": SealForm()}
    return render(request, PAGE, {**empty, **made}, status=status)


def _answer(request: HttpRequest, verdict: Verdict, *, by: str = "file") -> HttpResponse:
    status = 404 if by == "code" and verdict.status == Status.UNKNOWN else 200
    return render(request, RESULT, {"verdict": verdict, "by": by}, status=status)
