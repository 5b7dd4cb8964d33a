"""Adding documents to a case: who, when, how much, and what becomes of an upload that breaks off."""

import pytest

from consular import casework
from consular.cases.attachments import AttachmentState, content_of
from consular.cases.models import Attachment, Case, Chunk, Event, Phase
from consular.casework import attachments, room
from consular.core.models import Job
from tests import factories, stages
from tests.casework import attaching
from tests.casework.attaching import DOCUMENT, announced, kinds, refusal
from tests.files import hostile

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("missions")]

BIG = hostile.picture(900, 1200, quality=95)


def test_a_document_that_was_added_waits_for_its_check() -> None:
    case = stages.draft()

    attachment = attaching.added(case, hostile.picture(), name="../Bank\u202e statement.jpg")

    assert (attachment.state, attachment.name) == (AttachmentState.CHECKING, "Bank statement.jpg")
    assert Job.objects.get(name="casework.check_document").payload == {"attachment": attachment.pk}
    assert kinds(case) == ["document_added"]


def test_what_waits_in_the_database_cannot_be_read_there() -> None:
    case = stages.draft()

    attachment = attaching.added(case, hostile.with_exif())

    sealed = bytes(Chunk.objects.get(piece__attachment=attachment).content)
    assert hostile.SECRET not in sealed
    assert hostile.SECRET in content_of(attachment.pieces.get())


def test_the_same_files_twice_are_one_document() -> None:
    case = stages.draft()

    first, second = (attaching.added(case, hostile.picture()) for _ in range(2))

    assert first == second
    assert kinds(case) == ["document_added"]


def test_the_same_file_for_another_line_is_another_document() -> None:
    case = stages.draft()

    assert attaching.added(case) != attaching.added(case, document="insurance")


@pytest.mark.parametrize(
    ("contents", "code"),
    [
        ([b"GIF89a"], "unknown_kind"),
        ([b""], "unknown_kind"),
        ([hostile.picture(60, 80), b"MZ"], "unknown_kind"),
        ([], "number_of_files"),
        ([hostile.picture(60, 80)] * 31, "number_of_files"),
    ],
)
def test_what_cannot_be_a_document_is_refused_and_nothing_is_kept(contents: list[bytes], code: str) -> None:
    case = stages.draft()
    pieces = [("a", content) for content in contents]

    assert refusal(casework.add_document, case.pk, DOCUMENT, pieces, actor=case.owner) == code
    assert not Attachment.objects.exists()


def test_only_lines_of_the_checklist_take_documents() -> None:
    case = stages.draft()

    assert refusal(attaching.added, case, document="diary") == "not_asked"
    assert attaching.added(case, document="other").document == "other"


def test_a_stranger_adds_nothing_and_neither_does_an_officer() -> None:
    post = stages.ministry()
    case = stages.sent()
    pieces = [("a", hostile.picture(60, 80))]

    for actor in (factories.applicant(), post.clerk):
        assert refusal(casework.add_document, case.pk, DOCUMENT, pieces, actor=actor) == "not_found"


def test_only_asking_whose_it_is_keeps_a_stranger_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: the same where the case is found without asking."""
    case = stages.draft()
    monkeypatch.setattr(
        attachments,
        "own_case",
        lambda pk, _actor: Case.objects.select_related("answers", "mission").get(pk=pk),
    )

    pieces = [("a", hostile.picture(60, 80))]
    assert casework.add_document(case.pk, DOCUMENT, pieces, actor=factories.applicant()).pk


def test_a_sent_case_takes_documents_only_while_the_mission_waits_for_the_applicant() -> None:
    post = stages.ministry()
    case = stages.sent()
    assert refusal(attaching.added, case) == "not_your_turn"

    stages.do(case, post.clerk, complete=False, request="Bank statements, please.")

    assert Case.objects.get(pk=case.pk).phase == Phase.YOUR_TURN
    assert attaching.added(case).state == AttachmentState.CHECKING


def test_without_asking_whose_turn_it_is_a_decided_case_would_grow(monkeypatch: pytest.MonkeyPatch) -> None:
    case = factories.sent_case()
    monkeypatch.setattr(attachments, "OPEN", frozenset(Phase))

    assert attaching.added(case, document="other").pk


@pytest.mark.parametrize(
    ("limit", "most", "code"),
    [
        ("MOST_DOCUMENTS", 2, "too_many"),
        ("MOST_ARRIVING", 2, "too_many"),
        ("LARGEST_CASE", 2_500, "no_room"),
        ("LARGEST_ACCOUNT", 2_500, "no_room"),
    ],
)
def test_there_is_room_for_so_much_and_without_the_limit_for_anything(
    limit: str, most: int, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = stages.draft()
    other = stages.draft(case.owner) if limit == "LARGEST_ACCOUNT" else case
    pictures = [hostile.picture(60 + number, 80) for number in range(3)]
    attaching.added(other, pictures[0])
    attaching.added(other, pictures[1])

    with monkeypatch.context() as smaller:
        smaller.setattr(room, limit, most)
        assert refusal(attaching.added, case, pictures[2]) == code

    assert attaching.added(case, pictures[2]).pk


def test_what_is_announced_counts_before_it_arrives(monkeypatch: pytest.MonkeyPatch) -> None:
    case = stages.draft()
    monkeypatch.setattr(room, "LARGEST_CASE", len(BIG) + 100)

    casework.begin_upload(case.pk, DOCUMENT, announced(BIG), actor=case.owner)

    assert refusal(attaching.added, case, hostile.picture(60, 80)) == "no_room"


def test_a_draft_lets_go_of_its_documents_and_a_sent_case_keeps_them() -> None:
    post = stages.ministry()
    case = stages.draft()
    attachment = attaching.checked(case, hostile.picture(60, 80))
    casework.remove_document(case.pk, attachment.pk, actor=case.owner)
    assert (Attachment.objects.count(), kinds(case)) == (0, ["document_added", "document_removed"])
    kept = attaching.checked(case, hostile.picture(60, 80))
    case = casework.submit(case.pk, attested=stages.ATTESTED, actor=case.owner)
    stages.do(case, post.clerk, complete=False, request="Bank statements, please.")

    assert refusal(casework.remove_document, case.pk, kept.pk, actor=case.owner) == "kept"


def test_opening_a_copy_is_written_down_with_who_did_it_for_officers_only() -> None:
    post = stages.ministry()
    case = stages.sent()
    attachment = attaching.ready(case)

    casework.open_document(attachment.pk, actor=case.owner)
    opened = casework.open_document(attachment.pk, actor=post.clerk)

    assert opened.content == b"%PDF-1.4\nthe copy"
    event = Event.objects.get(case=case, kind="document_opened")
    assert (event.actor, event.data["attachment"]) == (post.clerk, attachment.pk)


def test_without_the_line_in_the_verb_nobody_would_know_who_looked(monkeypatch: pytest.MonkeyPatch) -> None:
    post = stages.ministry()
    case = stages.sent()
    attachment = attaching.ready(case)
    monkeypatch.setattr("consular.casework.attachments.record.event", lambda *_args, **_data: None)

    casework.open_document(attachment.pk, actor=post.clerk)

    assert not Event.objects.filter(kind="document_opened").exists()


def test_strangers_and_other_missions_open_nothing() -> None:
    stages.ministry()
    attachment = attaching.ready(stages.sent())
    abroad = factories.official("caseworker", mission=factories.mission())

    for actor in (factories.applicant(), abroad):
        assert refusal(casework.open_document, attachment.pk, actor=actor) == "not_found"
        assert refusal(attachments.preview, attachment.pk, actor=actor) == "not_found"
