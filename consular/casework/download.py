"""Handing out the copy of a document: as a download that no browser opens by itself, under a name that says nothing."""

from django.http import HttpResponse

from consular.casework.attachments import Opened

TYPES = {"pdf": "application/pdf", "jpeg": "image/jpeg"}
SANDBOX = "default-src 'none'; sandbox; frame-ancestors 'none'"


def answer(opened: Opened, name: str) -> HttpResponse:
    """The copy, to be saved as `name`, which is ours and never the name it was uploaded with."""
    kind = opened.attachment.kind
    response = _bytes(opened.content, TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response


def picture(content: bytes) -> HttpResponse:
    """A small picture of a first page, to be shown within our page."""
    return _bytes(content, TYPES["jpeg"])


def _bytes(content: bytes, kind: str) -> HttpResponse:
    """Bytes that no cache keeps, no browser takes for something else, and no page can do anything in."""
    response = HttpResponse(content, content_type=kind)
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = SANDBOX
    return response
