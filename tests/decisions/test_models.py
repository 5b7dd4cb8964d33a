"""What the database refuses whoever asks; each safeguard also switched off, to see the harm."""

from collections.abc import Callable
from datetime import date
from functools import partial

import pytest
from django.db import DatabaseError, transaction

from consular.core import clock
from consular.decisions import approval, ending, issuing
from consular.decisions.models import Decision, Letter, Supersession
from tests import factories, harm
from tests.decisions import letters
from tests.decisions.letters import REFUSAL, approved
from tests.harm import without_trigger

pytestmark = pytest.mark.django_db


def proposed(**fields: object) -> Decision:
    """A refusal that nobody has judged, written past the code that proposes."""
    values = {"case": factories.sent_case(), "outcome": "refused", "content": "annex_vi", "grounds": [1]}
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
    Decision.objects.filter(pk=proposed().pk).delete()


def _superseded() -> Supersession:
    letter = issuing.issue(factories.sent_case(), "L01", key="one", folder=letters.folder())
    return ending.supersede(letter, end="revoked", reason="issued in error", actor=factories.official())


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


@pytest.mark.parametrize(("trigger", "spoil"), HARM)
def test_a_trigger_refuses_the_harm(trigger: str, spoil: Callable[[], None]):
    with pytest.raises(DatabaseError, match=trigger.partition(":")[2]), transaction.atomic():
        spoil()


@pytest.mark.parametrize(("trigger", "spoil"), HARM)
def test_without_the_trigger_the_harm_is_done(trigger: str, spoil: Callable[[], None]):
    with without_trigger(f"decisions.{trigger}"):
        spoil()


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


def grant(**missing: object) -> None:
    days = {"valid_from": date(2026, 7, 1), "valid_until": date(2026, 9, 30), "days": 30, "entries": "1"}
    proposed(**{"outcome": "granted", "content": "visa", "grounds": [], "visa_type": "C", **days, **missing})


def limited(**missing: object) -> None:
    grant(**{"visa_type": "LTV", "territory": ["DEU"], "ltv_reason": "humanitarian", **missing})


def ruled(content: str, outcome: str, **fields: object) -> None:
    """A decision of another service: reasons and everything else unless said otherwise."""
    proposed(**{"content": content, "outcome": outcome, "reasons": "The papers were forged.", **fields})


def end_a_letter_by_a_refusal() -> None:
    letter = issuing.issue(factories.sent_case(), "L01", key="one", folder=letters.folder())
    proposed(ends=letter)


def correct_a_letter_by_nothing() -> None:
    letter = issuing.issue(factories.sent_case(), "L01", key="one", folder=letters.folder())
    ending.supersede(letter, end="corrected", reason="no newer one", actor=factories.official())


def propose_twice() -> None:
    proposed(case=proposed().case)


def decide_alone() -> None:
    decision = proposed()
    Decision.objects.filter(pk=decision.pk).update(
        state="approved", approved_by=decision.proposed_by, approved_at=clock.now()
    )


def propose_as_nobody() -> None:
    with without_trigger("decisions.Decision:persons"), transaction.atomic():
        proposed()


def replace_a_letter_by_itself() -> None:
    letter = issuing.issue(factories.sent_case(), "L01", key="one", folder=letters.folder())
    ending.supersede(letter, end="revoked", by=letter, reason="circle", actor=factories.official())


def supersede_twice() -> None:
    ending.supersede(_superseded().letter, end="revoked", reason="again", actor=factories.official())


def letter_like(field: str) -> None:
    """A second letter with the same number, key, code or bytes."""
    first = issuing.issue(factories.sent_case(), "L01", key="one", folder=letters.folder())
    other = {"number": "other", "key": "other", "code": "other", "sha256": "other"}
    first.pk, first._state.adding = None, True
    for name in other.keys() - {field}:
        setattr(first, name, other[name])
    first.save(force_insert=True)


TYPED, LOCATED = "a_visa_has_a_type_and_days_unless_for_transit", "a_limited_visa_says_where_and_why"
WRONGLY_TYPED: list[dict[str, object]] = [
    {"visa_type": ""}, {"visa_type": "B"}, {"days": None}, {"days": 0}, {"days": 91}, {"visa_type": "A"},
]  # fmt: skip

WRONGLY_RULED = [
    ("annex_vi", "granted", {}), ("national", "refused", {"reasons": ""}), ("national", "refused", {"grounds": [13]}),
    ("national", "annulled", {}), ("passport", "restricted", {}), ("passport", "refused", {"grounds": []}),
    ("passport", "refused", {"reasons": ""}), ("plain", "issued", {"grounds": [1]}), ("plain", "refused", {}),
]  # fmt: skip

CONSTRAINTS = [
    (Decision, "one_decision_in_force", decide_twice),
    (Decision, "one_open_proposal_per_case", propose_twice),
    (Decision, "four_eyes", decide_alone),
    (Decision, "approved_by_somebody", decide_without_anybody),
    (Decision, "proposed_by_somebody", propose_as_nobody),
    (Decision, "ground_11_names_the_statements", doubt_unnamed_statements),
    (Decision, "a_decision_says_all_it_must", refuse_for_an_unknown_ground),
    (Decision, "a_decision_says_all_it_must", partial(grant, valid_from=None)),
    (Decision, "a_decision_says_all_it_must", partial(grant, valid_until=None)),
    (Decision, "a_decision_says_all_it_must", partial(grant, valid_until=date(2026, 6, 30))),
    (Decision, "a_decision_says_all_it_must", partial(grant, entries="")),
    *[
        (Decision, "a_decision_says_all_it_must", partial(ruled, content, outcome, **fields))
        for content, outcome, fields in WRONGLY_RULED
    ],
    (Decision, "only_annulment_and_revocation_end_a_letter", end_a_letter_by_a_refusal),
    (Supersession, "a_replaced_letter_has_a_newer_one", correct_a_letter_by_nothing),
    *[(Decision, TYPED, partial(grant, **wrong)) for wrong in WRONGLY_TYPED],
    (Decision, TYPED, partial(proposed, visa_type="C")),
    (Decision, LOCATED, partial(limited, territory=[])),
    (Decision, LOCATED, partial(limited, ltv_reason="")),
    (Decision, LOCATED, partial(grant, territory=["DEU"])),
    (Decision, LOCATED, partial(grant, ltv_reason="urgent")),
    (Supersession, "no_letter_replaces_itself", replace_a_letter_by_itself),
    (Supersession, "letter", supersede_twice),
    *[(Letter, field, partial(letter_like, field)) for field in ("number", "key", "code", "sha256")],
]


@pytest.mark.parametrize(
    "whole",
    [
        grant,
        limited,
        partial(grant, visa_type="A", days=None),
        partial(grant, content="national_visa", visa_type="D", days=None),
        proposed,
        partial(ruled, "annex_vi", "annulled"),
        partial(ruled, "annex_vi", "revoked", grounds=[17]),
        partial(ruled, "national", "refused", grounds=[12]),
        partial(ruled, "passport", "refused", grounds=[17]),
        partial(ruled, "passport", "restricted", conditions="Valid for the return only."),
        partial(ruled, "plain", "issued", grounds=[]),
        partial(ruled, "plain", "visa_stands", grounds=[]),
    ],
)
def test_what_is_whole_can_be_proposed(whole: Callable[[], object]):
    whole()

    assert Decision.objects.get().state == "proposed"


test_a_constraint_refuses_the_harm = harm.refused(CONSTRAINTS)
test_without_the_constraint_the_harm_is_done = harm.done_without(CONSTRAINTS)
