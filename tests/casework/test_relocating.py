"""A head of section hands whole cases to another mission: what the preview says happens, and can be undone."""

import json
from functools import partial
from typing import Any

import pytest
from django.db.models import QuerySet
from django.utils import translation

from consular import casework
from consular.accounts.models import Role, User
from consular.appointments import booking
from consular.appointments.models import State
from consular.cases.models import BatchItem, Case, Event, Message, Phase
from consular.casework import correspondence, counter, relocating
from consular.casework.relocating import HandingOver
from consular.casework.relocation_preview import Effect
from consular.core import clock, jobs
from consular.core.errors import Refused
from consular.decisions.models import Letter
from consular.missions.models import Mission
from consular.notifications.models import Notification
from consular.routing import Because
from consular.workflow.models import Token, TokenKind
from tests import factories, stages
from tests.casework import racing
from tests.meeting import Meeting

pytestmark = pytest.mark.django_db(transaction=True)

REASON = "The building is closed after a flood."


def _delhi(*roles: Role) -> Mission:
    delhi = Mission.objects.get(code="NEWD")
    for role in roles or (Role.INTAKE_CLERK, Role.CASEWORKER):
        factories.official(role, mission=delhi)
    return delhi


def _head(mission: Mission) -> User:
    return factories.official(Role.HEAD_OF_SECTION, mission=mission)


def _look(case: Case, mission: Mission, head: User) -> Effect:
    (effect,) = casework.preview_handing_over([case.pk], mission.pk, REASON, actor=head)
    return effect


def _hand_over(cases: list[Case], mission: Mission, head: User) -> list[BatchItem]:
    ids = [case.pk for case in cases]
    seen = {
        one.case.pk: one.seen for one in casework.preview_handing_over(ids, mission.pk, REASON, actor=head)
    }
    batch = casework.begin_handing_over(ids, HandingOver(mission.pk, REASON, seen), language="en", actor=head)
    jobs.work()
    return list(batch.items.order_by("position"))


def _bring_back(item: BatchItem, head: User) -> BatchItem:
    batch = casework.begin_bringing_back(item.batch_id, language="en", actor=head)
    jobs.work()
    return batch.items.order_by("position")[0]


def test_a_case_goes_with_all_that_the_preview_says_and_comes_back() -> None:
    post = stages.ministry()
    head, delhi = _head(post.mission), _delhi()
    case, other = stages.sent(), stages.sent()
    comes = stages.booked(case)
    casework.claim(case.reference, stages.open_task(case).pk, actor=post.clerk)
    before = Case.objects.get(pk=case.pk)
    due = sorted(Token.objects.filter(instance=case.instance_id).values_list("due_at", flat=True), key=str)

    with translation.override("en"):
        lines = "\n".join(_look(case, delhi, head).lines)
    events = case.events.count()
    for part in ("1 open task goes", f"Taken from: {post.clerk.name}", "The appointment is given back",
                 "Deadlines stay", "gives no appointments", "Nobody there has these roles today: Decider"):  # fmt: skip
        assert part in lines
    assert case.events.count() == events

    done, there = _hand_over([case, other], delhi, head)
    assert [done.state, there.state] == ["done", "done"], done.sentence
    case.refresh_from_db()
    task = stages.open_task(case)
    assert (case.mission, task.mission, task.assignee) == (delhi, delhi, None)
    tokens = Token.objects.filter(instance=case.instance_id)
    assert sorted(tokens.values_list("due_at", flat=True), key=str) == due
    comes.refresh_from_db()
    assert comes.state == State.CANCELLED
    assert counter.reason_of(comes) == counter.Reason.PASSED_ON.label
    assert case.instance.variables["booked"] is False
    assert not Case.objects.visible_to(post.clerk).filter(pk=case.pk).exists()
    moved = Event.objects.get(case=case, kind="transferred")
    assert (moved.actor, moved.data["before"], moved.data["mission"]) == (head, "MUMB", "NEWD")
    assert Message.objects.get(case=case, audience="internal").body == REASON
    assert (
        Notification.objects.filter(case=case, kind__in=("transferred", "appointment_cancelled")).count() == 2
    )
    letter = Letter.objects.get(case=case, kind="L12")
    assert (letter.mission, '"appointment": ""' in json.dumps(letter.values)) == (delhi, False)
    assert "Consulate General in Mumbai" in Because.from_json(case.because).sentence

    assert _bring_back(done, head).state == "done"
    case.refresh_from_db()
    assert (case.mission, case.because["message"]) == (post.mission, before.because["message"])
    assert Letter.objects.filter(case=case, kind="L12").count() == 2
    assert booking.current(case.pk, now=clock.now()) is None
    assert stages.do(case, post.clerk, complete=True).phase != Phase.RECEIVED
    assert _bring_back(done, head).state == "refused"


def test_nobody_brings_back_what_somebody_there_has_gone_on_with() -> None:
    post = stages.ministry()
    head, delhi = _head(post.mission), _delhi()
    case = stages.sent()
    (done,) = _hand_over([case], delhi, head)
    clerk = factories.official(Role.INTAKE_CLERK, mission=delhi)
    with pytest.raises(Refused, match="not you"):
        relocating.bring_back(case.pk, actor=_head(post.mission))

    casework.claim(case.reference, stages.open_task(case).pk, actor=clerk)

    assert _bring_back(done, head).sentence.startswith("Somebody has gone on")
    assert [one.state for one in _hand_over([Case.objects.get(pk=case.pk)], post.mission, _head(delhi))] == [
        "done"
    ]
    case.refresh_from_db()
    assert case.because["rule"] != "handed_over", "why it was there before holds again"


def test_who_may_not_and_what_stays_is_told_and_refused() -> None:
    post = stages.ministry()
    head, delhi = _head(post.mission), _delhi(Role.CASEWORKER)
    case, letter_due = stages.sent(doc_number="G7654321"), stages.decided(post)
    mine = stages.sent()
    mine.owner.person = head.person
    mine.owner.save()
    over = stages.sent()
    Case.objects.filter(pk=over.pk).update(phase=Phase.CLOSED)
    hand = partial(relocating.hand_case_over, reason=REASON)
    seen = relocating.seen_now(case)

    def told(which: Case, mission: Mission, actor: User = head, **more: Any) -> str:
        with pytest.raises(Refused) as refused:
            hand(which.reference, mission.pk, actor=actor, **({"seen": relocating.seen_now(which)} | more))
        return refused.value.code

    assert told(case, delhi) == "nobody_there"
    factories.official(Role.INTAKE_CLERK, mission=delhi)
    assert told(case, delhi, _head(delhi)) == "not_found"
    assert told(case, delhi, post.caseworker) == "forbidden"
    assert told(case, post.mission) == "no_mission"
    assert told(case, delhi, reason=" ") == "no_reason"
    assert told(over, delhi) == "closed"
    assert told(mine, delhi) == "own_case"
    assert told(letter_due, delhi) == "busy"
    stages.booked(case)
    assert told(case, delhi, seen=seen) == "changed"
    assert not Event.objects.filter(kind="transferred").exists()
    assert _look(over, delhi, head).refusal
    hand(case.reference, delhi.pk, seen=relocating.seen_now(case), actor=head)


def _two_heads(monkeypatch: pytest.MonkeyPatch) -> tuple[Case, list[str]]:
    """Two heads of a section send one case to two missions; each has judged, or waits, before the other writes."""
    post = stages.ministry()
    goals = [_delhi(), Mission.objects.get(code="CHEN")]
    factories.official(Role.INTAKE_CLERK, mission=goals[1])
    case = stages.sent()
    seen, meeting, real = relocating.seen_now(case), Meeting(), relocating.relocate

    def relocate(*args: Any, **more: Any) -> None:
        meeting.arrive()
        real(*args, **more)

    monkeypatch.setattr(relocating, "relocate", relocate)
    hand = partial(relocating.hand_case_over, case.reference, reason=REASON, seen=seen)
    return case, racing.together(*(partial(hand, goal.pk, actor=_head(post.mission)) for goal in goals))


def test_two_heads_of_section_send_a_case_to_one_mission_only(monkeypatch: pytest.MonkeyPatch) -> None:
    case, told = _two_heads(monkeypatch)

    assert told[0] == ""
    assert told[1] in {"forbidden", "not_found"}
    assert Event.objects.filter(case=case, kind="transferred").count() == 1


def test_without_the_lock_on_the_case_it_would_go_to_two(monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: both have judged, and both send it."""
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_: self)
    monkeypatch.setattr(relocating, "_key", lambda case: str(clock.now()))

    case, told = _two_heads(monkeypatch)

    assert told == ["", ""]
    assert Event.objects.filter(case=case, kind="transferred").count() == 2


def test_a_note_or_a_task_after_the_case_went_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waits for the case while it goes is told that it is not theirs any more, and changes nothing."""
    post = stages.ministry()
    head, delhi = _head(post.mission), _delhi()
    case = stages.sent()
    token, meeting, real = stages.open_task(case), Meeting(), relocating.relocate
    told: list[str] = []

    def relocate(*args: Any, **more: Any) -> None:
        meeting.arrive()
        real(*args, **more)

    def work() -> None:
        meeting.arrive()
        casework.complete(case.reference, token.pk, {"complete": True}, actor=post.clerk)

    monkeypatch.setattr(relocating, "relocate", relocate)
    hand = partial(relocating.hand_case_over, case.reference, delhi.pk, reason=REASON)
    told = racing.together(partial(hand, seen=relocating.seen_now(case), actor=head), work)

    assert told[0] == ""
    assert told[1] in {"not_found", "not_your_lane"}
    assert stages.open_task(case).mission == delhi
    with pytest.raises(Refused):
        correspondence.note(case.pk, "Too late.", actor=post.clerk)
    assert not Token.objects.filter(
        instance=case.instance_id, kind=TokenKind.TASK, mission=post.mission
    ).exists()
