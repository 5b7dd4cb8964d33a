"""Documents that arrive in chunks on a bad line: what breaks off goes on, what comes twice counts once."""

import hashlib
from datetime import timedelta

import pytest
from django.utils import timezone

from consular import casework
from consular.cases.attachments import AttachmentState, content_of
from consular.cases.models import Attachment, Case, Chunk
from consular.casework import checking
from consular.core import clock
from consular.core.models import Job
from tests import stages
from tests.casework import attaching
from tests.casework.attaching import DOCUMENT, announced, kinds, refusal
from tests.files import hostile

pytestmark = pytest.mark.django_db

BIG = hostile.picture(900, 1200, quality=95)
SIZE = 2_000


def chunk(content: bytes, offset: int, size: int = SIZE) -> tuple[int, bytes, str]:
    part = content[offset : offset + size]
    return offset, part, hashlib.sha256(part).hexdigest()


def send(case: Case, attachment: Attachment, content: bytes, start: int, until: int) -> int:
    """Send chunks from an offset on as a browser does, until the line breaks; how much is there then."""
    offset = start
    while offset < min(until, len(content)):
        piece = casework.receive(case.pk, attachment.pk, 0, chunk(content, offset), actor=case.owner)
        offset = piece.received
    return offset


def test_an_upload_that_breaks_off_twice_goes_on_where_it_stopped() -> None:
    case = stages.draft()
    third = len(BIG) // 3

    attachment = casework.begin_upload(case.pk, DOCUMENT, announced(BIG), actor=case.owner)
    first = send(case, attachment, BIG, 0, third)
    again = casework.begin_upload(case.pk, DOCUMENT, announced(BIG), actor=case.owner)
    second = send(case, again, BIG, again.pieces.get().received, 2 * third)
    last = casework.begin_upload(case.pk, DOCUMENT, announced(BIG), actor=case.owner)
    send(case, last, BIG, last.pieces.get().received, len(BIG))

    assert attachment == again == last
    assert 0 < first < second < len(BIG)
    assert content_of(attachment.pieces.get()) == BIG
    assert Attachment.objects.get().state == AttachmentState.CHECKING
    assert Job.objects.filter(name="casework.check_document").count() == 1


def test_a_chunk_sent_twice_and_one_out_of_order_change_nothing() -> None:
    case = stages.draft()
    attachment = casework.begin_upload(case.pk, DOCUMENT, announced(BIG), actor=case.owner)

    received = [
        casework.receive(case.pk, attachment.pk, 0, chunk(BIG, offset), actor=case.owner).received
        for offset in (0, 0, 3 * SIZE, SIZE, 0)
    ]

    assert received == [SIZE, SIZE, SIZE, 2 * SIZE, 2 * SIZE]
    assert content_of(attachment.pieces.get()) == BIG[: 2 * SIZE]


def test_the_last_chunk_sent_again_after_a_lost_answer_does_no_harm() -> None:
    case = stages.draft()
    small = hostile.picture(60, 80)
    attachment = casework.begin_upload(case.pk, DOCUMENT, announced(small), actor=case.owner)

    for _ in range(2):
        piece = casework.receive(case.pk, attachment.pk, 0, chunk(small, 0, 10**6), actor=case.owner)

    assert (piece.received, piece.attachment.state) == (len(small), AttachmentState.CHECKING)
    assert kinds(case) == ["document_added"]


@pytest.mark.parametrize(
    ("made", "code"),
    [
        ((0, BIG[:SIZE], "0" * 64), "damaged"),
        ((0, BIG + b"more", hashlib.sha256(BIG + b"more").hexdigest()), "too_much"),
    ],
)
def test_a_chunk_that_is_not_what_it_says_is_refused(made: tuple[int, bytes, str], code: str) -> None:
    case = stages.draft()
    attachment = casework.begin_upload(case.pk, DOCUMENT, announced(BIG), actor=case.owner)

    assert refusal(casework.receive, case.pk, attachment.pk, 0, made, actor=case.owner) == code
    assert attachment.pieces.get().received == 0


def test_a_file_of_another_kind_is_not_usable_with_its_first_chunk() -> None:
    case = stages.draft()
    content = b"MZ" + bytes(5_000)
    attachment = casework.begin_upload(case.pk, DOCUMENT, announced(content), actor=case.owner)

    casework.receive(case.pk, attachment.pk, 0, chunk(content, 0), actor=case.owner)

    attachment.refresh_from_db()
    assert (attachment.state, attachment.reason, attachment.size) == ("refused", "unknown_kind", 0)
    assert not Chunk.objects.exists()


def test_a_file_that_changed_on_its_way_is_not_usable() -> None:
    case = stages.draft()
    small, other = hostile.picture(60, 80), bytearray(hostile.picture(60, 80))
    other[-10] ^= 1
    attachment = casework.begin_upload(case.pk, DOCUMENT, announced(small), actor=case.owner)

    casework.receive(case.pk, attachment.pk, 0, chunk(bytes(other), 0, 10**6), actor=case.owner)

    attachment.refresh_from_db()
    assert (attachment.state, attachment.reason) == ("refused", "damaged")


def test_uploads_that_broke_off_are_forgotten_after_two_days_with_their_bytes() -> None:
    case = stages.draft()
    attachment = casework.begin_upload(case.pk, DOCUMENT, announced(BIG), actor=case.owner)
    send(case, attachment, BIG, 0, SIZE)
    attaching.added(case, hostile.picture(60, 80))

    with clock.at(timezone.now() + timedelta(days=1, hours=23)):
        assert checking.sweep() == 0
    with clock.at(timezone.now() + timedelta(days=2, hours=1)):
        assert checking.sweep() == 1

    assert list(Attachment.objects.values_list("state", flat=True)) == ["checking"]
    assert Chunk.objects.count() == 1
