"""Tasks that go to a colleague, to another mission, and back: who may, to whom, and who sees the case meanwhile."""

from datetime import timedelta

import pytest
from django.utils.formats import date_format

from consular import casework
from consular.accounts.models import Role, User
from consular.cases.models import Audience, Case, CaseQuerySet, Event
from consular.casework.handing_over import Seen
from consular.core import clock
from consular.core.errors import Refused
from consular.missions.models import Absence, Mission
from consular.workflow.models import Token
from tests import factories, stages

pytestmark = pytest.mark.django_db(transaction=True)


class Scene:
    """A case with an open task for the clerk, colleagues, heads of section, and a back office."""

    def __init__(self) -> None:
        self.post = stages.ministry()
        self.case = stages.sent()
        self.token = stages.open_task(self.case).pk
        self.clerk = self.post.clerk
        self.colleague = factories.official(Role.INTAKE_CLERK, mission=self.post.mission)
        self.head = factories.official(Role.HEAD_OF_SECTION, mission=self.post.mission)
        self.office = Mission.objects.exclude(pk=self.post.mission.pk).order_by("pk")[0]
        self.helper = factories.official(Role.INTAKE_CLERK, mission=self.office)
        self.head_there = factories.official(Role.HEAD_OF_SECTION, mission=self.office)

    @property
    def row(self) -> Token:
        return Token.objects.get(pk=self.token)

    def claim(self) -> None:
        casework.claim(self.case.reference, self.token, actor=self.clerk)

    def hand_over(self, to: User, *, by: User, reason: str = "") -> None:
        casework.hand_over(self.case.reference, self.token, to.pk, reason=reason, actor=by)

    def delegate(self, *, by: User | None = None, to: Mission | None = None) -> None:
        casework.delegate(
            self.case.reference, self.token, (to or self.office).pk, reason="No staff.", actor=by or self.head
        )

    def sees(self, who: User) -> bool:
        return Case.objects.visible_to(who).filter(pk=self.case.pk).exists()


@pytest.fixture
def scene() -> Scene:
    return Scene()


def code_of(act: object, *args: object, **kwargs: object) -> str:
    """The code of the refusal; nothing has changed."""
    before = list(Token.objects.values()), Event.objects.count()
    with pytest.raises(Refused) as raised:
        act(*args, **kwargs)  # type: ignore[operator]
    assert (list(Token.objects.values()), Event.objects.count()) == before
    return raised.value.code


def test_whoever_took_a_task_gives_it_to_a_colleague(scene: Scene) -> None:
    scene.claim()
    due = scene.row.due_at

    scene.hand_over(scene.colleague, by=scene.clerk)

    assert (scene.row.assignee, scene.row.due_at) == (scene.colleague, due)
    event = Event.objects.get(kind="handed_over")
    assert (event.actor, event.data) == (scene.clerk, {"token": scene.token, "to": scene.colleague.pk})
    casework.complete(scene.case.reference, scene.token, {"complete": True}, actor=scene.colleague)


def test_only_who_has_it_or_the_head_gives_it_to_somebody(scene: Scene) -> None:
    assert code_of(scene.hand_over, scene.colleague, by=scene.clerk) == "not_yours"
    scene.claim()
    assert code_of(scene.hand_over, scene.colleague, by=scene.colleague) == "not_yours"
    assert code_of(scene.hand_over, scene.colleague, by=scene.helper) == "not_found"
    assert code_of(scene.hand_over, scene.colleague, by=scene.head_there, reason="x") == "not_found"


def test_a_head_of_section_assigns_with_a_reason_that_is_kept_and_not_in_the_event(scene: Scene) -> None:
    assert code_of(scene.hand_over, scene.colleague, by=scene.head) == "no_reason"
    assert code_of(scene.hand_over, scene.colleague, by=scene.head, reason=" \n") == "no_reason"

    scene.hand_over(scene.colleague, by=scene.head, reason="Speaks Twi.")

    assert scene.row.assignee == scene.colleague
    event = Event.objects.get(kind="assigned")
    assert (event.actor, "Twi" in str(event.data)) == (scene.head, False)
    note = scene.case.messages.get()
    assert (note.audience, note.body, note.author) == (Audience.INTERNAL, "Speaks Twi.", scene.head)


def test_nobody_is_given_what_they_may_not_do(scene: Scene) -> None:
    scene.claim()
    other_lane = factories.official(Role.DECIDER, mission=scene.post.mission)
    applicant = factories.official(
        Role.INTAKE_CLERK, mission=scene.post.mission, person=scene.case.owner.person
    )
    left = factories.official(Role.INTAKE_CLERK, mission=scene.post.mission, is_active=False)

    assert code_of(scene.hand_over, other_lane, by=scene.clerk) == "not_their_lane"
    assert code_of(scene.hand_over, scene.helper, by=scene.clerk) == "not_their_lane"
    assert code_of(scene.hand_over, applicant, by=scene.clerk) == "own_case"
    assert code_of(scene.hand_over, left, by=scene.clerk) == "nobody"
    assert code_of(scene.hand_over, scene.case.owner, by=scene.clerk) == "nobody"


def test_four_eyes_hold_for_what_is_handed_over() -> None:
    post = stages.ministry()
    case = stages.at_decision(post)
    token = stages.open_task(case).pk
    casework.claim(case.reference, token, actor=post.decider)
    same = factories.official(Role.DECIDER, mission=post.mission, person=post.caseworker.person)

    assert code_of(casework.hand_over, case.reference, token, same.pk, actor=post.decider) == "four_eyes"


def test_who_is_away_is_given_nothing_and_one_is_told_until_when(scene: Scene) -> None:
    scene.claim()
    today = clock.today(scene.post.mission.time_zone)
    Absence.objects.create(
        user=scene.colleague, starts_on=today, ends_on=today + timedelta(days=9), entered_by=scene.colleague,
        entered_at=clock.now(),
    )  # fmt: skip

    with pytest.raises(Refused) as raised:
        scene.hand_over(scene.colleague, by=scene.clerk)

    assert raised.value.code == "absent"
    day = date_format(today + timedelta(days=9), "SHORT_DATE_FORMAT")
    assert f"{scene.colleague.name} is absent until {day}." in str(raised.value.message)


def test_what_the_queue_hands_out_is_neither_picked_nor_passed_on_nor_given_back(scene: Scene) -> None:
    for way in ("oldest", "random"):
        Token.objects.filter(pk=scene.token).update(allocation=way, assignee=None)
        complete = {"answers": {"complete": True}, "actor": scene.clerk}
        assert code_of(casework.claim, scene.case.reference, scene.token, actor=scene.clerk) == "handed_out"
        assert code_of(casework.complete, scene.case.reference, scene.token, **complete) == "handed_out"
        Token.objects.filter(pk=scene.token).update(assignee=scene.clerk)
        assert code_of(casework.release, scene.case.reference, scene.token, actor=scene.clerk) == "handed_out"
        assert code_of(scene.hand_over, scene.colleague, by=scene.clerk) == "not_yours"

    casework.release(scene.case.reference, scene.token, actor=scene.head)
    scene.hand_over(scene.colleague, by=scene.head, reason="The queue is stuck.")
    assert scene.row.assignee == scene.colleague
    casework.complete(scene.case.reference, scene.token, {"complete": True}, actor=scene.colleague)


def test_a_delegated_task_is_done_by_the_other_mission_which_sees_the_case_so_long(scene: Scene) -> None:
    scene.claim()
    due = scene.row.due_at
    before = scene.sees(scene.helper)

    scene.delegate()

    assert (before, scene.sees(scene.helper), scene.sees(scene.clerk)) == (False, True, True)
    row = scene.row
    assert (row.mission, row.assignee, row.due_at) == (scene.office, None, due)
    assert Case.objects.get(pk=scene.case.pk).mission == scene.post.mission
    assert code_of(casework.claim, scene.case.reference, scene.token, actor=scene.clerk) == "not_your_lane"
    casework.claim(scene.case.reference, scene.token, actor=scene.helper)
    casework.complete(scene.case.reference, scene.token, {"complete": True}, actor=scene.helper)
    assert not scene.sees(scene.helper)
    assert set(Token.objects.values_list("mission", flat=True)) == {scene.post.mission.pk}
    assert Event.objects.get(kind="delegated").data == {"token": scene.token, "mission": scene.office.code}


def test_other_missions_and_roles_that_read_no_cases_do_not_see_a_delegated_one(scene: Scene) -> None:
    scene.delegate()
    third = Mission.objects.exclude(pk__in=[scene.office.pk, scene.post.mission.pk]).order_by("pk")[0]

    assert not scene.sees(factories.official(Role.CASEWORKER, mission=third))
    assert not scene.sees(factories.official(Role.SLOT_MANAGER, mission=scene.office))
    assert not scene.sees(factories.applicant())


def test_without_the_end_of_a_delegation_the_other_mission_would_go_on_reading(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: a rule that does not ask whether the task is open shows the case for ever."""
    scene.delegate()
    casework.complete(scene.case.reference, scene.token, {"complete": True}, actor=scene.helper)
    assert not scene.sees(scene.helper)
    lent = Event.objects.filter(kind="delegated", data__mission=scene.office.code).values("case")
    monkeypatch.setattr(CaseQuerySet, "visible_to", lambda cases, *_who: cases.filter(pk__in=lent))

    assert scene.sees(scene.helper)


@pytest.mark.parametrize("by", ["head", "head_there"])
def test_a_head_of_section_of_either_mission_ends_the_delegation(scene: Scene, by: str) -> None:
    scene.delegate()
    due = scene.row.due_at
    casework.claim(scene.case.reference, scene.token, actor=scene.helper)

    casework.take_back(scene.case.reference, scene.token, actor=getattr(scene, by))

    row = scene.row
    assert (row.mission, row.assignee, row.due_at) == (scene.post.mission, None, due)
    assert not scene.sees(scene.helper)
    assert Event.objects.get(kind="taken_back").data == {"token": scene.token, "mission": scene.office.code}


def test_who_may_not_delegate_or_take_back_is_refused(scene: Scene) -> None:
    assert code_of(scene.delegate, by=scene.clerk) == "forbidden"
    assert code_of(scene.delegate, by=scene.head_there) == "not_found"
    assert code_of(casework.take_back, scene.case.reference, scene.token, actor=scene.head) == "forbidden"
    scene.delegate()
    assert code_of(casework.take_back, scene.case.reference, scene.token, actor=scene.clerk) == "forbidden"
    assert code_of(casework.take_back, scene.case.reference, scene.token, actor=scene.helper) == "forbidden"
    assert code_of(scene.delegate, by=scene.head_there) == "forbidden"


def test_a_task_goes_nowhere_where_nobody_could_do_it(scene: Scene) -> None:
    empty = Mission.objects.exclude(pk__in=[scene.office.pk, scene.post.mission.pk]).order_by("pk")[0]

    assert code_of(scene.delegate, to=empty) == "nobody_there"
    assert code_of(scene.delegate, to=scene.post.mission) == "no_mission"
    assert code_of(casework.delegate, scene.case.reference, scene.token, 0, reason="x", actor=scene.head) == (
        "no_mission"
    )
    assert code_of(
        casework.delegate, scene.case.reference, scene.token, scene.office.pk, reason="", actor=scene.head
    ) == ("no_reason")


def test_a_task_that_is_done_is_passed_to_nobody(scene: Scene) -> None:
    casework.complete(scene.case.reference, scene.token, {"complete": True}, actor=scene.clerk)

    assert code_of(scene.delegate) == "done"
    assert code_of(scene.hand_over, scene.colleague, by=scene.head, reason="x") == "done"
    assert code_of(casework.take_back, scene.case.reference, scene.token, actor=scene.head) == "done"


def test_who_did_not_see_in_whose_hands_a_task_is_by_now_is_told_and_without_looking_would_take_it_away(
    scene: Scene,
) -> None:
    seen = Seen(scene.token, None, scene.post.mission.pk)
    scene.claim()
    order = {"reason": "Too many cases.", "actor": scene.head}

    with pytest.raises(Refused, match=scene.clerk.name) as refused:
        casework.hand_over(scene.case.reference, seen, scene.colleague.pk, **order)
    assert refused.value.code == "changed"
    assert code_of(casework.delegate, scene.case.reference, seen, scene.office.pk, **order) == "changed"
    assert scene.row.assignee == scene.clerk

    casework.hand_over(scene.case.reference, scene.token, scene.colleague.pk, **order)
    assert scene.row.assignee == scene.colleague
