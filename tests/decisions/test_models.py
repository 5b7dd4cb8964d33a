"""What the database refuses whoever asks; each trigger also switched off, to see the harm."""

from collections.abc import Callable

import pgtrigger
import pytest
from django.db import DatabaseError, IntegrityError, transaction

from consular.core import clock
from consular.decisions import approval, issuing
from consular.decisions.models import Decision, Supersession
from tests import factories
from tests.decisions import letters
from tests.decisions.letters import REFUSAL, approved

pytestmark = pytest.mark.django_db


def proposed(**fields: object) -> Decision:
    """A refusal that nobody has judged, written past the code that proposes."""
    values = {"case": factories.sent_case(), "outcome": "refused", "grounds": [1]}
    return Decision.objects.create(
        **{**values, "proposed_by": factories.official(), "proposed_at": clock.now(), **fields}
    )


def rewrite_a_proposal() -> None:
    Decision.objects.filter(pk=proposed().pk).update(remarks="other")


def decide_without_a_proposal() -> None:
    proposed(state="approved", approved_by=factories.official(), approved_at=clock.now())


def reopen_what_was_sent_back() -> None:
    decision = approval.send_back(proposed(), by=factories.official())
    Decision.objects.filter(pk=decision.pk).update(state="proposed")


def forget_a_decision() -> None:
    Decision.objects.filter(pk=approved(REFUSAL).pk).delete()


def _superseded() -> Supersession:
    letter = issuing.issue(factories.sent_case(), "L01", key="one", folder=letters.folder())
    return issuing.supersede(letter, reason="issued in error")


def reword_a_supersession() -> None:
    Supersession.objects.filter(pk=_superseded().pk).update(reason="other")


def forget_a_supersession() -> None:
    Supersession.objects.filter(pk=_superseded().pk).delete()


HARM = [
    ("Decision:content_frozen", rewrite_a_proposal),
    ("Decision:begins_as_proposal", decide_without_a_proposal),
    ("Decision:path", reopen_what_was_sent_back),
    ("Decision:kept", forget_a_decision),
    ("Supersession:append_only", reword_a_supersession),
    ("Supersession:append_only", forget_a_supersession),
]


@pytest.mark.parametrize(("trigger", "harm"), HARM)
def test_a_trigger_refuses_the_harm(trigger: str, harm: Callable[[], None]):
    with pytest.raises(DatabaseError, match=trigger.partition(":")[2]), transaction.atomic():
        harm()


@pytest.mark.parametrize(("trigger", "harm"), HARM)
def test_without_the_trigger_the_harm_is_done(trigger: str, harm: Callable[[], None]):
    with pgtrigger.ignore(f"decisions.{trigger}"):
        harm()


def decide_twice() -> None:
    again = proposed(case=approved(REFUSAL).case)
    approved_by = factories.official()
    Decision.objects.filter(pk=again.pk).update(
        state="approved", approved_by=approved_by, approved_at=clock.now()
    )


def decide_without_anybody() -> None:
    Decision.objects.filter(pk=proposed().pk).update(state="approved")


def doubt_unnamed_statements() -> None:
    proposed(grounds=[11])


def refuse_for_an_unknown_ground() -> None:
    proposed(grounds=[18])


def grant_without_dates() -> None:
    proposed(outcome="granted", grounds=[])


@pytest.mark.parametrize(
    ("constraint", "harm"),
    [
        ("one_decision_in_force", decide_twice),
        ("approved_by_somebody", decide_without_anybody),
        ("ground_11_names_the_statements", doubt_unnamed_statements),
        ("a_decision_says_all_it_must", refuse_for_an_unknown_ground),
        ("a_decision_says_all_it_must", grant_without_dates),
    ],
)
def test_a_constraint_refuses_the_harm(constraint: str, harm: Callable[[], None]):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        harm()
