"""What the database refuses about corrections and revocations; each safeguard also switched off, to see the harm."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError, transaction

from consular.core import clock
from consular.decisions import issuing
from consular.decisions.changes import Change
from tests import factories, harm
from tests.decisions import letters
from tests.harm import without_trigger

pytestmark = pytest.mark.django_db


def proposed(**fields: object) -> Change:
    """A correction that nobody has judged."""
    letter = fields.pop("letter", None) or issuing.issue(
        factories.sent_case(), "L01", key="one", folder=letters.folder()
    )
    values = {"letter": letter, "end": "corrected", "reason": "The name is wrong."}
    return Change.objects.create(
        **{**values, "proposed_by": factories.official(), "proposed_at": clock.now(), **fields}
    )


def judged(**fields: object) -> Change:
    """A change that another person has approved."""
    change = proposed()
    change.is_approved, change.judged_by, change.judged_at = True, factories.official(), clock.now()
    for name, value in fields.items():
        setattr(change, name, value)
    change.save()
    return change


def reword() -> None:
    Change.objects.filter(pk=proposed().pk).update(reason="other")


def judge_twice() -> None:
    Change.objects.filter(pk=judged().pk).update(is_approved=False)


def forget() -> None:
    proposed().delete()


def invent_a_person() -> None:
    """One person under another name: the persons come from the accounts, whatever a statement says."""
    change = proposed()
    person, other = change.proposed_by, factories.official()
    Change.objects.filter(pk=change.pk).update(
        is_approved=True, judged_by=person, judged_at=clock.now(), judged_person=other.person
    )


HARM = [
    ("Change:proposal_frozen", reword),
    ("Change:judged_once", judge_twice),
    ("Change:kept", forget),
    ("Change:persons", invent_a_person),
]


def approve_alone() -> None:
    change = proposed()
    Change.objects.filter(pk=change.pk).update(
        is_approved=True, judged_by=change.proposed_by, judged_at=clock.now()
    )


def propose_twice() -> None:
    proposed(letter=proposed().letter)


def approve_without_anybody() -> None:
    judged(judged_by=None)


CONSTRAINTS = [
    (Change, "one_open_change_per_letter", propose_twice),
    (Change, "judged_by_somebody", approve_without_anybody),
    (Change, "two_persons_change", approve_alone),
]

test_a_constraint_refuses_the_harm = harm.refused(CONSTRAINTS)
test_without_the_constraint_the_harm_is_done = harm.done_without(CONSTRAINTS)


@pytest.mark.parametrize(("trigger", "spoil"), HARM)
def test_a_trigger_refuses_the_harm(trigger: str, spoil: Callable[[], None]) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        spoil()


@pytest.mark.parametrize(("trigger", "spoil"), HARM)
def test_without_the_trigger_the_harm_is_done(trigger: str, spoil: Callable[[], None]) -> None:
    with without_trigger(f"decisions.{trigger}"):
        spoil()
