"""Files that arrive in chunks, for the script of the document page; answers are JSON.

begin: names, bytes and SHA-256 of the files of one document -> its number and how much of each is there already.
chunk: bytes from an offset -> how much is there now. Both are safe to repeat: an upload that broke off begins again and
goes on where it stopped, also on another day or device.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from consular import casework
from consular.cases.attachments import AttachmentState, Reason
from consular.cases.models import Attachment, Case
from consular.casework.attachments import LARGEST_CHUNK, Announced
from consular.core import references
from consular.core.errors import Refused
from consular.portal.access import applicant_required

View = Callable[..., HttpResponse]


def answering_json(view: View) -> View:
    """What is refused is answered as JSON, too, with the sentence for the person."""

    @wraps(view)
    def answered(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Refused as refusal:
            return JsonResponse(refusal.as_problem(), status=refusal.status)

    return never_cache(applicant_required(answered))


@require_POST
@answering_json
def begin(request: HttpRequest, reference: str, document: str) -> HttpResponse:
    """Announce the files of one document."""
    told = zip(
        request.POST.getlist("name"),
        request.POST.getlist("size"),
        request.POST.getlist("sha256"),
        strict=False,
    )
    announced = [Announced(name[:255], _number(size), digest[:64]) for name, size, digest in told]
    case_id = _case_id(request, reference)
    attachment = casework.begin_upload(case_id, document, announced, actor=request.user)
    return JsonResponse(_state(reference, attachment), status=201)


@require_POST
@answering_json
def chunk(request: HttpRequest, reference: str, attachment_id: int, position: int) -> HttpResponse:
    """Take one chunk: its bytes are the body, `X-Offset` says where it belongs, `X-SHA256` what it is."""
    offset, digest = _number(request.headers.get("X-Offset", "")), request.headers.get("X-SHA256", "")
    if _number(request.headers.get("Content-Length") or "0") > LARGEST_CHUNK:
        return JsonResponse({"status": 413, "code": "too_much"}, status=413)
    piece = casework.receive(
        _case_id(request, reference), attachment_id, position,
        (offset, request.body, digest), actor=request.user,
    )  # fmt: skip
    return JsonResponse(_told(piece.attachment) | {"received": piece.received})


@require_safe
@answering_json
def state(request: HttpRequest, reference: str, attachment_id: int) -> HttpResponse:
    """How far a document is."""
    found = Attachment.objects.filter(case=_case_id(request, reference), pk=attachment_id).first()
    if found is None:
        return JsonResponse({"status": 404, "code": "not_found"}, status=404)
    return JsonResponse(_state(reference, found))


def _state(reference: str, attachment: Attachment) -> dict[str, Any]:
    pieces = attachment.pieces.order_by("position")
    return _told(attachment) | {
        "id": attachment.pk,
        "received": [piece.received for piece in pieces],
        "chunks": [
            reverse("portal:upload_chunk", args=[reference, attachment.pk, piece.position])
            for piece in pieces
        ],
    }


def _told(attachment: Attachment) -> dict[str, Any]:
    """State and, for a document that cannot be used, the sentence that says why."""
    reason = str(Reason(attachment.reason).label) if attachment.state == AttachmentState.REFUSED else ""
    return {"state": attachment.state, "detail": reason}


def _number(text: str) -> int:
    """A number as it was sent; -1 for anything that is none, which is refused further on."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def _case_id(request: HttpRequest, reference: str) -> int:
    """The case of this reference that the person may see; 0, which is nobody's, otherwise."""
    mine = Case.objects.visible_to(request.user).filter(reference=references.tidy(reference))
    return mine.values_list("pk", flat=True).first() or 0
