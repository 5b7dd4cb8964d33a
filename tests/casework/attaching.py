"""Documents of cases at every stage of their life."""

import hashlib
from collections.abc import Callable

import pytest

from consular import casework
from consular.cases.attachments import AttachmentState, seal
from consular.cases.models import Attachment, Case, Piece, SafeCopy
from consular.casework.attachments import Announced
from consular.core import clock, jobs
from consular.core.errors import Refused
from tests.files import hostile

DOCUMENT = "means"


def added(case: Case, *contents: bytes, document: str = DOCUMENT, name: str = "scan.jpg") -> Attachment:
    """A document that has just been added to a draft; nobody has checked it yet."""
    pieces = [(name, content) for content in contents or (hostile.picture(60, 80),)]
    return casework.add_document(case.pk, document, pieces, actor=case.owner)


def checked(case: Case, *contents: bytes, document: str = DOCUMENT) -> Attachment:
    """The same, after a worker has looked at it."""
    attachment = added(case, *contents, document=document)
    jobs.work()
    attachment.refresh_from_db()
    return attachment


def announced(*contents: bytes) -> list[Announced]:
    """What is told of files before they are sent."""
    return [
        Announced(f"{number}.jpg", len(content), hashlib.sha256(content).hexdigest())
        for number, content in enumerate(contents)
    ]


def ready(case: Case, content: bytes = b"%PDF-1.4\nthe copy") -> Attachment:
    """A checked document, whatever has become of its case; written as a worker leaves it."""
    now = clock.now()
    attachment = Attachment.objects.create(
        case=case, document=DOCUMENT, name="scan.pdf", state=AttachmentState.READY, kind="pdf", pages=1,
        size=len(content), added_by=case.owner, created_at=now, changed_at=now,
    )  # fmt: skip
    Piece.objects.create(attachment=attachment, position=0, size=9, received=9, sha256="0" * 64)
    SafeCopy.objects.create(
        attachment=attachment,
        content=seal(content, f"copy/{attachment.pk}"),
        preview=seal(b"\xff\xd8\xff picture", f"preview/{attachment.pk}"),
        sha256=hashlib.sha256(content).hexdigest(),
    )
    return attachment


def kinds(case: Case) -> list[str]:
    """What the history of a case says of documents, oldest first."""
    return list(case.events.filter(kind__startswith="document").order_by("id").values_list("kind", flat=True))


def refusal(act: Callable[..., object], *args: object, **kwargs: object) -> str:
    """The code with which an act is refused."""
    with pytest.raises(Refused) as refused:
        act(*args, **kwargs)
    return refused.value.code
