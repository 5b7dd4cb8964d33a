"""What the database refuses of documents whoever asks; each safeguard also switched off, to see the harm."""

from functools import partial

import pytest
from django.db import DatabaseError, connection, transaction

from consular.cases.attachments import content_of, seal, unseal
from consular.cases.models import Attachment, Chunk, Piece, SafeCopy
from consular.core import clock, sealing
from tests import factories, harm

pytestmark = pytest.mark.django_db


def attachment(**fields: object) -> Attachment:
    case, now = factories.sent_case(), clock.now()
    values = {"document": "means", "size": 10, "added_by": case.owner, "created_at": now, "changed_at": now}
    return Attachment.objects.create(case=case, **{**values, **fields})


def piece(**fields: object) -> Piece:
    values = {"position": 0, "size": 10, "sha256": "0" * 64}
    return Piece.objects.create(
        **{"attachment": fields.get("attachment") or attachment(), **values, **fields}
    )


def two_pieces() -> None:
    piece(attachment=piece().attachment)


def two_chunks() -> None:
    of = piece()
    Chunk.objects.create(piece=of, offset=0, content=b"a")
    Chunk.objects.create(piece=of, offset=0, content=b"b")


def rewrite() -> None:
    of = attachment()
    SafeCopy.objects.create(attachment=of, content=b"a", preview=b"b", sha256="0" * 64)
    SafeCopy.objects.filter(pk=of.pk).update(content=b"another")


CONSTRAINTS = [
    (Attachment, "a_refused_document_has_a_reason", partial(attachment, state="refused")),
    (Attachment, "a_refused_document_has_a_reason", partial(attachment, state="ready", reason="virus")),
    (Piece, "one_piece_per_position", two_pieces),
    (Piece, "no_more_arrives_than_was_announced", partial(piece, received=11)),
    (Chunk, "one_chunk_per_offset", two_chunks),
]

test_a_constraint_refuses_the_harm = harm.refused(CONSTRAINTS)
test_without_the_constraint_the_harm_is_done = harm.done_without(CONSTRAINTS)


def test_a_copy_is_never_rewritten() -> None:
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        rewrite()


def test_without_the_trigger_a_copy_would_be_exchanged() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE cases_safecopy DISABLE TRIGGER USER")

    rewrite()


def test_chunks_are_put_together_in_the_order_of_their_places() -> None:
    of = piece(size=6)
    for offset, content in ((3, b"def"), (0, b"abc")):
        Chunk.objects.create(piece=of, offset=offset, content=seal(content, f"{of.pk}/{offset}"))

    assert content_of(of) == b"abcdef"


def test_a_chunk_that_was_moved_is_noticed() -> None:
    with pytest.raises(sealing.Broken):
        unseal(seal(b"abc", "1/0"), "2/0")
