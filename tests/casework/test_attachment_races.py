"""Two that act on one document in the same moment: one of them counts, because of the lock on the case."""

import hashlib

import pytest
from django.db import IntegrityError
from django.db.models import QuerySet

from consular import casework, files
from consular.cases.models import Attachment, Case, Chunk, Event, SafeCopy
from consular.casework import attachments, checking
from consular.core.models import Job
from tests import stages
from tests.casework import attaching
from tests.casework.racing import meet, together
from tests.files import hostile

pytestmark = pytest.mark.django_db(transaction=True)

CONTENT = hostile.picture(60, 80)
COPY = files.Copy("pdf", b"%PDF-1.4\n", b"\xff\xd8\xff", 1, (), alone=True)


def _begun() -> tuple[Case, Attachment]:
    case = stages.draft()
    return case, casework.begin_upload(
        case.pk, attaching.DOCUMENT, attaching.announced(CONTENT), actor=case.owner
    )


def test_the_last_chunk_sent_twice_at_once_is_kept_once() -> None:
    case, attachment = _begun()
    last = (0, CONTENT, hashlib.sha256(CONTENT).hexdigest())

    told = together(*[lambda: casework.receive(case.pk, attachment.pk, 0, last, actor=case.owner)] * 2)

    assert told == ["", ""]
    assert (Chunk.objects.count(), Event.objects.filter(kind="document_added").count()) == (1, 1)


def test_without_the_lock_only_the_database_refuses_the_second(monkeypatch: pytest.MonkeyPatch) -> None:
    case, attachment = _begun()
    last = (0, CONTENT, hashlib.sha256(CONTENT).hexdigest())
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_: rows)
    monkeypatch.setattr(attachments, "_keep", meet(attachments._keep, 2))

    with pytest.raises(IntegrityError):
        together(*[lambda: casework.receive(case.pk, attachment.pk, 0, last, actor=case.owner)] * 2)


def test_a_document_added_twice_at_once_is_one() -> None:
    case = stages.draft()

    told = together(*[lambda: attaching.added(case, CONTENT)] * 2)

    assert told == ["", ""]
    assert (Attachment.objects.count(), Job.objects.filter(name="casework.check_document").count()) == (1, 1)


def test_without_the_lock_a_document_added_twice_at_once_would_be_two(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = stages.draft()
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_: rows)
    monkeypatch.setattr(attachments.room, "judge", meet(attachments.room.judge, 2))

    together(*[lambda: attaching.added(case, CONTENT)] * 2)

    assert Attachment.objects.count() == 2


def test_two_workers_that_checked_the_same_document_write_one_copy() -> None:
    attachment = attaching.added(stages.draft(), CONTENT)

    told = together(*[lambda: checking.write_copy(attachment.pk, COPY)] * 2)

    assert (told, SafeCopy.objects.count()) == (["", ""], 1)


def test_without_the_lock_the_key_of_the_copy_refuses_the_second(monkeypatch: pytest.MonkeyPatch) -> None:
    attachment = attaching.added(stages.draft(), CONTENT)
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_: rows)
    monkeypatch.setattr(checking.room, "has_room", meet(checking.room.has_room, 2))

    with pytest.raises(IntegrityError):
        together(*[lambda: checking.write_copy(attachment.pk, COPY)] * 2)
