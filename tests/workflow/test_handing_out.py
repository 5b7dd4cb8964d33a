"""What a process says about handing out its tasks: read, checked, in the rows, and after a migration."""

from types import SimpleNamespace

import pytest

from consular.accounts.models import Role, User
from consular.core.errors import Refused
from consular.missions.models import Mission
from consular.workflow import migrating, store
from consular.workflow.compile import compile
from consular.workflow.graph import Allocation
from consular.workflow.mapping import TokenMapping
from consular.workflow.markup import NotInSubset
from consular.workflow.models import Token
from tests import factories
from tests.workflow import bpmn
from tests.workflow.bpmn import path
from tests.workflow.transitions import NOW

pytestmark = pytest.mark.django_db


def xml(way: str, eyes: str = "") -> bytes:
    """Two tasks, one after the other, in the lane of caseworkers; the second is handed out."""
    second = bpmn.user("b", allocation=way, **({"fourEyesWith": eyes} if eyes else {}))
    return bpmn.process(bpmn.start(), bpmn.user("a"), second, bpmn.end(), path("start", "a", "b", "end"))


@pytest.mark.parametrize("way", list(Allocation))
def test_the_way_reaches_the_row(way: Allocation, delhi: Mission, officer: User) -> None:
    definition = store.publish("handing_out", 1, xml(way, "a"))
    first = store.start(definition, mission=delhi, variables={}, now=NOW).entered[0]
    assert Token.objects.get().allocation == "free"

    store.complete(first.token_id, by=officer, variables={}, now=NOW)

    row = Token.objects.get()
    assert (row.allocation, row.four_eyes_with) == (way, "a")


def test_a_way_that_is_none_and_a_step_that_is_no_task_are_refused() -> None:
    with pytest.raises(NotInSubset, match="allocation is one of free, oldest, random"):
        compile(xml("bribe"))
    service = bpmn.element(
        "serviceTask", "s", "", '<zeebe:taskDefinition type="x"/>' + bpmn.properties(allocation="random")
    )
    with pytest.raises(NotInSubset, match="the property allocation belongs to userTask"):
        compile(bpmn.process(bpmn.start(), service, bpmn.end(), path("start", "s", "end")))


def test_a_case_that_moves_to_another_version_is_handed_out_as_that_one_says(
    delhi: Mission, officer: User
) -> None:
    old, new = (
        store.publish("handing_out", number, xml(way)) for number, way in ((1, "free"), (2, "random"))
    )
    advance = store.start(old, mission=delhi, variables={}, now=NOW)
    store.complete(advance.entered[0].token_id, by=officer, variables={}, now=NOW)

    migrating.migrate(advance.instance.pk, migrating.route(old, new, TokenMapping()), now=NOW)

    row = Token.objects.get()
    assert row.allocation == "random"
    with pytest.raises(Refused) as refused:
        store.claim(row.pk, by=officer)
    assert refused.value.code == "handed_out"


def test_what_is_handed_out_is_done_by_whom_it_was_handed_to_and_nobody_else(
    delhi: Mission, officer: User
) -> None:
    """The negative control is the same task, free: then anybody of the lane completes it."""
    other = factories.official(Role.CASEWORKER, mission=delhi)
    definition = store.publish("handing_out", 1, xml("random"))
    first = store.start(definition, mission=delhi, variables={}, now=NOW).entered[0].token_id
    token = store.complete(first, by=officer, variables={}, now=NOW).entered[0].token_id

    with pytest.raises(Refused) as refused:
        store.complete(token, by=other, variables={}, now=NOW)
    assert refused.value.code == "handed_out"
    Token.objects.update(allocation="free")
    assert store.complete(token, by=other, variables={}, now=NOW).ended


def in_office(office: str) -> bytes:
    """One task that lies with another mission."""
    return bpmn.process(bpmn.start(), bpmn.user("a", office=office), bpmn.end(), path("start", "a", "end"))


@pytest.mark.parametrize(
    ("office", "code"),
    [
        ("BACK1", "BACK1"),
        ("=office.code", "BACK1"),
        ("=office.none", "NEWD"),
        ("NOWHERE", "NEWD"),
        ("=1 + 1", "NEWD"),
    ],
)
def test_a_task_lies_with_the_office_its_process_names_and_else_at_the_mission(
    office: str, code: str, delhi: Mission
) -> None:
    Mission.objects.filter(pk=delhi.pk).update(code="NEWD")
    factories.mission("BACK1")
    definition = store.publish("office", 1, in_office(office))

    store.start(definition, mission=delhi, variables={"office": {"code": "BACK1"}}, now=NOW)

    assert Token.objects.get().mission.code == code


def test_who_works_there_does_the_task_and_the_mission_does_not(delhi: Mission, officer: User) -> None:
    office = factories.mission("BACK1")
    colleague = factories.official(Role.CASEWORKER, mission=office)
    definition = store.publish("office", 1, in_office("BACK1"))
    token = store.start(definition, mission=delhi, variables={}, now=NOW).entered[0].token_id

    with pytest.raises(Refused) as refused:
        store.complete(token, by=officer, variables={}, now=NOW)
    assert refused.value.code == "not_your_lane"
    assert store.complete(token, by=colleague, variables={}, now=NOW).ended


def beside_an_office() -> bytes:
    """One task for the mission and one for an office, side by side."""
    tasks = (bpmn.user("a"), bpmn.user("b", office="BACK1"))
    return bpmn.process(
        bpmn.start(), bpmn.parallel("split"), *tasks, bpmn.parallel("join"), bpmn.end(),
        path("start", "split", "a", "join", "end"), path("split", "b", "join"),
    )  # fmt: skip


def moved(delhi: Mission) -> dict[str, Token]:
    """The two tasks, taken by somebody and the first one lent, after the case has gone to another mission."""
    factories.mission("BACK1")
    clerk = factories.official(Role.CASEWORKER)
    definition = store.publish("office", 1, beside_an_office())
    instance = store.start(definition, mission=delhi, variables={}, now=NOW).instance
    Token.objects.filter(node="a").update(mission=factories.mission("LENT"), assignee=clerk)
    Token.objects.filter(node="b").update(assignee=clerk)

    store.move(instance.pk, factories.mission("OTHER"))

    assert Token.objects.get(node="b").instance.mission.code == "OTHER"
    return {token.node: token for token in Token.objects.select_related("mission") if token.kind == "task"}


def test_a_case_that_moves_leaves_the_tasks_of_an_office_there(delhi: Mission) -> None:
    tasks = moved(delhi)

    assert (tasks["b"].mission.code, tasks["b"].assignee is None) == ("BACK1", False)
    assert (tasks["a"].mission.code, tasks["a"].assignee) == ("OTHER", None)


def test_without_a_look_at_the_process_the_office_would_lose_its_task(
    delhi: Mission, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: no element names an office, and its task goes along, out of the hands of who does it."""
    monkeypatch.setattr(store, "graph", lambda _definition: SimpleNamespace(nodes={}))

    task = moved(delhi)["b"]

    assert (task.mission.code, task.assignee) == ("OTHER", None)


def test_a_task_of_an_office_that_was_taken_back_moves_along(delhi: Mission) -> None:
    factories.mission("BACK1")
    definition = store.publish("office", 1, in_office("BACK1"))
    instance = store.start(definition, mission=delhi, variables={}, now=NOW).instance
    Token.objects.update(mission=delhi)

    store.move(instance.pk, factories.mission("OTHER"))

    assert Token.objects.get().mission.code == "OTHER"


def test_an_office_that_is_no_code_is_refused() -> None:
    with pytest.raises(NotInSubset, match="office is the code of a mission"):
        compile(in_office("the back office"))
