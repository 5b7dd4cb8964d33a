"""Drafts and accounts that go, and everything of a person as one file."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.db import ProgrammingError, transaction

from consular import casework
from consular.accounts.models import User
from consular.cases import readers, retention
from consular.cases.lookup import Wanted
from consular.cases.models import Answers, Attachment, Case, Event, Mandate, Opening
from consular.casework import forgetting
from consular.core import clock, jobs
from consular.core.errors import Refused
from consular.notifications.models import Notification
from tests import factories, harm, stages
from tests.casework import attaching, kin

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("missions")]

SECRET = "the secret of a browser"


def refusal(call: object, *args: object, **more: object) -> str:
    """How the verb refuses."""
    with pytest.raises(Refused) as refused:
        call(*args, **more)
    return refused.value.code


def old(case: Case, days: float) -> Case:
    """The draft as if nobody had worked on it for so many days."""
    moment = clock.now() - timedelta(days=days)
    Answers.objects.filter(case=case).update(saved_at=moment)
    Case.objects.filter(pk=case.pk).update(changed_at=moment)
    return case


def test_a_draft_goes_with_everything_and_only_for_its_owner() -> None:
    stages.ministry()
    owner, other = factories.applicant(), stages.draft()
    draft = kin.child(owner)
    kin.asked(draft)
    journey = casework.add_person(draft.pk, language="en", actor=owner).journey
    attaching.added(draft)
    mine = stages.draft(secret=SECRET)
    for actor, secret in ((factories.applicant(), None), (None, "another browser"), (None, SECRET)):
        assert refusal(casework.delete_draft, draft.pk, actor=actor, secret=secret) == "not_found"

    casework.delete_draft(draft.pk, actor=owner)
    casework.delete_draft(mine.pk, actor=None, secret=SECRET)
    jobs.work()

    assert not Attachment.objects.exists()
    assert list(Case.objects.filter(journey=journey).values_list("owner", flat=True)) == [owner.pk]
    assert not Case.objects.filter(pk__in=[draft.pk, mine.pk]).exists()
    assert Case.objects.filter(pk=other.pk).exists()


def test_what_was_sent_is_no_draft_and_its_history_stays() -> None:
    stages.ministry()
    case = stages.sent()
    assert refusal(casework.delete_draft, case.pk, actor=case.owner) == "not_found"
    with pytest.raises(ProgrammingError, match="Cannot delete"), transaction.atomic():
        Event.objects.filter(case=case).delete()

    with harm.without_trigger("cases.Event:append_only"):
        assert Event.objects.filter(case=case).delete()[0]


def test_drafts_nobody_works_on_are_announced_and_then_deleted() -> None:
    rule = retention.of_drafts()
    days, early = rule.kept.days, (rule.kept - rule.told).days
    fresh, told = old(stages.draft(), early - 1), old(stages.draft(), early + 1)
    nobodys = old(stages.draft(secret=SECRET), days + 1)
    assert forgetting.sweep() == 1
    assert not Case.objects.filter(pk=nobodys.pk).exists()
    assert list(Notification.objects.filter(kind="draft_ends").values_list("case", flat=True)) == [told.pk]

    old(told, days + 1)
    assert forgetting.sweep() == 0, "the mail is not a week old"
    Notification.objects.update(promised_at=clock.now() - rule.told - timedelta(hours=1))
    assert forgetting.sweep() == 1

    assert list(Case.objects.values_list("pk", flat=True)) == [fresh.pk]
    jobs.work()


def test_a_draft_somebody_works_on_again_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    rule = retention.of_drafts()
    draft = old(stages.draft(), rule.kept.days + 1)
    forgetting.sweep()
    Notification.objects.update(promised_at=clock.now() - rule.told - timedelta(hours=1))
    attachment = attaching.added(draft)
    assert forgetting.sweep() == 0

    attachment.delete()
    casework.save(draft.pk, {"surname": "Again"}, revision=0, actor=draft.owner)
    assert forgetting.sweep() == 0


def test_who_was_told_before_adding_a_document_is_told_again_before_the_draft_goes() -> None:
    rule, now = retention.of_drafts(), clock.now()
    draft = old(stages.draft(), rule.kept.days)
    forgetting.sweep()
    attaching.added(draft)
    assert Notification.objects.filter(case=draft).count() == 1

    with clock.at(now + rule.kept + timedelta(days=1)):
        assert forgetting.sweep() == 0
        assert Notification.objects.filter(case=draft).count() == 2
    with clock.at(now + rule.kept + rule.told + timedelta(days=2)):
        assert forgetting.sweep() == 1


def test_an_account_goes_while_nothing_has_to_be_kept() -> None:
    stages.ministry()
    owner = factories.applicant()
    old(stages.draft(owner), 70)
    forgetting.sweep()
    casework.delete_account(actor=owner)
    assert not User.objects.filter(pk=owner.pk).exists()

    kept = stages.sent().owner
    assert refusal(casework.delete_account, actor=kept) == "kept"
    assert User.objects.filter(pk=kept.pk).exists()


def test_the_applicant_sees_who_read_the_case_by_role_mission_and_purpose() -> None:
    post = stages.ministry()
    case = stages.sent()
    attachment = attaching.ready(case)
    for _ in range(3):
        casework.look(case.pk, actor=post.clerk)
    casework.search(Wanted(name="Mensah"), purpose="mail", actor=post.caseworker)
    casework.open_document(attachment.pk, actor=post.caseworker)
    casework.open_document(attachment.pk, actor=case.owner)

    told = {(each.role, each.purpose, each.is_search) for each in readers.of(case)}

    assert told == {
        ("Intake clerk", "Work on your case", False),
        ("Caseworker", "Letter or e-mail that belongs to a case", True),
        ("Caseworker", "Looking at your documents", False),
    }
    assert {each.mission for each in readers.of(case)} == {"Consulate General in Mumbai"}
    assert not any(officer.name in str(readers.of(case)) for officer in (post.clerk, post.caseworker))
    with pytest.raises(ProgrammingError, match="Cannot delete"), transaction.atomic():
        Opening.objects.all().delete()
    with harm.without_trigger("cases.Opening:kept"):
        Opening.objects.all().delete()
    assert ("Intake clerk", "Work on your case", False) not in {
        (each.role, each.purpose, each.is_search) for each in readers.of(case)
    }


def test_my_data_is_all_of_mine_and_nobody_elses() -> None:
    post = stages.ministry()
    case, other = stages.sent(), stages.sent(surname="Okafor")
    acting = {
        "capacity": "lawyer",
        "address": {},
        "since": clock.today(),
        "version": 1,
        "declared_at": clock.now(),
    }
    Mandate.objects.create(case=case, surname="Lindqvist", **acting)
    Mandate.objects.create(case=other, surname="Okafor", **acting)
    attaching.ready(case, b"%PDF-1.4\nmy copy")
    attaching.ready(other, b"%PDF-1.4\nanother copy")
    casework.reply(case.pk, "A question", actor=case.owner)
    casework.note(case.pk, "An internal note", actor=post.clerk)
    jobs.work()

    with zipfile.ZipFile(io.BytesIO(b"".join(casework.take_own_data(actor=case.owner)))) as archive:
        names = archive.namelist()
        content = {name: archive.read(name) for name in names}

    said = json.loads(content["data.json"])
    assert [each["reference"] for each in said["cases"]] == [case.reference]
    mine = said["cases"][0]
    assert mine["answers"] == Answers.objects.get(case=case).data
    assert [each["body"] for each in mine["messages"]] == ["A question"]
    assert mine["represented_by"]["surname"] == "Lindqvist"
    assert (mine["consent_of_other_parent"], mine["waiting"]) == ([], [])
    assert [name.split("/")[1] for name in names[1:]] == ["letters", "documents"]
    assert any(part.endswith(b"my copy") for part in content.values())
    assert not any(b"another copy" in part or b"Okafor" in part for part in content.values())
    assert case.events.filter(kind="own_data").count() == 1
    assert not other.events.filter(kind="own_data").exists()
