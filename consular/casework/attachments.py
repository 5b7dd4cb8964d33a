"""Adding documents to a case: at once, or piece by piece on a bad line; taking them away, and opening their copies."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from consular import files
from consular.accounts.models import User
from consular.cases.attachments import AttachmentState, Reason, content_of, seal, unseal
from consular.cases.models import Attachment, Case, Chunk, Phase, Piece, SafeCopy
from consular.casework import asking, checklist, record, room
from consular.casework.verb import verb
from consular.core import clock, jobs
from consular.core.errors import Refused
from consular.missions.postings import Duties

OPEN = frozenset({Phase.DRAFT, Phase.YOUR_TURN})
"""While the case is in one of these, the applicant may add documents."""
LARGEST_CHUNK = 1024 * 1024
SAME_LOOK = timedelta(minutes=10)
"""Turning the pages of a document is one look at it."""


@dataclass(frozen=True)
class Announced:
    """One file that will come: its name, its bytes, and the SHA-256 of all of it, in hexadecimal."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Opened:
    """A copy that somebody may see, with what it was added as."""

    attachment: Attachment
    content: bytes


@verb
def add_document(
    case_id: int, document: str, contents: Sequence[tuple[str, bytes]], *, actor: User
) -> Attachment:
    """Add one document from files, name and bytes of each, joined in their order; checked by a worker afterwards.

    The same files for the same line are the same document: a button pressed twice adds it once.
    """
    return keep(own_case(case_id, actor), document, contents, actor=actor)


def keep(case: Case, document: str, contents: Sequence[tuple[str, bytes]], *, actor: User) -> Attachment:
    """The same for a case that the caller has locked, whoever brings the files."""
    for _name, content in contents:
        if files.identify(content[:8]) is None:
            raise Refused(Reason.UNKNOWN_KIND.label, code="unknown_kind", field="file", status=422)
    told = [Announced(name, len(content), hashlib.sha256(content).hexdigest()) for name, content in contents]
    now = clock.now()
    attachment = _announced(case, document, told, actor, now)
    if attachment.state != AttachmentState.ARRIVING:
        return attachment
    for piece, (_name, content) in zip(attachment.pieces.order_by("position"), contents, strict=True):
        piece.chunks.all().delete()
        _keep(piece, 0, content)
    _complete(attachment, actor, now)
    return attachment


@verb
def begin_upload(case_id: int, document: str, told: Sequence[Announced], *, actor: User) -> Attachment:
    """Announce the files of one document that will arrive in chunks.

    Announced again, also days later or on another device, it is the same upload: what has arrived need not be sent.
    """
    return _announced(own_case(case_id, actor), document, told, actor, clock.now())


@verb
def receive(
    case_id: int, attachment_id: int, position: int, chunk: tuple[int, bytes, str], *, actor: User
) -> Piece:
    """Take one chunk (offset, bytes, their SHA-256) of a file; safe to send again. The piece says how much is there.

    A chunk that does not begin where the last one ended changes nothing: the sender goes on at `received`.
    """
    case = own_case(case_id, actor)
    piece = _piece(case, attachment_id, position)
    offset, content, digest = chunk
    if piece.attachment.state != AttachmentState.ARRIVING or offset != piece.received or not content:
        return piece
    _judge_chunk(piece, content, digest)
    _keep(piece, offset, content)
    if offset == 0 and files.identify(content[:8]) is None:
        return _not_usable(piece, Reason.UNKNOWN_KIND)
    if piece.is_complete and hashlib.sha256(content_of(piece)).hexdigest() != piece.sha256:
        return _not_usable(piece, Reason.DAMAGED)
    now = clock.now()
    piece.attachment.changed_at = now
    piece.attachment.save(update_fields=["changed_at"])
    if all(each.is_complete for each in piece.attachment.pieces.all()):
        _complete(piece.attachment, actor, now)
    return piece


@verb
def remove_document(case_id: int, attachment_id: int, *, actor: User) -> None:
    """Take a document away: any of a draft; of a sent case only what never became part of it."""
    case = own_case(case_id, actor)
    attachment = case.attachments.filter(pk=attachment_id).first()
    if attachment is None:
        return
    if not may_go(case, attachment):
        raise Refused(_("What was sent to the mission stays with the application."), code="kept")
    record.event(
        case, "document_removed", actor=actor, at=clock.now(), document=attachment.document, attachment=attachment.pk
    )  # fmt: skip
    attachment.delete()


def may_go(case: Case, attachment: Attachment) -> bool:
    """Whether the applicant may take a document away now."""
    is_part = attachment.state in {AttachmentState.CHECKING, AttachmentState.READY}
    return case.phase == Phase.DRAFT or case.phase in OPEN and not is_part


@verb
def open_document(attachment_id: int, *, actor: User, held: Duties | None = None) -> Opened:
    """The copy of a document, for the applicant or an officer who may see the case. That an officer did is recorded."""
    attachment = _readable(attachment_id, actor, held)
    copy = SafeCopy.objects.defer("preview").get(attachment=attachment)
    if actor.is_official:
        record.event(
            attachment.case, "document_opened", actor=actor, at=clock.now(),
            document=attachment.document, attachment=attachment.pk, sha256=copy.sha256,
        )  # fmt: skip
    return Opened(attachment, unseal(copy.content, f"copy/{attachment.pk}"))


@verb
def open_page(
    attachment_id: int, number: int, *, actor: User, held: Duties
) -> tuple[Attachment, files.Leaf | None]:
    """One page of a copy as a picture, for an officer; None where it has no such page.

    That the document was opened is recorded once for all its pages: again when ten minutes have passed.
    """
    attachment = _readable(attachment_id, actor, held)
    copy = SafeCopy.objects.defer("preview").get(attachment=attachment)
    now = clock.now()
    lately = attachment.case.events.filter(
        kind="document_opened", actor=actor, at__gt=now - SAME_LOOK, data__attachment=attachment.pk
    )
    if not lately.exists():
        record.event(
            attachment.case, "document_opened", actor=actor, at=now,
            document=attachment.document, attachment=attachment.pk, sha256=copy.sha256,
        )  # fmt: skip
    return attachment, files.leaf(unseal(copy.content, f"copy/{attachment.pk}"), attachment.kind, number)


def preview(attachment_id: int, *, actor: User) -> bytes:
    """A small picture (JPEG) of the first page, for the applicant."""
    attachment = _readable(attachment_id, actor, None)
    sealed = SafeCopy.objects.values_list("preview", flat=True).get(attachment=attachment)
    return unseal(sealed, f"preview/{attachment.pk}")


def _announced(
    case: Case, document: str, told: Sequence[Announced], actor: User, now: datetime
) -> Attachment:
    """The document that these files are or become, with its pieces."""
    if document not in {line.id for line in checklist.asked(case)}:
        raise Refused(_("This document is not asked for."), code="not_asked", status=404)
    _judge_named(case, document, actor)
    room.judge_files([(each.size, each.sha256) for each in told])
    wanted = [(each.size, each.sha256.lower()) for each in told]
    for known in case.attachments.filter(document=document).exclude(state=AttachmentState.REFUSED):
        if list(known.pieces.order_by("position").values_list("size", "sha256")) == wanted:
            return known
    size = sum(each.size for each in told)
    room.judge(case, size)
    attachment = Attachment.objects.create(
        case=case, document=document, name=files.tidy(told[0].name), size=size, added_by=actor,
        created_at=now, changed_at=now,
    )  # fmt: skip
    Piece.objects.bulk_create(
        Piece(attachment=attachment, position=position, size=length, sha256=digest)
        for position, (length, digest) in enumerate(wanted)
    )
    return attachment


def _judge_named(case: Case, document: str, actor: User) -> None:
    """Where the mission has named what reopens, the applicant adds those documents and no others."""
    inquiry = None if actor.is_official else asking.of(case)
    if inquiry is not None and inquiry.items and document not in inquiry.documents:
        raise Refused(
            _(
                "The mission has not asked for this document. Send what it has named, on the page of your case."
            ),
            code="not_named",
        )


def _judge_chunk(piece: Piece, content: bytes, digest: str) -> None:
    if len(content) > LARGEST_CHUNK or piece.received + len(content) > piece.size:
        raise Refused(_("This is more than was announced."), code="too_much", status=422)
    if hashlib.sha256(content).hexdigest() != digest.lower():
        raise Refused(
            _("This part did not arrive as it was sent. Send it again."), code="damaged", status=422
        )


def _keep(piece: Piece, offset: int, content: bytes) -> None:
    Chunk.objects.create(piece=piece, offset=offset, content=seal(content, f"{piece.pk}/{offset}"))
    piece.received = offset + len(content)
    piece.save(update_fields=["received"])


def _not_usable(piece: Piece, reason: Reason) -> Piece:
    attachment = piece.attachment
    Chunk.objects.filter(piece__attachment=attachment).delete()
    attachment.state, attachment.reason, attachment.size = AttachmentState.REFUSED, reason, 0
    attachment.save(update_fields=["state", "reason", "size"])
    return piece


def _complete(attachment: Attachment, actor: User, now: datetime) -> None:
    """Everything is there: a worker checks it."""
    attachment.state, attachment.changed_at = AttachmentState.CHECKING, now
    attachment.save(update_fields=["state", "changed_at"])
    record.event(
        attachment.case, "document_added", actor=actor, at=now, document=attachment.document, attachment=attachment.pk
    )  # fmt: skip
    jobs.promise(
        "casework.check_document", key=f"check:{attachment.pk}", payload={"attachment": attachment.pk}
    )


def own_case(case_id: int, actor: User) -> Case:
    """The actor's own case with its answers, locked, while documents may be added."""
    cases = (
        Case.objects.visible_to(actor).select_for_update(of=("self",)).select_related("answers", "mission")
    )
    case = cases.filter(pk=case_id, owner=actor).first()
    if case is None:
        raise _not_there()
    if case.phase not in OPEN:
        raise Refused(
            _("Documents can be added before you send the application, and while the mission waits for you."),
            code="not_your_turn",
        )
    return case


def _piece(case: Case, attachment_id: int, position: int) -> Piece:
    pieces = Piece.objects.select_related("attachment__case")
    piece = pieces.filter(attachment__case=case, attachment=attachment_id, position=position).first()
    if piece is None:
        raise _not_there()
    return piece


def _readable(attachment_id: int, actor: User, held: Duties | None) -> Attachment:
    """A checked document of a case that this person may see."""
    visible = Case.objects.visible_to(actor, held)
    found = Attachment.objects.filter(pk=attachment_id, state=AttachmentState.READY, case__in=visible)
    attachment = found.select_related("case").first()
    if attachment is None:
        raise _not_there()
    return attachment


def _not_there() -> Refused:
    return Refused(_("There is no such document, or it is not yours."), code="not_found", status=404)
