"""My list page by page, my data as a file, and deleting drafts and accounts, in the browser's words."""

from datetime import timedelta

import pytest
from django.test import Client

from consular.accounts import sessions
from consular.accounts.models import User
from consular.cases.models import Case
from consular.core import clock
from consular.portal import my_cases
from tests import factories, stages

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("missions")]


@pytest.fixture
def owner() -> User:
    return factories.applicant()


def signed_in(user: User, *, minutes_ago: int = 0) -> Client:
    """A browser whose person proved who they are so long ago."""
    browser = factories.signed_in(Client(), user)
    session = browser.session
    session["verified"] = int((clock.now() - timedelta(minutes=minutes_ago)).timestamp())
    session.save()
    return browser


def test_the_list_goes_on_page_by_page_and_loses_nobody(owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(my_cases, "SHOWN", 2)
    drafts = {stages.draft(owner).reference for _ in range(5)}
    Case.objects.update(changed_at=clock.now())  # alike: the number decides
    browser, address, seen = signed_in(owner), "/my/", list[str]()
    while address:
        page = browser.get(address)
        seen += [row.reference for row in page.context["rows"]]
        address = page.context["next_url"]

    assert (set(seen), len(seen)) == (drafts, 5)
    for odd in ("x", "1-", "9" * 40 + "-1", "-5", "1-\u0661"):
        assert len(browser.get("/my/", {"after": odd}).context["rows"]) == 2


def test_without_asking_for_a_fresh_code_an_open_session_would_take_everything(
    owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    stages.draft(owner)
    browser = signed_in(owner, minutes_ago=10)
    refused = browser.post("/my/data/")
    assert refused["Location"] == "/sign-in/?next=/my/data/"
    assert browser.get("/my/").status_code == 302, "the session is over"

    fresh = signed_in(owner).post("/my/data/")
    assert fresh["Content-Type"] == "application/zip"
    assert b"".join(fresh.streaming_content)[:2] == b"PK"
    monkeypatch.setattr(sessions, "is_fresh", lambda request: True)
    assert signed_in(owner, minutes_ago=10).post("/my/data/")["Content-Type"] == "application/zip"


def test_a_draft_and_an_account_are_deleted_after_a_question(owner: User) -> None:
    draft = stages.draft(owner)
    browser, page = signed_in(owner), f"/drafts/{draft.reference}/delete/"
    assert f'href="{page}"'.encode() in browser.get(f"/drafts/{draft.reference}/").content
    assert browser.get(page).status_code == 200
    assert signed_in(factories.applicant()).post(page).status_code == 404
    assert Case.objects.filter(pk=draft.pk).exists()

    assert browser.post(page)["Location"] == "/my/"
    assert not Case.objects.filter(pk=draft.pk).exists()
    assert browser.get("/my/account/delete/").status_code == 200
    assert User.objects.filter(pk=owner.pk).exists()
    assert browser.post("/my/account/delete/")["Location"] == "/"
    assert not User.objects.filter(pk=owner.pk).exists()
    assert browser.get("/my/").status_code == 302


def test_who_has_sent_a_case_reads_why_the_account_stays_and_who_opened_the_file() -> None:
    post = stages.ministry()
    case = stages.sent()
    browser, desk = signed_in(case.owner), factories.signed_in(Client(), post.clerk)
    readers = f"/cases/{case.reference}/readers/"
    assert b"Nobody has opened your file yet." in browser.get(readers).content
    desk.get(f"/desk/cases/{case.reference}/process/")

    told = browser.get(readers).content.decode()
    assert "Intake clerk · Consulate General in Mumbai" in told
    assert post.clerk.name not in told
    assert browser.post("/my/account/delete/").status_code == 409
    assert User.objects.filter(pk=case.owner.pk).exists()
