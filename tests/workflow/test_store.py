"""Transitions as rows, on the Schengen process."""

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from consular.accounts.models import Role, User
from consular.core.errors import Refused
from consular.missions.models import Mission
from consular.workflow import store
from consular.workflow.models import Definition, Instance, Token
from tests import factories

NOW = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
XML = (settings.FORMS_DIR / "schengen_visa" / "v1" / "process.bpmn").read_bytes()

pytestmark = pytest.mark.django_db


@pytest.fixture
def definition() -> Definition:
    return store.publish("schengen_visa", 1, XML)


@pytest.fixture
def delhi() -> Mission:
    return factories.mission("DELH")


@pytest.fixture
def clerk(delhi: Mission) -> User:
    return factories.official(Role.INTAKE_CLERK, mission=delhi)


@pytest.fixture
def officer(delhi: Mission) -> User:
    """Somebody who may do everything at the mission."""
    return factories.official(Role.INTAKE_CLERK, Role.CASEWORKER, Role.DECIDER, mission=delhi)


def started(definition: Definition, mission: Mission, **variables: object) -> store.Advance:
    return store.start(definition, mission=mission, variables=variables, now=NOW)


def done(advance: store.Advance, by: User, **variables: object) -> store.Advance:
    return store.complete(advance.entered[0].token_id, by=by, variables=variables, now=NOW)


def test_a_case_travels_from_the_form_to_the_hand_over(
    definition: Definition, delhi: Mission, officer: User
) -> None:
    decider = factories.official(Role.DECIDER, mission=delhi)
    steps = [started(definition, delhi, booked=True)]
    steps.append(done(steps[-1], officer, complete=True))
    steps.append(done(steps[-1], officer))
    steps.append(done(steps[-1], officer, recommendation="grant"))
    steps.append(done(steps[-1], decider, approved=True))
    steps.append(store.finish_service(steps[-1].entered[0].token_id, variables={}, now=NOW))
    steps.append(done(steps[-1], officer))

    assert [[entered.node for entered in step.entered] for step in steps] == [
        ["check_completeness"],
        ["lodge"],
        ["examine"],
        ["decide"],
        ["issue_letter"],
        ["hand_over"],
        [],
    ]
    assert [step.phase for step in steps] == [
        "in_review",
        "in_review",
        "in_review",
        "in_review",
        "decided",
        "ready",
        "closed",
    ]
    assert [step.ended for step in steps] == [False] * 6 + [True]
    assert steps[4].entered[0].service_type == "casework.issue"
    instance = Instance.objects.get()
    assert (instance.phase, instance.revision, instance.ended_at) == ("closed", 7, NOW)
    assert not Token.objects.exists()


def test_a_step_takes_at_most_five_statements(definition: Definition, delhi: Mission, officer: User) -> None:
    advance = started(definition, delhi, booked=True)

    with CaptureQueriesContext(
        connection,
    ) as captured:
        done(advance, officer, complete=True)

    assert len(captured) == 4


def test_the_wall_clock_of_the_mission_counts_for_time_limits(definition: Definition, delhi: Mission) -> None:
    started(definition, delhi)

    assert Token.objects.get().due_at == NOW + timedelta(days=2)


def test_the_process_goes_round_until_the_applicant_has_answered(
    definition: Definition, delhi: Mission, clerk: User
) -> None:
    advance = done(started(definition, delhi, booked=True), clerk, complete=False)
    instance = advance.instance.pk

    assert advance.phase == "your_turn"
    assert store.deliver(instance, "appointment.confirmed", variables={}, now=NOW) is None
    answered = store.deliver(instance, "applicant.answered", variables={}, now=NOW)
    assert answered is not None
    assert [entered.node for entered in answered.entered] == ["check_completeness"]
    assert store.deliver(instance, "applicant.answered", variables={}, now=NOW) is None


def test_a_booking_made_too_early_to_be_awaited_is_remembered(
    definition: Definition, delhi: Mission, clerk: User
) -> None:
    advance = started(definition, delhi, booked=False)

    assert store.deliver(advance.instance.pk, "appointment.confirmed", variables={}, now=NOW) is None
    informed = store.inform(advance.instance.pk, variables={"booked": True}, now=NOW)

    assert informed is not None
    assert informed.entered == ()
    assert done(advance, clerk, complete=True).entered[0].node == "lodge"


def refused(token_id: int, by: User, **variables: object) -> Refused:
    with pytest.raises(Refused) as raised, transaction.atomic():
        store.complete(token_id, by=by, variables=variables, now=NOW)
    return raised.value


def test_the_second_one_is_told_who_was_faster(definition: Definition, delhi: Mission, clerk: User) -> None:
    advance = started(definition, delhi)
    done(advance, clerk, complete=False)

    refusal = refused(advance.entered[0].token_id, factories.official(Role.INTAKE_CLERK, mission=delhi))

    assert (refusal.code, str(refusal.message)) == ("done", f"This task is already done by {clerk.name}.")
    assert store.instance_of(advance.entered[0].token_id) == advance.instance.pk


def test_a_task_nobody_ever_heard_of_is_not_open(definition: Definition, clerk: User) -> None:
    assert refused(2**40, clerk).code == "done"


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.INTAKE_CLERK, Role.APPLICANT}])
def test_another_role_cannot_complete_the_task(definition: Definition, delhi: Mission, role: Role) -> None:
    advance = started(definition, delhi)

    refusal = refused(advance.entered[0].token_id, factories.official(role, mission=delhi))

    assert (refusal.code, refusal.status) == ("not_your_lane", 403)
    assert Instance.objects.get().revision == 1


def test_the_same_role_at_another_mission_or_an_applicant_cannot_complete_the_task(
    definition: Definition, delhi: Mission
) -> None:
    advance = started(definition, delhi)
    elsewhere = factories.official(Role.INTAKE_CLERK, mission=factories.mission("MUMB"))

    assert refused(advance.entered[0].token_id, elsewhere).code == "not_your_lane"
    assert refused(advance.entered[0].token_id, factories.applicant()).code == "not_your_lane"


def proposed(definition: Definition, mission: Mission, by: User) -> store.Advance:
    advance = done(started(definition, mission, booked=True), by, complete=True)
    return done(done(advance, by), by, recommendation="grant")


def test_nobody_decides_on_their_own_proposal(definition: Definition, delhi: Mission, officer: User) -> None:
    advance = proposed(definition, delhi, officer)

    refusal = refused(advance.entered[0].token_id, officer, approved=True)

    assert (refusal.code, refusal.status) == ("four_eyes", 403)
    assert Token.objects.get().node == "decide"


def test_a_second_account_of_the_same_person_does_not_help(
    definition: Definition, delhi: Mission, officer: User
) -> None:
    advance = proposed(definition, delhi, officer)
    twin = factories.official(Role.DECIDER, mission=delhi, person=officer.person)

    assert refused(advance.entered[0].token_id, twin, approved=True).code == "four_eyes"
    with pytest.raises(Refused) as raised:
        store.claim(advance.entered[0].token_id, by=twin)
    assert raised.value.code == "four_eyes"


def test_four_eyes_count_for_every_round_of_the_loop(
    definition: Definition, delhi: Mission, officer: User
) -> None:
    other = factories.official(Role.CASEWORKER, Role.DECIDER, mission=delhi)
    advance = done(proposed(definition, delhi, officer), other, approved=False)
    advance = done(advance, other, recommendation="refuse")

    assert refused(advance.entered[0].token_id, officer, approved=True).code == "four_eyes"
    assert refused(advance.entered[0].token_id, other, approved=True).code == "four_eyes"


def test_without_the_four_eyes_property_one_person_could_do_both(delhi: Mission, officer: User) -> None:
    """The negative control: the safeguard is the property, and it alone."""
    careless = XML.replace(b'<zeebe:property name="fourEyesWith" value="examine" />', b"")
    advance = proposed(store.publish("careless", 1, careless), delhi, officer)

    assert done(advance, officer, approved=True).phase == "decided"


def test_a_decision_that_says_nothing_about_approval_is_not_approved(
    definition: Definition, delhi: Mission, officer: User
) -> None:
    advance = proposed(definition, delhi, officer)

    back = done(advance, factories.official(Role.DECIDER, mission=delhi))

    assert back.entered[0].node == "examine"


def test_a_service_step_finishes_once(definition: Definition, delhi: Mission, officer: User) -> None:
    advance = proposed(definition, delhi, officer)
    advance = done(advance, factories.official(Role.DECIDER, mission=delhi), approved=True)
    store.finish_service(advance.entered[0].token_id, variables={"outcome": "granted"}, now=NOW)

    with pytest.raises(Refused) as raised:
        store.finish_service(advance.entered[0].token_id, variables={}, now=NOW)
    assert raised.value.code == "done"
    assert Instance.objects.get().variables["outcome"] == "granted"


def test_a_task_is_claimed_by_one_and_released_by_them(
    definition: Definition, delhi: Mission, clerk: User
) -> None:
    token = started(definition, delhi).entered[0].token_id
    other = factories.official(Role.INTAKE_CLERK, mission=delhi)
    store.claim(token, by=clerk)
    store.claim(token, by=clerk)

    with pytest.raises(Refused) as claimed:
        store.claim(token, by=other)
    with pytest.raises(Refused) as released:
        store.release(token, by=other)
    assert (claimed.value.code, refused(token, other).code, released.value.code) == (
        "claimed",
        "claimed",
        "not_yours",
    )
    assert str(claimed.value.message) == f"{clerk.name} is working on this task."

    store.release(token, by=clerk)
    store.claim(token, by=other)
    assert Token.objects.get().assignee == other


def test_a_head_of_section_puts_anybodys_task_back(
    definition: Definition, delhi: Mission, clerk: User
) -> None:
    token = started(definition, delhi).entered[0].token_id
    store.claim(token, by=clerk)

    store.release(token, by=factories.official(Role.HEAD_OF_SECTION, mission=delhi))

    assert Token.objects.get().assignee is None


def test_claiming_a_finished_task_says_who_finished_it(
    definition: Definition, delhi: Mission, clerk: User
) -> None:
    advance = started(definition, delhi)
    done(advance, clerk, complete=False)

    with pytest.raises(Refused) as raised:
        store.claim(advance.entered[0].token_id, by=clerk)
    assert raised.value.code == "done"


@pytest.mark.parametrize("value", ["\x00", "x" * 30_000])
def test_values_the_database_cannot_keep_are_refused(
    definition: Definition, delhi: Mission, clerk: User, value: str
) -> None:
    advance = started(definition, delhi)

    refusal = refused(advance.entered[0].token_id, clerk, complete=value)

    assert (refusal.code, refusal.status) == ("bad_value", 422)


def test_the_history_says_what_happened_in_order(definition: Definition, delhi: Mission, clerk: User) -> None:
    first = started(definition, delhi)
    second = done(first, clerk, complete=False)

    assert [(item.kind, item.node) for item in (*first.history, *second.history)] == [
        ("started", "submitted"),
        ("entered", "check_completeness"),
        ("completed", "check_completeness"),
        ("entered", "await_answer"),
    ]
    assert second.history[0].data == {"token": 1, "variables": {"complete": False}}
