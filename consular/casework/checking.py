"""Checking a document that arrived: scanned for viruses, drawn anew in the child, the original deleted.

The slow part runs outside any transaction; what comes of it is written in one. A worker that is killed leaves the
document "being checked", and the next one does it again from the start. Without a scanner's clear answer nothing is
written.
"""

import hashlib
from datetime import timedelta
from typing import Any

import structlog
from django.conf import settings

from consular import files
from consular.cases.attachments import Advice, AttachmentState, Reason, content_of, seal
from consular.cases.models import Attachment, Case, Chunk, SafeCopy
from consular.casework import checklist, record, room
from consular.casework.verb import verb
from consular.core import clock
from consular.files import clamd

UNFINISHED = timedelta(days=2)
"""How long an upload that broke off waits for the rest."""

log = structlog.get_logger(__name__)


def check(payload: dict[str, Any]) -> None:
    """Check one document and write down what came of it; a second run finds it checked and does nothing.

    Raises ScannerAway or RendererFailed to be tried again: until then the document stays "being checked".
    """
    attachment = Attachment.objects.filter(pk=payload["attachment"], state=AttachmentState.CHECKING).first()
    if attachment is None:
        return
    contents = [content_of(piece) for piece in attachment.pieces.order_by("position")]
    try:
        _scan(contents)
        copy = files.rerender(contents, as_photo=attachment.document == checklist.PHOTO)
    except files.Unfit as unfit:
        write_refused(attachment.pk, Reason(unfit.reason))
    else:
        write_copy(attachment.pk, copy)


def _scan(contents: list[bytes]) -> None:
    """Raise Unfit when a virus is found. Production has a scanner; without one, locally, nobody scans."""
    for content in contents if settings.CLAMAV_URL else ():
        found = clamd.scan(content, settings.CLAMAV_URL)
        if found is not None:
            log.warning("virus_found", signature=found)
            raise files.Unfit(Reason.VIRUS.value)


@verb
def write_copy(attachment_id: int, copy: files.Copy) -> None:
    """Keep the copy in place of what was uploaded, once."""
    attachment = _waiting(attachment_id)
    if attachment is None:
        return
    size = len(copy.content) + len(copy.preview)
    advice = [Advice(code) for code in copy.advice]
    if not room.has_room(attachment.case, size - attachment.size):
        _refuse(attachment, Reason.NO_ROOM)
        return
    SafeCopy.objects.create(
        attachment=attachment,
        content=seal(copy.content, f"copy/{attachment.pk}"),
        preview=seal(copy.preview, f"preview/{attachment.pk}"),
        sha256=hashlib.sha256(copy.content).hexdigest(),
    )
    _forget_original(attachment)
    attachment.state, attachment.kind, attachment.pages = AttachmentState.READY, copy.kind, copy.pages
    attachment.size, attachment.advice, attachment.changed_at = size, advice, clock.now()
    attachment.save()


@verb
def write_refused(attachment_id: int, reason: Reason) -> None:
    """Delete what was uploaded and say why, once."""
    attachment = _waiting(attachment_id)
    if attachment is not None:
        _refuse(attachment, reason)


def sweep() -> int:
    """Forget uploads that broke off two days ago, and their bytes; returns how many."""
    over = Attachment.objects.filter(state=AttachmentState.ARRIVING, changed_at__lt=clock.now() - UNFINISHED)
    return sum(_forget_unfinished(pk, case_id) for pk, case_id in over.values_list("pk", "case_id"))


@verb
def _forget_unfinished(attachment_id: int, case_id: int) -> int:
    """Under the lock on the case: the rest may arrive at this moment."""
    Case.objects.select_for_update().get(pk=case_id)
    over = Attachment.objects.filter(
        pk=attachment_id, state=AttachmentState.ARRIVING, changed_at__lt=clock.now() - UNFINISHED
    )
    return 1 if over.delete()[0] else 0


def _waiting(attachment_id: int) -> Attachment | None:
    """The document that still waits for its check, its case locked; None when another worker was faster."""
    case = Case.objects.select_for_update().filter(attachments=attachment_id).first()
    if case is None:
        return None
    found = case.attachments.filter(pk=attachment_id, state=AttachmentState.CHECKING)
    return found.select_related("case").first()


def _refuse(attachment: Attachment, reason: Reason) -> None:
    now = clock.now()
    _forget_original(attachment)
    attachment.state, attachment.reason = AttachmentState.REFUSED, reason
    attachment.size, attachment.changed_at = 0, now
    attachment.save()
    record.event(
        attachment.case, "document_refused", actor=None, at=now,
        document=attachment.document, attachment=attachment.pk, reason=reason.value,
    )  # fmt: skip


def _forget_original(attachment: Attachment) -> None:
    Chunk.objects.filter(piece__attachment=attachment).delete()
