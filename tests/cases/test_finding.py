"""What the database keeps of searches, flags, mentions, notes and openings, and what it refuses."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from consular.cases.models import Audience, Flag, Mention, Message, NoteDraft, Opening, Search
from consular.core import clock
from tests import factories, harm

pytestmark = pytest.mark.django_db


def search(**fields: object) -> Search:
    values = {"by": factories.official(), "at": clock.now(), "purpose": "mail", "fields": ["name"]}
    return Search.objects.create(**{**values, "digest": b"x" * 32, "missions": [], "shown": [], **fields})


def flag_twice() -> None:
    case, officer = factories.sent_case(), factories.official()
    for _ in range(2):
        Flag.objects.create(case=case, kind="urgent", set_by=officer, set_at=clock.now())


def remove_a_flag_as_nobody() -> None:
    now, officer = clock.now(), factories.official()
    Flag.objects.create(case=factories.sent_case(), kind="urgent", set_by=officer, set_at=now, removed_at=now)


def mention_twice() -> None:
    case, officer = factories.sent_case(), factories.official()
    note = Message.objects.create(
        case=case, audience=Audience.INTERNAL, author=officer, body="x", sent_at=clock.now()
    )
    for _ in range(2):
        Mention.objects.create(message=note, to=officer, at=note.sent_at)


def keep_two_drafts() -> None:
    case, officer = factories.sent_case(), factories.official()
    for _ in range(2):
        NoteDraft.objects.create(case=case, author=officer, text="x", saved_at=clock.now())


def open_twice() -> None:
    case, officer, now = factories.sent_case(), factories.official(), clock.now()
    for _ in range(2):
        Opening.objects.create(case=case, by=officer, day=now, first_at=now, since=now, last_at=now)


CONSTRAINTS: list[harm.Row] = [
    (Search, "another_purpose_is_explained", lambda: search(purpose="other")),
    (Flag, "one_flag_of_a_kind", flag_twice),
    (Flag, "who_removed_a_flag_is_known", remove_a_flag_as_nobody),
    (Mention, "one_mention_per_note", mention_twice),
    (NoteDraft, "one_note_draft_per_author", keep_two_drafts),
    (Opening, "one_opening_per_day", open_twice),
]
test_a_constraint_refuses_the_harm = harm.refused(CONSTRAINTS)
test_without_the_constraint_the_harm_is_done = harm.done_without(CONSTRAINTS)


def test_a_search_is_kept_as_it_was_until_the_end_of_the_following_year() -> None:
    young, old = search(), search(at=clock.now() - timedelta(days=800))

    for act in (lambda: Search.objects.update(purpose="rights"), young.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    old.delete()

    assert Search.objects.get() == young


def test_without_the_triggers_a_search_would_be_changed_or_forgotten() -> None:
    young = search()

    with harm.without_trigger("cases.Search:never_rewritten", "cases.Search:kept"):
        Search.objects.update(purpose="rights")
        young.delete()

    assert not Search.objects.exists()
