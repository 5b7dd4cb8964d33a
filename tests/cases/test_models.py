"""What the database refuses whoever asks; each safeguard also switched off, to see the harm."""

from collections.abc import Callable
from functools import partial

import pytest
from django.db import DatabaseError, transaction

from consular.cases.models import Answers, Case, Event, TaskEntry
from consular.core import clock
from tests import factories, harm
from tests.harm import without_trigger

pytestmark = pytest.mark.django_db


def history() -> Event:
    return Event.objects.create(case=factories.sent_case(), at=clock.now(), kind="submitted")


def entry() -> TaskEntry:
    by = factories.official()
    return TaskEntry.objects.create(
        case=factories.sent_case(), form="decision", by=by, at=clock.now(), entries={}
    )


def rewrite(made: Callable[[], Event | TaskEntry], **fields: object) -> None:
    row = made()
    type(row).objects.filter(pk=row.pk).update(**fields)


def forget(made: Callable[[], Event | TaskEntry]) -> None:
    made().delete()


HARM = [
    ("Event:append_only", partial(rewrite, history, kind="nothing_happened")),
    ("Event:append_only", partial(forget, history)),
    ("TaskEntry:append_only", partial(rewrite, entry, entries={"approved": True})),
    ("TaskEntry:append_only", partial(forget, entry)),
]


@pytest.mark.parametrize(("trigger", "harm"), HARM)
def test_a_trigger_refuses_the_harm(trigger: str, harm: Callable[[], None]) -> None:
    with pytest.raises(DatabaseError, match=r"Cannot (update|delete)"), transaction.atomic():
        harm()


@pytest.mark.parametrize(("trigger", "harm"), HARM)
def test_without_the_trigger_the_harm_is_done(trigger: str, harm: Callable[[], None]) -> None:
    with without_trigger(f"cases.{trigger}"):
        harm()


def two_cases(field: str) -> None:
    """Two cases that have this field in common."""
    factories.sent_case(**{field: getattr(factories.sent_case(), field)})


def answers_twice() -> None:
    Answers.objects.create(case=factories.sent_case(), saved_at=clock.now())


CONSTRAINTS = [
    (Case, "a_sent_case_has_owner_mission_and_process", partial(factories.sent_case, submitted_at=None)),
    (Case, "a_sent_case_has_owner_mission_and_process", partial(factories.sent_case, instance=None)),
    (Case, "reference", partial(two_cases, "reference")),
    (Case, "instance", partial(two_cases, "instance")),
    (Answers, "case", answers_twice),
]


test_a_constraint_refuses_the_harm = harm.refused(CONSTRAINTS)
test_without_the_constraint_the_harm_is_done = harm.done_without(CONSTRAINTS)
