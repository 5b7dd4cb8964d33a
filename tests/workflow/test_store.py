"""Transitions as rows, on the Schengen process."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consular.accounts.models import Role, User
from consular.core.errors import Refused
from consular.missions.models import Mission
from consular.workflow import rows, store
from consular.workflow.models import Definition, Instance, Token
from consular.workflow.replay import Recorded, replay
from consular.workflow.state import Deliver
from tests import factories
from tests.workflow import bpmn
from tests.workflow.bpmn import path
from tests.workflow.transitions import NOW, done, proposed, refused, started

pytestmark = pytest.mark.django_db


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

    assert len(captured) == 3


def test_the_wall_clock_of_the_mission_counts_for_time_limits(definition: Definition, delhi: Mission) -> None:
    started(definition, delhi)

    assert Token.objects.get().due_at == NOW + timedelta(days=2)


def test_the_process_goes_round_until_the_applicant_has_answered(
    definition: Definition, delhi: Mission, clerk: User
) -> None:
    advance = done(started(definition, delhi, booked=True), clerk, complete=False)
    instance = advance.instance.pk

    assert advance.phase == "your_turn"
    assert store.deliver(instance, Deliver("appointment.confirmed"), now=NOW) is None
    answered = store.deliver(instance, Deliver("applicant.answered"), now=NOW)
    assert answered is not None
    assert [entered.node for entered in answered.entered] == ["check_completeness"]
    assert store.deliver(instance, Deliver("applicant.answered"), now=NOW) is None


def test_a_booking_made_too_early_to_be_awaited_is_remembered(
    definition: Definition, delhi: Mission, clerk: User
) -> None:
    advance = started(definition, delhi, booked=False)

    assert store.deliver(advance.instance.pk, Deliver("appointment.confirmed"), now=NOW) is None
    informed = store.inform(advance.instance.pk, variables={"booked": True}, now=NOW)

    assert informed is not None
    assert informed.entered == ()
    assert done(advance, clerk, complete=True).entered[0].node == "lodge"


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


def test_the_history_leads_back_to_the_same_tokens(
    definition: Definition, delhi: Mission, officer: User
) -> None:
    decider = factories.official(Role.DECIDER, mission=delhi)
    advance = started(definition, delhi, booked=False)
    history = [(advance, "")]

    def went_on(further: store.Advance | None, by: User | None = None) -> store.Advance:
        assert further is not None
        history.append((further, str(by.person) if by else ""))
        return further

    went_on(done(advance, officer, complete=True), officer)
    advance = went_on(store.deliver(advance.instance.pk, Deliver("appointment.confirmed"), now=NOW))
    advance = went_on(done(advance, officer), officer)
    advance = went_on(done(advance, officer, recommendation="grant"), officer)
    went_on(done(advance, decider, approved=False), decider)

    instance = Instance.objects.select_related("mission").get()
    loaded = rows.lock(pk=instance.pk)
    replayed = replay(
        store.graph(definition),
        [
            Recorded(rows.local(NOW, instance.mission), item, by)
            for step, by in history
            for item in step.history
        ],
    )

    assert loaded is not None
    assert replayed == loaded.state
    assert [token.node for token in replayed.tokens] == ["examine"]


CONSULTATION = bpmn.process(
    bpmn.start(),
    bpmn.element(
        "subProcess", "consult",
        bpmn.each("=partners", "partner", "=answer", "answers") + bpmn.start("in")
        + bpmn.receive("wait", "m_answered") + bpmn.on_timer("silence", "wait") + bpmn.service("deem")
        + bpmn.end("out") + path("in", "wait", "out") + path("silence", "deem", "out"),
    ),
    bpmn.user("weigh"), bpmn.end(), path("start", "consult", "weigh", "end"),
)  # fmt: skip


def test_rounds_with_their_own_variables_survive_the_rows(delhi: Mission) -> None:
    begun = started(store.publish("consulted", 1, CONSULTATION), delhi, partners=["BKA", "BfV"])
    pk, later = begun.instance.pk, NOW + timedelta(days=7)

    store.deliver(pk, Deliver("answered", "BfV", {"answer": "consent"}), now=NOW)
    timers = store.due_timers(later)
    silent = store.fire_timer(timers[0].token_id, now=later)
    assert silent is not None
    last = store.finish_service(silent.entered[0].token_id, variables={"answer": "deemed"}, now=later)

    assert len(timers) == 1
    assert [entered.node for entered in last.entered] == ["weigh"]
    assert Instance.objects.get().variables == {"partners": ["BKA", "BfV"], "answers": ["deemed", "consent"]}
    assert store.fire_timer(timers[0].token_id, now=later) is None
    assert store.deliver(pk, Deliver("answered", "BKA", {"answer": "objection"}), now=later) is None


def test_a_failed_service_step_takes_the_way_the_process_knows(delhi: Mission) -> None:
    xml = bpmn.process(
        bpmn.start(), bpmn.service("send"), bpmn.on_error("bad", "send"), bpmn.user("look"), bpmn.end(),
        path("start", "send", "end"), path("bad", "look", "end"),
    )  # fmt: skip
    begun = started(store.publish("failing", 1, xml), delhi)

    failed = store.fail_service(begun.entered[0].token_id, code="failed", now=NOW)

    assert [(entered.node, entered.kind) for entered in failed.entered] == [("look", "task")]


UNCAUGHT = bpmn.process(
    bpmn.start(), bpmn.service("send"), bpmn.on_error("bad", "send"), bpmn.end(), path("start", "send", "end"),
    path("bad", "end"),
)  # fmt: skip


def test_an_error_that_nothing_catches_moves_nothing(delhi: Mission) -> None:
    token = started(store.publish("uncaught", 1, UNCAUGHT), delhi).entered[0].token_id

    with pytest.raises(Refused, match="fault") as refusal:
        store.fail_service(token, code="other", now=NOW)

    assert refusal.value.code == "process_broken"
    assert (Instance.objects.get().ended_at, Token.objects.get().pk) == (None, token)


def test_without_that_refusal_the_case_would_end_where_nobody_sees_it(
    delhi: Mission, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = started(store.publish("uncaught", 1, UNCAUGHT), delhi).entered[0].token_id
    monkeypatch.setattr(store.endings, "require_caught", lambda effects: None)

    assert store.fail_service(token, code="other", now=NOW).ended


def test_a_called_process_keeps_its_version(delhi: Mission, officer: User) -> None:
    called = bpmn.process(bpmn.start(), bpmn.user("check"), bpmn.end(), path("start", "check", "end"))
    store.publish("checks", 1, called)
    store.publish("checks", 2, called.replace(b'id="check"', b'id="other"').replace(b"check", b"other"))
    call = bpmn.element(
        "callActivity", "call", "", '<zeebe:calledElement processId="checks"/>' + bpmn.properties(version="1")
    )
    caller = bpmn.process(bpmn.start(), call, bpmn.end(), path("start", "call", "end"))

    begun = started(store.publish("caller", 1, caller), delhi)

    assert [entered.node for entered in begun.entered] == ["call", "call/check"]
    assert store.complete(begun.entered[1].token_id, by=officer, variables={}, now=NOW).ended


def test_a_fault_of_the_model_is_refused_in_words_and_nothing_moves(delhi: Mission, officer: User) -> None:
    xml = bpmn.process(
        bpmn.start(), bpmn.user("collect"), bpmn.user("ask", bpmn.each("=partners")), bpmn.end(),
        path("start", "collect", "ask", "end"),
    )  # fmt: skip
    begun = started(store.publish("faulty", 1, xml), delhi)

    refusal = refused(begun.entered[0].token_id, officer, partners="BKA")

    assert refusal.code == "process_broken"
    assert Token.objects.get().node == "collect"
