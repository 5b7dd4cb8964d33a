"""Four eyes hold in the code and, without it, in the database."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from consular.core import clock
from consular.core.errors import Refused
from consular.decisions import approval
from consular.decisions.approval import Proposal
from consular.decisions.models import Decision
from consular.formspec import places
from tests import factories
from tests.decisions.letters import GRANT, LIMITED, REFUSAL, TRANSIT, approved
from tests.harm import without_trigger

pytestmark = pytest.mark.django_db

APPROVE = """UPDATE decisions_decision SET state = 'approved', approved_by_id = %s, approved_at = now(),
             approved_person = gen_random_uuid() WHERE id = %s"""


def proposed() -> Decision:
    """A proposal that waits for a second officer."""
    return approval.propose(factories.sent_case(), REFUSAL, by=factories.official())


def approve_by_sql(decision: Decision, user_id: int) -> None:
    """What somebody with the database's password would try: approve, with an invented person."""
    with connection.cursor() as cursor:
        cursor.execute(APPROVE, [user_id, decision.pk])


def test_two_persons_make_a_decision():
    decision = approved(REFUSAL)

    assert decision.state == "approved"
    assert approval.in_force(decision.case) == decision


def test_nobody_approves_ones_own_proposal():
    decision = proposed()

    with pytest.raises(Refused) as refusal:
        approval.approve(decision, by=decision.proposed_by)

    assert refusal.value.code == "four_eyes"
    decision.refresh_from_db()
    assert decision.state == "proposed"


def test_a_second_account_of_the_same_person_is_the_same_pair_of_eyes():
    decision = proposed()
    other_account = factories.official(person=decision.proposed_by.person)

    with pytest.raises(Refused):
        approval.approve(decision, by=other_account)


def test_the_database_refuses_the_proposer_whatever_person_a_statement_invents():
    decision = proposed()

    with pytest.raises(IntegrityError, match="four_eyes"), transaction.atomic():
        approve_by_sql(decision, decision.proposed_by_id)


def test_the_database_sees_that_two_accounts_became_one_person_after_the_proposal():
    decision = proposed()
    colleague = factories.official()
    type(colleague).objects.filter(pk=colleague.pk).update(person=decision.proposed_by.person)

    with pytest.raises(IntegrityError, match="four_eyes"), transaction.atomic():
        approve_by_sql(decision, colleague.pk)


def test_without_the_trigger_an_invented_person_passes():
    decision = proposed()

    with without_trigger("decisions.Decision:persons"):
        approve_by_sql(decision, decision.proposed_by_id)

    decision.refresh_from_db()
    assert decision.approved_by == decision.proposed_by


def test_without_the_constraint_one_person_decides_alone():
    decision = proposed()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE decisions_decision DROP CONSTRAINT four_eyes")

    approve_by_sql(decision, decision.proposed_by_id)

    decision.refresh_from_db()
    assert decision.approved_person == decision.proposed_person


@pytest.mark.parametrize(
    "change",
    [
        "outcome = 'granted'",
        "grounds = '{1}'",
        "remarks = 'other'",
        "valid_until = '2030-01-01'",
        "visa_type = 'LTV'",
        "territory = '{DEU}'",
        "ltv_reason = 'urgent'",
        "proposed_by_id = (SELECT max(id) FROM accounts_user)",
    ],
)
def test_what_was_proposed_never_changes(change: str):
    decision = proposed()
    factories.official()

    with (
        pytest.raises(DatabaseError, match="content_frozen"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE decisions_decision SET {change} WHERE id = %s", [decision.pk])  # noqa: S608


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE decisions_decision SET state = 'sent_back' WHERE id = %s",
        "UPDATE decisions_decision SET approved_at = '2020-01-01' WHERE id = %s",
        "DELETE FROM decisions_decision WHERE id = %s",
    ],
)
def test_a_decision_in_force_is_not_undone(statement: str):
    decision = approved(REFUSAL)

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, [decision.pk])

    decision.refresh_from_db()
    assert decision.state == "approved"


def test_without_the_safeguard_a_verdict_is_rewritten():
    decision = approved(REFUSAL)

    with without_trigger("decisions.Decision:verdict_frozen"):
        Decision.objects.filter(pk=decision.pk).update(approved_at="2020-01-01T00:00Z")

    decision.refresh_from_db()
    assert decision.approved_at.year == 2020


def test_a_case_has_one_open_proposal_and_one_decision():
    case = proposed().case

    with pytest.raises(Refused) as refusal:
        approval.propose(case, GRANT, by=factories.official())
    assert refusal.value.code == "already_proposed"

    approval.approve(approval.open_proposal(case), by=factories.official())
    with pytest.raises(Refused) as refusal:
        approval.propose(case, GRANT, by=factories.official())
    assert refusal.value.code == "already_decided"


def test_the_database_keeps_one_open_proposal_per_case():
    decision = proposed()
    decision.pk = None
    decision._state.adding = True

    with pytest.raises(IntegrityError, match="one_open_proposal_per_case"), transaction.atomic():
        decision.save(force_insert=True)


def test_a_proposal_that_was_sent_back_makes_room_for_another():
    decision = proposed()

    approval.send_back(decision, by=factories.official(), because="Ground 13 is not shown.")

    again = approval.propose(decision.case, GRANT, by=factories.official())
    assert approval.open_proposal(decision.case) == again


def test_a_proposal_is_judged_once():
    decision = approved(REFUSAL)

    for act in (approval.approve, approval.send_back):
        with pytest.raises(Refused) as refusal:
            act(decision, by=factories.official())
        assert refusal.value.code == "done"


@pytest.mark.parametrize(
    ("proposal", "field"),
    [
        (Proposal("maybe"), "outcome"),
        (Proposal("refused"), "grounds"),
        (Proposal("refused", grounds=(0,)), "grounds"),
        (Proposal("refused", grounds=(18,)), "grounds"),
        (Proposal("refused", grounds=(11,), statement="  "), "statement"),
        (Proposal("refused", grounds=(1, 6), alerting_state=" "), "alerting_state"),
        (Proposal("refused", grounds=(17,)), "grounds"),
        (Proposal("annulled", grounds=(17,), visa_number="D1234567"), "grounds"),
        (replace(GRANT, valid_from=None), "valid_until"),
        (replace(GRANT, valid_until=date(2026, 6, 30)), "valid_until"),
        (replace(GRANT, days=None), "days"),
        (replace(GRANT, days=0), "days"),
        (replace(GRANT, days=91), "days"),
        (replace(GRANT, valid_until=date(2026, 7, 29)), "days"),
        (replace(GRANT, entries="three"), "entries"),
        (replace(GRANT, visa_type="B"), "visa_type"),
        (replace(GRANT, territory=("DEU",)), "territory"),
        (replace(GRANT, ltv_reason="urgent"), "territory"),
        (replace(LIMITED, territory=()), "territory"),
        (replace(LIMITED, territory=("DEU", "IND")), "territory"),
        (replace(LIMITED, territory=places.MEMBER_STATES), "territory"),
        (replace(LIMITED, ltv_reason=""), "ltv_reason"),
        (replace(LIMITED, ltv_reason="because"), "ltv_reason"),
        (replace(LIMITED, days=None), "days"),
        (replace(TRANSIT, days=1), "days"),
        (replace(TRANSIT, entries="2", valid_until=date(2027, 1, 2)), "valid_until"),
        (replace(TRANSIT, valid_until=None), "valid_until"),
    ],
)
def test_a_proposal_must_say_all_a_decision_must(proposal: Proposal, field: str):
    case = factories.sent_case()

    with pytest.raises(Refused) as refusal:
        approval.propose(case, proposal, by=factories.official())

    assert (refusal.value.field, refusal.value.status) == (field, 422)
    assert not case.decisions.exists()


@pytest.mark.parametrize(
    "proposal",
    [
        GRANT,
        LIMITED,
        TRANSIT,
        replace(LIMITED, territory=places.MEMBER_STATES[1:]),
        replace(TRANSIT, entries="multiple", valid_until=date(2027, 1, 1)),
        replace(TRANSIT, entries="2", valid_from=date(2026, 8, 31), valid_until=date(2027, 2, 28)),
        replace(TRANSIT, valid_until=date(2027, 1, 2)),
    ],
)
def test_every_variant_of_a_grant_can_be_proposed(proposal: Proposal):
    decision = approval.propose(factories.sent_case(), proposal, by=factories.official())

    assert (decision.visa_type, decision.days) == (proposal.visa_type, proposal.days)
    assert decision.territory == sorted(proposal.territory)
    assert decision.ltv_reason == proposal.ltv_reason


def test_a_refusal_has_no_type_of_visa():
    refusal = replace(LIMITED, outcome="refused", grounds=(1,))

    decision = approval.propose(factories.sent_case(), refusal, by=factories.official())

    assert (decision.visa_type, decision.territory, decision.ltv_reason) == ("", [], "")


def test_the_database_wants_grounds_for_a_refusal():
    with pytest.raises(IntegrityError, match="a_decision_says_all_it_must"), transaction.atomic():
        Decision.objects.create(
            case=factories.sent_case(),
            outcome="refused",
            proposed_by=factories.official(),
            proposed_at=clock.now(),
        )
