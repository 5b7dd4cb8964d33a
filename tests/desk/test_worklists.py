"""The pages around the queue: filters, saved views, many cases at once, keys; all of it without scripts."""

from unittest.mock import patch

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from consular import casework
from consular.accounts import sessions
from consular.accounts.models import Role
from consular.cases.models import Batch, SavedView
from consular.core import clock, jobs
from consular.core.models import Job
from consular.desk import queue_filters, rows
from consular.workflow.models import Token
from tests import factories, stages

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("missions")]

DAYS = {-2: "2 days ago", -1: "1 day ago", 0: "today", 1: "tomorrow", 2: "in 2 days"}


def test_days_are_said_in_words() -> None:
    assert {days: rows.due_in_words(days) for days in DAYS} == DAYS
    assert [rows.waits_in_words(days) for days in (0, 1, 3)] == ["since today", "1 day", "3 days"]
    assert [rows.nation_of(code) for code in ("", "DEU", "IRL", "IND")] == [
        "", "Germany", "Other EU or EEA states and Switzerland", "Other states",
    ]  # fmt: skip


def test_who_audits_everywhere_sees_the_queues_of_the_mission_that_is_chosen() -> None:
    post = stages.ministry()
    stages.sent()
    other = factories.mission("AAAA", kind="back_office")
    factories.official(Role.CASEWORKER, mission=other)
    client = factories.signed_in(Client(), factories.official(Role.AUDITOR))

    assert client.get("/desk/").context["rows"] == [], "the first mission has none"
    assert client.post("/desk/queue-mission/", {"mission": post.mission.code}).status_code == 302
    page = client.get("/desk/")
    assert [len(page.context["rows"]), page.context["lanes"]] == [1, []]
    chosen = {"all": "1", "act": "list", "show": "mission"}
    assert client.post("/desk/batches/", chosen)["Content-Type"] == "application/pdf"
    assert "queue_mission" not in client.post("/desk/queue-mission/", {"mission": "<script>"}).cookies
    clerk = factories.signed_in(Client(), post.clerk)
    assert clerk.get("/desk/").context["missions"] == ()


def test_a_clerk_filters_saves_the_view_and_the_queue_begins_with_it() -> None:
    post = stages.ministry()
    case, init = stages.sent(), queue_filters.Filters.__init__
    casework.set_flag(case.reference, "urgent", actor=post.clerk)
    stages.sent(doc_number="G7654321")
    client = factories.signed_in(Client(), post.clerk)

    page = client.get("/desk/", {"flag": "urgent", "service": "no such", "person": "1 OR 1=1", "due": "\x00"})
    assert [row.reference for row in page.context["rows"]] == [case.reference]
    assert page.context["wanted"] == {"show": "team", "flag": "urgent"}

    saved = client.post("/desk/views/", page.context["wanted"] | {"name": "Urgent", "is_start": "1"})
    assert saved.status_code == 302
    assert len(client.get("/desk/").context["rows"]) == 1  # the start page
    assert len(client.get("/desk/", {"show": "team"}).context["rows"]) == 2
    made = []
    with patch.object(queue_filters.Filters, "__init__", lambda *what: made.append(what) or init(*what)):
        narrowed = client.get("/desk/", {"show": "team", "flag": "urgent", "sort": "since"})
    assert len(made) == 1, "the lists are put together once for the page, not for each saved view"
    assert all(
        f'<option value="{value}" selected>' in narrowed.content.decode() for value in ("urgent", "since", "")
    )
    assert all(name in narrowed.context["fields"] for name in ('id="id_person"', 'for="id_sort"'))
    assert 'id="id_person"' not in client.get("/desk/", {"show": "mine"}).context["fields"]
    again = client.post("/desk/views/", {"name": " ", "flag": "urgent"})
    assert again.status_code == 422
    assert 'name="flag" value="urgent"' in again.content.decode()
    view = SavedView.objects.get()
    assert client.post(f"/desk/views/{view.pk}/", {"act": "rename", "name": "x" * 61}).status_code == 422
    assert client.post(f"/desk/views/{view.pk}/", {"act": "share", "mission": "٣"}).status_code == 403
    assert client.post(f"/desk/views/{view.pk}/", {"act": "rename", "name": "Now"}).status_code == 302
    assert "Now" in client.get("/desk/views/").content.decode()


def test_many_cases_are_chosen_done_and_told_one_by_one() -> None:
    post = stages.ministry()
    tokens = [stages.open_task(stages.sent(doc_number=f"G100000{number}")).pk for number in range(2)]
    client = factories.signed_in(Client(), post.clerk)

    for wrong in (
        {},
        {"act": "claim"},
        {"act": "burn", "chosen": tokens},
        {"act": "complete", "chosen": tokens},
    ):
        assert client.post("/desk/batches/", wrong).status_code == 422
    asked = client.post("/desk/batches/", {"act": "claim", "all": "1", "show": "team"})
    assert [token.pk for token in asked.context["tokens"]] == tokens
    missing = client.post(
        "/desk/batches/", {"act": "assign", "chosen": tokens, "begin": "1", "reason": "Kept words"}
    )
    assert missing.status_code == 422
    assert "Kept words" in missing.content.decode()

    begun = client.post("/desk/batches/", {"act": "claim", "chosen": tokens, "begin": "1"})
    assert client.get(begun["Location"]).context["left"] == 2
    Job.objects.exclude(name="casework.batch").delete()
    jobs.work()
    told = client.get(begun["Location"])
    assert (told.context["done"], told.context["left"]) == (2, 0)
    assert Token.objects.filter(assignee=post.clerk).count() == 2

    numbers = []
    for some in (tokens[:1], tokens):
        with CaptureQueriesContext(connection) as queries:
            paper = client.post("/desk/batches/", {"act": "list", "chosen": some})
        numbers.append(len(queries))
    assert numbers[0] == numbers[1], "the list takes as many statements, however long it is"
    assert (paper["Content-Type"], paper.content[:5], paper["Cache-Control"]) == (
        "application/pdf", b"%PDF-", "no-store",
    )  # fmt: skip
    colleague = factories.official(Role.INTAKE_CLERK, mission=post.mission)
    other = factories.signed_in(Client(), colleague)
    assert other.get(begun["Location"]).status_code == 404
    assert "Take them myself" in client.get("/desk/batches/").content.decode()
    assert Batch.objects.count() == 1


def test_the_next_task_can_be_taken_from_every_tab_and_what_is_handed_out_cannot_be_picked() -> None:
    post = stages.ministry()
    token = stages.open_task(stages.sent())
    Token.objects.filter(pk=token.pk).update(allocation="random")
    client = factories.signed_in(Client(), post.clerk)

    for tab in ("mine", "team", "mission", "shared"):
        assert "Next task: Intake clerk" in client.get("/desk/", {"show": tab}).content.decode()
    page = client.get("/desk/").content.decode()
    assert "Handed out by the queue" in page
    assert f"/tasks/{token.pk}/claim/" not in page
    Token.objects.filter(pk=token.pk).update(allocation="free")  # negative control
    assert f"/tasks/{token.pk}/claim/" in client.get("/desk/").content.decode()


def test_the_queue_leads_only_to_pages_that_open() -> None:
    client = factories.signed_in(Client(), factories.official(Role.ADMINISTRATOR, mission=None))
    assert b'href="/desk/batches/"' not in client.get("/desk/").content
    client = factories.signed_in(Client(), factories.official(Role.AUDITOR, mission=None))
    assert b'href="/desk/batches/"' in client.get("/desk/").content
    assert client.get("/desk/batches/").status_code == 200


def test_keys_can_be_turned_off() -> None:
    client = factories.signed_in(Client(), factories.official(Role.INTAKE_CLERK, mission=factories.mission()))

    assert "data-keys" in client.get("/desk/").content.decode()
    client.post("/desk/keys/", {"keys": "off"})
    assert "data-keys" not in client.get("/desk/").content.decode()
    assert "Turn the keys on" in client.get("/desk/keys/").content.decode()
    client.post("/desk/keys/", {"keys": "on"})
    assert "data-keys" in client.get("/desk/").content.decode()


def _after_a_break(client: Client, headers: dict[str, str]) -> int:
    """What the queue answers sixteen minutes later, when the page has renewed itself after ten."""
    began = int(clock.now().timestamp())
    with patch.object(sessions, "_seconds", lambda: began + 600):
        assert client.get("/desk/", headers=headers).status_code == 200
    with patch.object(sessions, "_seconds", lambda: began + 960):
        return client.get("/desk/").status_code


def test_a_page_that_renews_itself_keeps_no_session() -> None:
    client = factories.signed_in(Client(), factories.official(Role.INTAKE_CLERK, mission=factories.mission()))

    assert _after_a_break(client, {sessions.BY_ITSELF: "1"}) == 302


def test_without_the_header_a_page_that_renews_itself_would_keep_the_session() -> None:
    client = factories.signed_in(Client(), factories.official(Role.INTAKE_CLERK, mission=factories.mission()))

    assert _after_a_break(client, {}) == 200
