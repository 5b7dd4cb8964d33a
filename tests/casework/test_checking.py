"""Checking a document: nothing is shown before a scanner said yes and the child drew it anew, and it is done once."""

import io

import pytest
from django.db import connection
from django.test import override_settings

from consular import casework, files
from consular.cases.attachments import AttachmentState
from consular.cases.models import Attachment, Chunk, Event, SafeCopy
from consular.casework import checking, room
from consular.casework.attachments import preview
from consular.core import jobs
from consular.core.errors import Refused
from consular.core.models import Job
from tests import stages
from tests.casework import attaching
from tests.files import hostile, scanner
from tests.files.portrait import portrait

pytestmark = pytest.mark.django_db


def photo(**how: object) -> bytes:
    kept = io.BytesIO()
    portrait(**how).save(kept, "JPEG", quality=92)
    return kept.getvalue()


def opened(attachment: Attachment) -> bytes:
    return casework.open_document(attachment.pk, actor=attachment.added_by).content


def test_a_checked_document_is_a_copy_and_the_original_is_gone() -> None:
    original = hostile.with_exif()

    attachment = attaching.checked(stages.draft(), original, hostile.statement(2))

    assert (attachment.state, attachment.kind, attachment.pages) == (AttachmentState.READY, "pdf", 3)
    copy = opened(attachment)
    assert copy.startswith(b"%PDF-1.4")
    assert hostile.SECRET not in copy
    assert attachment.size == len(copy) + len(preview(attachment.pk, actor=attachment.added_by))
    assert not Chunk.objects.exists()
    assert [piece.size for piece in attachment.pieces.order_by("position")] == [
        len(original),
        len(hostile.statement(2)),
    ]


def test_neither_copy_nor_preview_can_be_read_in_the_database() -> None:
    attachment = attaching.checked(stages.draft(), hostile.picture(60, 80))

    row = SafeCopy.objects.get(attachment=attachment)
    assert b"%PDF" not in bytes(row.content)
    assert b"JFIF" not in bytes(row.preview)


def test_a_photo_stays_a_photo_and_gets_advice() -> None:
    case = stages.draft()

    good = attaching.checked(case, photo(), document="photo")
    poor = attaching.checked(case, photo(ground="#303840"), document="photo")

    assert (good.kind, good.advice) == ("jpeg", [])
    assert "background_dark" in poor.advice


def test_advice_that_nobody_has_words_for_is_not_written() -> None:
    attachment = attaching.added(stages.draft(), photo(), document="photo")
    copy = files.Copy("jpeg", b"\xff\xd8\xff", b"", 1, ("<b>",), alone=True)

    with pytest.raises(ValueError, match="<b>"):
        checking.write_copy(attachment.pk, copy)

    attachment.refresh_from_db()
    assert attachment.state == AttachmentState.CHECKING


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (hostile.locked(), "locked"),
        (hostile.DAMAGED["half a photo"], "damaged"),
        (hostile.claimed(60_000, 60_000), "too_large"),
    ],
)
def test_what_cannot_be_shown_is_deleted_and_its_reason_kept(content: bytes, reason: str) -> None:
    attachment = attaching.checked(stages.draft(), content)

    assert (attachment.state, attachment.reason, attachment.size) == ("refused", reason, 0)
    assert (Chunk.objects.count(), SafeCopy.objects.count()) == (0, 0)
    assert Event.objects.get(kind="document_refused").data["reason"] == reason


def test_a_virus_is_deleted() -> None:
    with scanner.running() as running, override_settings(CLAMAV_URL=running.address):
        attachment = attaching.checked(stages.draft(), hostile.picture(60, 80) + scanner.EICAR)

    assert (attachment.state, attachment.reason) == ("refused", "virus")
    assert not Chunk.objects.exists()


def test_every_file_of_a_document_is_scanned_before_anything_reads_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pieces = [hostile.picture(60, 80), hostile.statement()]
    read = list[int]()
    monkeypatch.setattr(files, "rerender", lambda *_args, **_how: read.append(len(running.seen)) or _unfit())

    with scanner.running() as running, override_settings(CLAMAV_URL=running.address):
        attaching.checked(stages.draft(), *pieces)

    assert (running.seen, read) == (pieces, [2])


def _unfit() -> None:
    raise files.Unfit("damaged")


@pytest.mark.parametrize("how", ["an error", "garbage", "half an answer", "another answer"])
def test_without_a_clear_answer_it_stays_being_checked_and_nobody_sees_it(how: str) -> None:
    with scanner.running(scanner.FAILING[how]) as running, override_settings(CLAMAV_URL=running.address):
        attachment = attaching.checked(stages.draft(), hostile.picture(60, 80))

    assert attachment.state == AttachmentState.CHECKING
    job = Job.objects.get(name="casework.check_document")
    assert (job.done_at, job.error) == (None, "ScannerAway")
    with pytest.raises(Refused):
        opened(attachment)


def test_when_the_scanner_is_back_the_document_is_checked() -> None:
    with override_settings(CLAMAV_URL="tcp://127.0.0.1:1"):
        attachment = attaching.checked(stages.draft(), hostile.picture(60, 80))
    assert attachment.state == AttachmentState.CHECKING

    Job.objects.update(run_at=attachment.created_at)
    with scanner.running() as running, override_settings(CLAMAV_URL=running.address):
        jobs.work()

    attachment.refresh_from_db()
    assert attachment.state == AttachmentState.READY


def test_if_silence_counted_as_clean_a_virus_would_be_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: the same where no answer is taken for a good one."""
    monkeypatch.setattr(checking.clamd, "scan", lambda *_args: None)

    with override_settings(CLAMAV_URL="tcp://127.0.0.1:1"):
        attachment = attaching.checked(stages.draft(), hostile.picture(60, 80) + scanner.EICAR)

    assert attachment.state == AttachmentState.READY


def test_a_second_run_does_nothing() -> None:
    attachment = attaching.checked(stages.draft(), hostile.picture(60, 80))
    before = Event.objects.count()

    checking.check({"attachment": attachment.pk})
    checking.write_refused(attachment.pk, "virus")

    attachment.refresh_from_db()
    assert (attachment.state, Event.objects.count()) == (AttachmentState.READY, before)


def test_a_document_that_was_taken_away_meanwhile_is_not_checked() -> None:
    case = stages.draft()
    attachment = attaching.added(case)
    pk = attachment.pk
    casework.remove_document(case.pk, pk, actor=case.owner)

    checking.check({"attachment": pk})
    checking.write_refused(pk, "virus")

    assert not Attachment.objects.exists()


def test_a_child_that_fails_for_its_own_reasons_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files.rendering.sys, "executable", "/bin/false")

    attachment = attaching.checked(stages.draft())

    assert attachment.state == AttachmentState.CHECKING
    assert Job.objects.get(name="casework.check_document").error == "RendererFailed"


def test_a_copy_for_which_there_is_no_room_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    case = stages.draft()
    attachment = attaching.added(case, hostile.statement())
    monkeypatch.setattr(room, "LARGEST_CASE", len(hostile.statement()) + 100)

    jobs.work()

    attachment.refresh_from_db()
    assert (attachment.state, attachment.reason) == ("refused", "no_room")


def test_checking_holds_no_transaction_while_it_scans_and_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    held = list[bool]()
    monkeypatch.setattr(
        checking, "_scan", lambda _contents: held.append(len(connection.savepoint_ids) > outside)
    )
    attachment = attaching.added(stages.draft())
    outside = len(connection.savepoint_ids)

    checking.check({"attachment": attachment.pk})

    assert held == [False]
