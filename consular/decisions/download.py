"""Handing out a letter: the stored bytes, under a name that says nothing about a person."""

from django.http import HttpResponse

from consular.decisions.models import Letter


def answer(letter: Letter) -> HttpResponse:
    """The PDF as issued, as a download that no cache keeps."""
    response = HttpResponse(bytes(letter.content), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{letter.number.replace("/", "-")}.pdf"'
    response["Cache-Control"] = "no-store"
    return response
