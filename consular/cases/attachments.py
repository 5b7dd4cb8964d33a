"""The documents of a case: what the applicant added, piece by piece, and the copy that people may see.

What was uploaded is kept sealed while it arrives and is being checked, and no longer. Officers and applicants see the
copy, which holds nothing but pixels (`consular.files`). It is sealed, too, and never rewritten.
"""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from consular.core import sealing

PURPOSE = "file"


class AttachmentState(models.TextChoices):
    """How far a document is."""

    ARRIVING = "arriving", _("Not complete yet")
    CHECKING = "checking", _("Being checked")
    READY = "ready", _("Checked")
    REFUSED = "refused", _("Not usable")


class Reason(models.TextChoices):
    """Why a document cannot be used, and what to do."""

    UNKNOWN_KIND = (
        "unknown_kind",
        _("This is not a PDF, JPEG or PNG file. Save it as one of these and add it again."),
    )
    DAMAGED = "damaged", _("The file is damaged and cannot be opened. Scan or save it once more.")
    LOCKED = "locked", _("The file is protected with a password. Save it without one and add it again.")
    TOO_MANY_PAGES = "too_many_pages", _("The document has more than 60 pages. Divide it into several files.")
    TOO_LARGE = (
        "too_large",
        _("The picture has more than 40 million pixels. Save it smaller and add it again."),
    )
    TOO_HEAVY = "too_heavy", _("The file is too complicated to be shown. Print or scan it, and add the scan.")
    VIRUS = "virus", _("A virus was found in the file. It was deleted. Check your device.")
    NO_ROOM = "no_room", _("There is no room for it: remove other files of this application first.")


class Advice(models.TextChoices):
    """What may be wrong with a photo. Advice: an officer decides."""

    TOO_SMALL = "too_small", _("The photo has too few pixels: at least 413 wide and 531 high.")
    WRONG_RATIO = "wrong_ratio", _("The photo should be 35 wide to 45 high.")
    BACKGROUND_DARK = "background_dark", _("The background seems too dark: it should be plain and light.")
    BACKGROUND_UNEVEN = (
        "background_uneven",
        _("The background seems uneven: it should be plain, without shadows."),
    )
    NO_HEAD = "no_head", _("We could not make out a head against the background.")
    HEAD_SMALL = (
        "head_small",
        _("The head seems too small: it should take up 70 to 80 percent of the height."),
    )
    HEAD_LARGE = (
        "head_large",
        _("The head seems too large: it should take up 70 to 80 percent of the height."),
    )
    OFF_CENTRE = "off_centre", _("The head does not seem to be in the middle.")
    BLURRED = "blurred", _("The photo seems blurred.")


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    """Several documents; which of them somebody may see is judged by their case."""

    def held(self) -> int:
        """How many bytes we keep of these, announced ones included."""
        return int(self.aggregate(total=models.Sum("size"))["total"] or 0)


class Attachment(models.Model):
    """One document that the applicant added: `document` is its line of the checklist, `name` the file's name, tidied.

    `size` is what we keep of it: as announced while it arrives, the copy once it is checked, nothing once refused.
    """

    case = models.ForeignKey(
        "cases.Case", on_delete=models.CASCADE, related_name="attachments", db_index=False
    )
    document = models.CharField(max_length=60)
    name = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=10, choices=AttachmentState.choices, default=AttachmentState.ARRIVING)
    reason = models.CharField(max_length=20, choices=Reason.choices, blank=True)
    advice = ArrayField(models.CharField(max_length=20, choices=Advice.choices), default=list)
    kind = models.CharField(max_length=5, blank=True)
    pages = models.PositiveSmallIntegerField(default=0)
    size = models.PositiveIntegerField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="refused") & ~Q(reason="") | ~Q(state="refused") & Q(reason=""),
                name="a_refused_document_has_a_reason",
            )
        ]
        indexes = [
            models.Index(fields=["case", "id"], name="attachments_of_case"),
            models.Index(fields=["changed_at"], name="attachments_arriving", condition=Q(state="arriving")),
        ]

    def __str__(self) -> str:
        return f"attachment {self.pk}"

    @property
    def remarks(self) -> tuple[str, ...]:
        """Why it cannot be used, or what may be wrong with a photo, in the reader's language."""
        reasons = (Reason(self.reason),) if self.reason else ()
        return tuple(str(code.label) for code in (*reasons, *map(Advice, self.advice)))


class Piece(models.Model):
    """One uploaded file of a document; several are joined in their order. Its hash stays when its bytes are gone."""

    attachment = models.ForeignKey(
        Attachment, on_delete=models.CASCADE, related_name="pieces", db_index=False
    )
    position = models.PositiveSmallIntegerField()
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    received = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["attachment", "position"], name="one_piece_per_position"),
            models.CheckConstraint(
                condition=Q(received__lte=F("size")), name="no_more_arrives_than_was_announced"
            ),
        ]

    def __str__(self) -> str:
        return f"piece {self.position} of {self.attachment_id}"

    @property
    def is_complete(self) -> bool:
        """Whether all of it has arrived."""
        return self.received == self.size


class Chunk(models.Model):
    """Some bytes of a piece, sealed; deleted as soon as the document is checked."""

    piece = models.ForeignKey(Piece, on_delete=models.CASCADE, related_name="chunks", db_index=False)
    offset = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["piece", "offset"], name="one_chunk_per_offset")]

    def __str__(self) -> str:
        return f"chunk at {self.offset} of {self.piece_id}"


class SafeCopy(models.Model):
    """The copy that people see and a picture of its first page, both sealed. Never rewritten."""

    attachment = models.OneToOneField(
        Attachment, primary_key=True, on_delete=models.CASCADE, related_name="copy"
    )
    content = models.BinaryField()
    preview = models.BinaryField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        triggers = [pgtrigger.Protect(name="never_rewritten", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"copy of {self.attachment_id}"


def seal(content: bytes, about: str) -> bytes:
    """Bytes of a file as they lie in the database."""
    return sealing.seal(content, purpose=PURPOSE, about=about)


def unseal(sealed: bytes | memoryview, about: str) -> bytes:
    """Bytes of a file as they were. Raises sealing.Broken when they are not."""
    return sealing.unseal(bytes(sealed), purpose=PURPOSE, about=about)


def content_of(piece: Piece) -> bytes:
    """All that has arrived of a piece."""
    chunks = piece.chunks.order_by("offset").values_list("offset", "content")
    return b"".join(unseal(sealed, f"{piece.pk}/{offset}") for offset, sealed in chunks)
