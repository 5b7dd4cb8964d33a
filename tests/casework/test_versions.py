"""Publishing editions of a process and moving running cases to them."""

import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from consular import casework
from consular.accounts.models import Role, User
from consular.cases.models import Event
from consular.casework import past
from consular.core import clock
from consular.core.errors import Refused
from consular.workflow import library, rows
from consular.workflow.mapping import NO_CHANGES, TokenMapping
from consular.workflow.migrating import DoesNotMap, Route
from consular.workflow.migration import following
from consular.workflow.models import Completion, Definition, Instance, Token
from consular.workflow.publishing import Release
from consular.workflow.replay import replay
from tests import factories, stages

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("missions")]

FORMS = Path(__file__).parents[2] / "forms"
EXAMINE_TO_ASSESS = TokenMapping({"examine": "assess"})


@pytest.fixture
def post() -> stages.Post:
    return stages.ministry()


@pytest.fixture
def administrator() -> User:
    return factories.official(Role.ADMINISTRATOR)


def changed(*changes: tuple[str, str]) -> bytes:
    """Our process with some words replaced."""
    xml = stages.folder().process.decode()
    for before, after in changes:
        assert before in xml
        xml = xml.replace(before, after)
    return xml.encode()


RENAMED = (("examine<", "assess<"), ('"examine"', '"assess"'))


def second(actor: User, *changes: tuple[str, str], **more: Any) -> Definition:
    release = Release(stages.SERVICE, 1, changed(*(changes or RENAMED)), 2, stages.folder().files)
    return casework.publish_process(release, actor=actor, **more)


def way(mapping: TokenMapping = EXAMINE_TO_ASSESS) -> Route:
    return casework.route(stages.SERVICE, "1", "1.2", mapping)


def moved(actor: User, mapping: TokenMapping = EXAMINE_TO_ASSESS) -> dict[str, str]:
    return {outcome.reference: outcome.code for outcome in casework.move_all(way(mapping), actor=actor)}


def test_new_cases_start_on_the_newest_edition_whose_day_has_come_and_running_ones_keep_theirs(
    post: stages.Post, administrator: User
) -> None:
    before = stages.sent()
    now = clock.now()

    new = second(administrator, valid_from=now + timedelta(days=3))

    assert (new.number, new.published_by) == ("1.2", administrator)
    assert library.in_force(stages.SERVICE, 1, now).number == "1.1"
    assert library.in_force(stages.SERVICE, 1, now + timedelta(days=4)) == new
    assert Instance.objects.get(case=before).definition.number == "1.1"


def test_an_edition_without_a_date_counts_at_once(post: stages.Post, administrator: User) -> None:
    new = second(administrator)

    assert Instance.objects.get(case=stages.sent()).definition == new


def test_only_administrators_publish_and_move(post: stages.Post, administrator: User) -> None:
    case = stages.at_examination(post)
    second(administrator)

    for role in set(Role) - {Role.ADMINISTRATOR, Role.APPLICANT}:
        other = factories.official(role)
        with pytest.raises(Refused) as published:
            casework.publish_process(Release(stages.SERVICE, 1, changed(*RENAMED), 3), actor=other)
        with pytest.raises(Refused) as tried:
            moved(other)
        assert (published.value.code, tried.value.code) == ("forbidden", "forbidden"), role

    assert Instance.objects.get(case=case).definition.number == "1.1"
    assert Definition.objects.filter(service=stages.SERVICE).count() == 2


def test_a_day_that_is_over_and_a_form_nobody_has_are_refused(post: stages.Post, administrator: User) -> None:
    with pytest.raises(Refused) as past:
        second(administrator, valid_from=clock.now() - timedelta(days=1))
    with pytest.raises(Refused) as unsound:
        second(administrator, ('name="form" value="lodging"', 'name="form" value="nothing"'))
    second(administrator, valid_from=clock.now() + timedelta(days=2))
    with pytest.raises(Refused) as early:
        way()

    assert [refused.value.code for refused in (past, unsound, early)] == ["past", "unsound", "not_yet"]


def test_a_moved_case_keeps_its_due_date_its_row_and_whoever_works_on_it(
    post: stages.Post, administrator: User
) -> None:
    case = stages.at_examination(post)
    task = stages.open_task(case)
    casework.claim(case.reference, task.pk, actor=post.caseworker)
    task = stages.open_task(case)
    second(administrator, *RENAMED, ('value="P10D"', 'value="P1D"'))

    assert moved(administrator) == {case.reference: "moved"}

    after = stages.open_task(case)
    assert (after.pk, after.node, after.due_at) == (task.pk, "assess", task.due_at)
    assert (after.assignee, after.since, after.number) == (post.caseworker, task.since, task.number)
    instance = Instance.objects.get(case=case)
    assert (instance.definition.number, instance.phase) == ("1.2", "in_review")
    event = Event.objects.get(case=case, kind="migrated")
    assert (event.actor, event.data) == (
        administrator, {"from": "1.1", "to": "1.2", "mapping": {"elements": {"examine": "assess"}}},
    )  # fmt: skip


def test_a_moved_case_goes_on_to_its_end_with_four_eyes(post: stages.Post, administrator: User) -> None:
    both = factories.official(Role.CASEWORKER, Role.DECIDER, mission=post.mission)
    case = stages.at_examination(post)
    stages.do(case, both, **stages.granting())
    second(administrator)
    moved(administrator)

    with pytest.raises(Refused) as refused:
        stages.do(case, both, approved=True)
    stages.do(case, post.decider, approved=True)

    assert refused.value.code == "four_eyes"
    assert Token.objects.get(instance=case.instance_id).node == "issue_letter"
    judged = Completion.objects.filter(instance=case.instance_id, by__in=[both, post.decider]).order_by("at")
    assert [(one.node, one.four_eyes_with) for one in judged] == [("assess", ""), ("decide", "assess")]


def test_the_dry_run_names_every_case_that_would_not_map_and_writes_nothing(
    post: stages.Post, administrator: User
) -> None:
    mapped, stuck = stages.sent(), stages.at_examination(post)
    second(administrator)
    before = list(Token.objects.values().order_by("pk"))

    found = list(casework.would_move(way(NO_CHANGES)))

    assert [(outcome.reference, outcome.code) for outcome in found] == [
        (mapped.reference, "moved"), (stuck.reference, "stays"),
    ]  # fmt: skip
    assert [(reason.code, reason.element) for reason in found[1].reasons] == [("gone", "examine")]
    assert list(Token.objects.values().order_by("pk")) == before
    assert not Event.objects.filter(kind="migrated").exists()
    assert not Instance.objects.exclude(definition__edition=1).exists()


def test_a_case_that_went_on_after_the_dry_run_is_judged_anew(post: stages.Post, administrator: User) -> None:
    case = stages.at_examination(post)
    other = stages.sent(doc_number="G7654321")
    second(administrator)
    route = way(NO_CHANGES)
    assert [outcome.code for outcome in casework.would_move(route)] == ["stays", "moved"]

    stages.do(case, post.caseworker, recommendation="ask", request="More, please.")
    stages.do(other, post.clerk, complete=True)
    stages.booked(other)
    stages.do(other, post.clerk, **stages.LODGING)
    stages.do(other, post.caseworker, admissibility="admissible")
    stages.do(other, post.caseworker, **stages.SEARCHED)

    assert [outcome.code for outcome in casework.move_all(route, actor=administrator)] == ["stays", "stays"]
    assert [reason.code for reason in next(iter(casework.would_move(route))).reasons] == ["four_eyes"]


def test_a_claimed_task_does_not_change_its_lane(post: stages.Post, administrator: User) -> None:
    case, free = stages.sent(), stages.sent()
    casework.claim(case.reference, stages.open_task(case).pk, actor=post.clerk)
    lane = "<bpmn:flowNodeRef>check_completeness</bpmn:flowNodeRef>"
    second(administrator, (lane, ""), ("<bpmn:flowNodeRef>examine<", f"{lane}<bpmn:flowNodeRef>examine<"))

    found = list(
        casework.move_all(
            way(TokenMapping({"check_completeness": "check_completeness"})), actor=administrator
        )
    )

    assert [(outcome.code, [reason.code for reason in outcome.reasons]) for outcome in found] == [
        ("stays", ["claimed"]), ("moved", []),
    ]  # fmt: skip
    assert stages.open_task(free).lane == Role.CASEWORKER
    stages.do(free, post.caseworker, complete=True)


def test_a_second_run_goes_on_where_the_first_was_ended(post: stages.Post, administrator: User) -> None:
    cases = [stages.sent() for _ in range(3)]
    second(administrator)
    run = casework.move_all(way(), actor=administrator)

    next(run)
    run.close()
    between = [Instance.objects.get(case=case).definition.number for case in cases]
    rest = moved(administrator)

    assert between == ["1.2", "1.1", "1.1"]
    assert rest == {case.reference: "moved" for case in cases[1:]}
    assert Event.objects.filter(kind="migrated").values("case").distinct().count() == 3
    assert moved(administrator) == {}


def test_a_case_that_cannot_be_moved_is_refused_with_its_reasons(
    post: stages.Post, administrator: User
) -> None:
    case = stages.at_examination(post)
    second(administrator)

    with pytest.raises(DoesNotMap) as refused:
        casework.move_case(case.pk, way(NO_CHANGES), actor=administrator)
    with pytest.raises(DoesNotMap):
        way(TokenMapping({"nothing": "assess"}))

    assert [str(reason) for reason in refused.value.reasons] == [
        "examine: the new process has no such element; map it to another one"
    ]


def test_a_process_that_asks_for_a_form_the_case_does_not_have_takes_no_case(
    post: stages.Post, administrator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = stages.sent()
    second(administrator, ('name="form" value="lodging"', 'name="form" value="hand_over"'))
    route = way(NO_CHANGES)
    monkeypatch.setattr("consular.casework.versions._tasks", lambda case: {"completeness"})

    found = next(iter(casework.would_move(route)))

    assert (found.reference, {reason.code for reason in found.reasons}) == (case.reference, {"form"})


def test_a_moved_case_can_be_replayed_from_its_history(post: stages.Post, administrator: User) -> None:
    case = stages.at_examination(post)
    second(administrator)
    moved(administrator)
    stages.do(case, post.caseworker, recommendation="ask", request="More, please.")
    versions = past.Versions(stages.SERVICE)
    graph, decide = versions("1.1")
    lines = past.recorded(case.events.order_by("pk"), post.mission)

    replayed = replay(graph, lines, decide, following(versions))

    loaded = rows.lock(pk=case.instance_id)
    assert loaded is not None
    assert replayed == loaded.state


def test_a_draft_begins_on_the_newest_version_whose_process_counts_already(
    tmp_path: Path, settings: Any, administrator: User
) -> None:
    settings.FORMS_DIR = tmp_path
    for version in ("v1", "v2"):
        shutil.copytree(FORMS / stages.SERVICE / "v1", tmp_path / stages.SERVICE / version)
    process, tables = stages.folder().process, stages.folder().files
    later = clock.now() + timedelta(days=3)
    assert stages.draft().version == 2

    casework.publish_process(Release(stages.SERVICE, 1, process, tables=tables), actor=administrator)
    casework.publish_process(
        Release(stages.SERVICE, 2, process, tables=tables), valid_from=later, actor=administrator
    )

    assert stages.draft().version == 1
    assert library.version_in_force(stages.SERVICE, later) == 2
