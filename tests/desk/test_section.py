"""The pages of a head of section and of who keeps a mission: own mission only, few statements, what was typed stays."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from consular.accounts.models import Role
from consular.cases.models import Batch
from consular.core import clock
from consular.decisions import second_looks
from consular.decisions.models import SecondLook
from consular.desk import charts
from consular.missions.changes import Detail, MissionChange, StaffProposal
from consular.missions.models import Posting
from consular.workflow.models import Token
from tests import factories, stages

pytestmark = pytest.mark.django_db(transaction=True)


def test_load_due_moving_figures_and_second_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second_looks, "shares", lambda: {"others": 100})
    post = stages.ministry()
    head = factories.official(Role.HEAD_OF_SECTION, mission=post.mission)
    browser = factories.signed_in(Client(), head)
    abroad = factories.signed_in(
        Client(), factories.official(Role.HEAD_OF_SECTION, mission=factories.mission())
    )
    late, soon, far = (stages.sent() for _ in range(3))
    stages.decided(post)
    now = clock.now()
    for case, due in ((late, -1), (soon, 0.001), (far, 60)):
        Token.objects.filter(instance=case.instance_id).update(due_at=now + timedelta(days=due))

    with CaptureQueriesContext(connection) as queries:
        text = browser.get("/desk/section/").content.decode()
    assert soon.reference in text
    assert late.reference not in text
    assert far.reference not in text
    assert len(queries) <= 20
    assert soon.reference not in abroad.get("/desk/section/").content.decode()
    assert abroad.get("/desk/section/", {"mission": post.mission.code}).status_code == 404

    address = f"/desk/section/move/?mission={post.mission.code}"
    shown = browser.get(address, {"due": "late", "mission": post.mission.code}).content.decode()
    assert late.reference in shown
    assert far.reference not in shown
    chosen = {"chosen": [stages.open_task(late).pk], "to": f"person-{post.clerk.pk}", "reason": "Illness"}
    looked = browser.post(address, chosen | {"look": "yes"})
    assert "open tasks now" in looked.content.decode()
    assert not Batch.objects.exists()
    assert browser.post(address, chosen | {"reason": "", "move": "yes"}).status_code == 422
    assert browser.post(address, chosen | {"move": "yes"}).status_code == 302
    assert Batch.objects.get().by == head

    figures = browser.get("/desk/section/figures/").content.decode()
    assert ("<svg" in figures, " style=" in figures) == (True, False)
    assert browser.get("/desk/section/figures/pairs.csv")["Content-Disposition"].startswith("attachment")
    assert_files_of_figures(browser)
    assert abroad.get(f"/desk/section/figures/weeks.csv?mission={post.mission.code}").status_code == 404

    look = SecondLook.objects.latest("pk")
    given = {"look": look.pk, f"{look.pk}-finding": "wrong", f"{look.pk}-remark": ""}
    assert browser.post("/desk/second-looks/", given).status_code == 422
    assert abroad.post("/desk/second-looks/", given | {f"{look.pk}-remark": "x"}).status_code == 404
    assert (
        browser.post("/desk/second-looks/", given | {f"{look.pk}-remark": "No insurance"}).status_code == 302
    )
    assert "No insurance" in browser.get("/desk/second-looks/").content.decode()


def assert_files_of_figures(browser: Client) -> None:
    """The tables of what was late and refused are files, too; missions are compared by who heads several."""
    for name, said in (("missed", "Check completeness"), ("refusals", "All nationalities")):
        assert said in browser.get(f"/desk/section/figures/{name}.csv").content.decode("utf-8-sig")
    for name in ("missions", "none"):
        assert browser.get(f"/desk/section/figures/{name}.csv").status_code == 404


def test_a_move_knows_with_whom_the_page_showed_each_task() -> None:
    post = stages.ministry()
    head = factories.official(Role.HEAD_OF_SECTION, mission=post.mission)
    browser = factories.signed_in(Client(), head)
    token = stages.open_task(stages.sent())
    address = f"/desk/section/move/?mission={post.mission.code}"
    chosen = {"chosen": [token.pk], "to": f"person-{post.clerk.pk}", "reason": "Illness"}
    looked = browser.post(address, chosen | {"look": "yes"})
    Token.objects.filter(pk=token.pk).update(assignee=post.caseworker)

    browser.post(address, chosen | {"move": "yes", "seen": looked.context["seen"]})
    browser.post(address, chosen | {"move": "yes"})  # negative control

    assert f'name="seen" value="{looked.context["seen"]}"' in looked.content.decode()
    shown, without = (batch.facts["seen"][str(token.pk)] for batch in Batch.objects.order_by("pk"))
    assert (shown[0], without[0]) == (None, post.caseworker.pk)


def test_what_cannot_be_understood_narrows_the_tasks_to_none_and_not_to_all() -> None:
    post = stages.ministry()
    browser = factories.signed_in(Client(), factories.official(Role.HEAD_OF_SECTION, mission=post.mission))
    case = stages.sent()

    for given, status in (({"due": ""}, 200), ({"person": "1 OR 1=1"}, 422), ({"lane": "auditor"}, 422)):
        page = browser.get("/desk/section/move/", given)
        assert (page.status_code, case.reference in page.content.decode()) == (status, status == 200)


def test_the_pages_of_a_mission_keep_what_was_typed_and_undo(client: Client) -> None:
    mission = factories.mission()
    head = factories.official(Role.HEAD_OF_SECTION, mission=mission)
    browser = factories.signed_in(client, head)
    abroad = factories.signed_in(
        Client(), factories.official(Role.HEAD_OF_SECTION, Role.ADMINISTRATOR, mission=factories.mission())
    )
    page, today = f"/desk/missions/{mission.code}/", clock.today(mission.time_zone)
    later = (today + timedelta(days=40)).isoformat()

    wrong = browser.post(page + "details/address/", {"value": "1 New Road", "valid_from": "2020-01-01"})
    assert wrong.status_code == 422
    assert "1 New Road" in wrong.content.decode()
    given = {"value": "1 New Road", "valid_from": later}
    assert browser.post(page + "details/address/", given).status_code == 302
    assert "1 New Road" in browser.get(page).content.decode()
    assert browser.post(page + "details/address/", given | {"value": "x", "seen": "old"}).status_code == 409
    assert browser.get(page + "details/nothing/").status_code == 404
    change = MissionChange.objects.get()
    undo = f"/desk/missions/changes/{change.pk}/undo/"
    assert abroad.post(undo).status_code == 403
    assert browser.post(undo).status_code == 302
    assert not Detail.objects.exists()
    for name in ("", "staff/", "sites/", "details/rate/"):
        assert abroad.get(page + name).status_code == 404

    to = factories.official()
    posted = {"add": "yes", "email": to.email, "role": "caseworker", "first": today.isoformat(), "last": ""}
    assert browser.post(page + "staff/", posted).status_code == 302
    row = Posting.objects.get(user=to)
    assert browser.post(page + "staff/", {"end": row.pk, "last": today.isoformat()}).status_code == 302
    assert browser.post(page + "staff/", posted | {"role": "auditor"}).status_code == 422
    assert browser.post(page + "staff/", posted | {"role": "decider"}).status_code == 302
    waiting = StaffProposal.objects.get()
    assert browser.post(page + "staff/", {"agree": waiting.pk}).status_code == 403
    assert browser.post(page + "staff/", {"decline": waiting.pk}).status_code == 302
    site = {"add": "yes", "kind": "provider", "name": "Example", "city": "Mumbai", "groups": ["visa_c"]}
    assert browser.post(page + "sites/", site).status_code == 422
    assert browser.post(page + "sites/", site | {"valid_from": later}).status_code == 302
    assert "Mumbai" in browser.get(page + "sites/").content.decode()


def test_a_chart_is_drawn_to_scale_and_leaves_out_what_is_not_told() -> None:
    chart = charts.bars(["a", "b"], [("first", [4, None]), ("second", [2, 0])])

    assert [bar.value for bar in chart.bars] == [4, 2, 0]
    assert chart.bars[0].height == 2 * chart.bars[1].height
    assert chart.bars[2].height == 0
    assert all(0 <= bar.x <= chart.width - bar.width for bar in chart.bars)
