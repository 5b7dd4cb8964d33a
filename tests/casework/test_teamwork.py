"""Flags, mentions, notes being written, and who has a case open."""

from datetime import timedelta

import pytest

from consular import casework
from consular.accounts.models import Role
from consular.cases import beside, history
from consular.cases.models import Audience, Case, CaseQuerySet, Flag, Mention, Message, NoteDraft, Opening
from consular.cases.teamwork import flag_kinds
from consular.casework import correspondence, teamwork
from consular.core import clock
from consular.core.errors import Refused
from consular.missions.postings import duties
from consular.notifications.models import Notification
from consular.notifications.sending import compose
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def case() -> Case:
    return factories.sent_case()


def officer(case: Case, role: Role = Role.CASEWORKER):
    return factories.official(role, mission=case.mission)


def test_a_flag_is_set_once_removed_once_and_stays_in_the_history(case: Case) -> None:
    one, other = officer(case), officer(case)
    for _ in range(2):
        casework.set_flag(case.reference, "fraud_suspicion", actor=one)
    shown = beside.of(case, other, clock.today())

    casework.set_flag(case.reference, "urgent", actor=one)
    for _ in range(2):
        casework.remove_flag(case.reference, "fraud_suspicion", actor=other)

    assert [(flag.kind.id, flag.by) for flag in shown.flags] == [("fraud_suspicion", one.name)]
    assert [kind.id for kind in shown.unset] == [name for name in flag_kinds() if name != "fraud_suspicion"]
    assert list(case.flags.order_by("pk").values_list("kind", "set_by", "removed_by")) == [
        ("fraud_suspicion", one.pk, other.pk), ("urgent", one.pk, None),
    ]  # fmt: skip
    assert [entry.what for entry in history.for_officers(case)] == ["Flag removed", "Flag set", "Flag set"]
    assert history.for_applicant(case) == []


@pytest.mark.parametrize("act", [casework.set_flag, casework.remove_flag])
def test_only_who_may_write_on_a_case_sets_and_removes_flags(case: Case, act, monkeypatch) -> None:
    auditor, stranger = (
        officer(case, Role.AUDITOR),
        factories.official(Role.CASEWORKER, mission=factories.mission()),
    )

    for who, code in ((auditor, "forbidden"), (stranger, "not_found"), (case.owner, "not_found")):
        with pytest.raises(Refused) as refused:
            act(case.reference, "urgent", actor=who)
        assert refused.value.code == code
    monkeypatch.setattr(correspondence, "may_write", lambda *_anything: True)
    act(case.reference, "urgent", actor=auditor)

    assert Flag.objects.filter(case=case).exists() == (act is casework.set_flag)


def test_officers_set_no_flags_and_leave_no_notes_on_their_own_application(case: Case, monkeypatch) -> None:
    colleague, twin = officer(case), officer(case)
    casework.set_flag(case.reference, "fraud_suspicion", actor=colleague)
    type(twin).objects.filter(pk=twin.pk).update(person=case.owner.person)
    twin.refresh_from_db()
    acts = (
        lambda: casework.remove_flag(case.reference, "fraud_suspicion", actor=twin),
        lambda: casework.set_flag(case.reference, "urgent", actor=twin),
        lambda: casework.note(case.pk, "All is well.", actor=twin),
        lambda: casework.reply(case.pk, "All is well.", actor=twin),
        lambda: casework.mention(case.pk, "All is well.", [colleague.pk], actor=twin),
    )

    for act in acts:
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.code == "own_case"
    casework.reply(case.pk, "A question of my own.", actor=case.owner)
    monkeypatch.setattr(correspondence, "require_another", lambda *_anything: None)  # negative control
    acts[0]()

    assert not Flag.objects.filter(case=case, removed_at=None).exists()


def test_a_mention_reaches_colleagues_who_may_see_the_case_and_nobody_else(case: Case) -> None:
    author, reader, auditor = officer(case), officer(case, Role.DECIDER), officer(case, Role.AUDITOR)
    stranger = factories.official(Role.CASEWORKER, mission=factories.mission())
    twin = officer(case)
    type(twin).objects.filter(pk=twin.pk).update(person=case.owner.person)

    note = casework.mention(case.pk, "Please look at the stamp.", [reader.pk, auditor.pk], actor=author)
    for wrong in (stranger, twin, author, case.owner):
        with pytest.raises(Refused) as refused:
            casework.mention(case.pk, "x", [reader.pk, wrong.pk], actor=author)
        assert refused.value.code == "nobody"

    assert beside.of(case, author, clock.today()).colleagues == {
        reader.pk: reader.name,
        auditor.pk: auditor.name,
    }
    assert beside.of(case, author, clock.today()).mentioned == {note.pk: (reader.name, auditor.name)}
    assert [each.message for each in teamwork.to_read(reader, duties(reader))] == [note]
    mails = [compose(row) for row in Notification.objects.filter(kind="mentioned").order_by("pk")]
    assert [mail.to for mail in mails] == [[reader.email], [auditor.email]]
    assert not any("stamp" in mail.body + mail.subject or case.reference in mail.body for mail in mails)
    casework.read_mention(Mention.objects.get(to=reader).pk, actor=auditor)
    assert len(teamwork.to_read(reader, duties(reader))) == 1
    casework.read_mention(Mention.objects.get(to=reader).pk, actor=reader)
    assert teamwork.to_read(reader, duties(reader)) == []


def test_who_may_see_the_case_no_more_is_told_of_no_mention(case: Case, monkeypatch) -> None:
    author, reader = officer(case), officer(case)
    casework.mention(case.pk, "x", [reader.pk], actor=author)
    reader.postings.update(ends_on=clock.today() - timedelta(days=1))

    assert teamwork.to_read(reader, duties(reader)) == []
    monkeypatch.setattr(CaseQuerySet, "visible_to", lambda cases, *_who: cases.all())
    assert len(teamwork.to_read(reader, duties(reader))) == 1


def test_a_note_that_is_being_written_is_its_authors_until_it_is_sent(case: Case) -> None:
    author, other = officer(case), officer(case)
    for text in ("The st", "The stamp\x07 looks old"):
        casework.keep_note(case.pk, text, actor=author)
    today = clock.today()

    assert beside.of(case, author, today).draft == "The stamp looks old"
    assert beside.of(case, other, today).draft == ""
    casework.note(case.pk, "Mine", actor=other)
    assert beside.of(case, author, today).draft == "The stamp looks old"
    correspondence.send(case, "Passed on.", audience=Audience.INTERNAL, actor=author)
    assert beside.of(case, author, today).draft == "The stamp looks old", "another act sends another text"
    casework.note(case.pk, "The stamp looks old.", actor=author)
    for late in ("The stamp looks", "The stamp looks old."):
        casework.keep_note(case.pk, late, actor=author)
    assert not NoteDraft.objects.exists(), "the page asked for it before it was sent, and was heard after"
    casework.keep_note(case.pk, "The stamp looks old. And", actor=author)
    assert NoteDraft.objects.get().text == "The stamp looks old. And"
    Message.objects.filter(author=author).update(sent_at=clock.now() - teamwork.JUST_SENT)
    casework.keep_note(case.pk, "The stamp", actor=author)
    assert NoteDraft.objects.get().text == "The stamp", "what was sent long ago may be written again"
    casework.keep_note(case.pk, "x", actor=author)
    casework.keep_note(case.pk, "  ", actor=author)
    assert not NoteDraft.objects.exists()


def test_notes_are_kept_for_writers_only_and_forgotten_after_a_month(case: Case) -> None:
    author = officer(case)
    casework.keep_note(case.pk, "x", actor=author)
    for who in (officer(case, Role.AUDITOR), factories.official(), case.owner):
        with pytest.raises(Refused):
            casework.keep_note(case.pk, "x", actor=who)
    with pytest.raises(Refused):
        casework.keep_note(case.pk, "x" * 5001, actor=author)

    assert teamwork.sweep() == 0
    NoteDraft.objects.update(saved_at=clock.now() - timedelta(days=31))
    assert teamwork.sweep() == 1


def test_colleagues_see_each_other_for_a_while_and_the_openings_of_a_day_are_one_row(case: Case) -> None:
    one, other = officer(case), officer(case)

    assert casework.look(case.pk, actor=one) == []
    (reader,) = casework.look(case.pk, actor=other)
    assert (reader.name, reader.since) == (one.name, Opening.objects.get(by=one).since)
    casework.look(case.pk, actor=one)
    assert (Opening.objects.get(by=one).times, Opening.objects.get(by=other).times) == (2, 1)
    Opening.objects.filter(by=one).update(last_at=clock.now() - teamwork.OPEN_FOR * 2)
    assert casework.look(case.pk, actor=other) == []
    before = Opening.objects.get(by=one)
    casework.look(case.pk, actor=one)
    after = Opening.objects.get(by=one)
    assert (after.first_at, after.since > before.since, after.times) == (before.first_at, True, 3)
    Opening.objects.filter(by=other).update(day=clock.today() - timedelta(days=731))
    assert (teamwork.sweep(), Opening.objects.get()) == (1, after)
