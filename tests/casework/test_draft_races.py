"""The same draft in two windows at the same moment: one of them is told."""

from collections.abc import Callable

import pytest
from django.db.models import QuerySet

from consular import casework
from consular.accounts.models import User
from consular.cases.models import Answers, Case
from consular.casework import draft_rows, submission
from consular.workflow.models import Instance
from tests import factories, harm, stages
from tests.casework import racing

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def owner() -> User:
    stages.ministry()
    return factories.applicant()


def _saving(draft: Case, owner: User, surname: str) -> Callable[[], object]:
    return lambda: casework.save(draft.pk, {"surname": surname}, revision=0, actor=owner)


def _sending(draft: Case, owner: User) -> Callable[[], object]:
    return lambda: casework.submit(draft.pk, attested=stages.ATTESTED, actor=owner)


def test_of_two_windows_that_save_at_once_one_is_told(owner: User) -> None:
    draft = stages.draft(owner)

    told = racing.together(_saving(draft, owner, "First"), _saving(draft, owner, "Second"))

    assert told == ["", "conflict"]
    assert Answers.objects.get(case=draft).revision == 1


def test_without_looking_at_the_revision_one_window_would_overwrite_the_other_unnoticed(
    owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    harm.alter(monkeypatch, draft_rows, "_LOCKED", ("FOR UPDATE OF c", ""))
    monkeypatch.setattr(draft_rows, "write", racing.meet(draft_rows.write, 2))
    draft = stages.draft(owner)
    assert racing.together(_saving(draft, owner, "First"), _saving(draft, owner, "Second")) == [
        "",
        "conflict",
    ]

    harm.alter(monkeypatch, draft_rows, "_WRITE", ("AND revision = %(read)s", ""))
    draft = stages.draft(owner)
    told = racing.together(_saving(draft, owner, "First"), _saving(draft, owner, "Second"))

    assert told == ["", ""]
    assert Answers.objects.get(case=draft).revision == 1


def test_who_presses_send_twice_sends_once(owner: User) -> None:
    draft = stages.draft(owner)

    told = racing.together(_sending(draft, owner), _sending(draft, owner))

    assert told == ["", "sent_already"]
    assert Instance.objects.count() == 1


def test_without_the_lock_one_application_would_start_two_processes(
    owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = stages.draft(owner)
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_: self)
    monkeypatch.setattr(submission, "route", racing.meet(submission.route, 2))

    told = racing.together(_sending(draft, owner), _sending(draft, owner))

    assert (told, Instance.objects.count()) == (["", ""], 2)
