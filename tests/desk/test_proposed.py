"""Whoever approves has seen the letter as it will be signed, and approves exactly that."""

import re

import pytest
from django.test import Client

from consular.accounts import sessions
from consular.cases.models import Case
from consular.casework import proposed
from tests import factories, stages

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("missions")]

MARK = re.compile(r'name="letter_seen" value="([0-9a-f]{64})"')


@pytest.fixture
def waiting() -> tuple[Client, Case]:
    """A proposal before its decider."""
    post = stages.ministry()
    case = stages.at_decision(post)
    return factories.signed_in(Client(), post.decider), case


def _approve(client: Client, case: Case, mark: str | None) -> int:
    token = stages.open_task(case).pk
    given = {f"t{token}-approved": "yes"} | ({} if mark is None else {"letter_seen": mark})
    return client.post(f"/desk/cases/{case.reference}/tasks/{token}/", given).status_code


def _change(case: Case) -> None:
    """The letter would name somebody else."""
    Case.objects.filter(pk=case.pk).update(applicant_name="Mensah, Akua")


def test_the_letter_is_shown_and_what_has_changed_since_is_not_approved(waiting: tuple[Client, Case]) -> None:
    client, case = waiting
    page = client.get(f"/desk/cases/{case.reference}/").content.decode()
    (mark,) = MARK.findall(page)
    shown = client.get(re.search(r'href="([^"]*proposal.pdf)"', page).group(1))
    assert (shown["Content-Type"], shown.content[:5]) == ("application/pdf", b"%PDF-")
    assert not case.letters.filter(kind="L10").exists()

    _change(case)
    assert [_approve(client, case, seen) for seen in (mark, "", None)] == [409, 409, 409]
    assert case.decisions.get().state == "proposed"
    (fresh,) = MARK.findall(client.get(f"/desk/cases/{case.reference}/").content.decode())
    assert fresh != mark
    assert _approve(client, case, fresh) == 302
    assert case.decisions.get().state == "approved"
    assert client.get(f"/desk/cases/{case.reference}/proposal.pdf").status_code == 404


def _stale(client: Client) -> None:
    """The second factor was proved some time ago."""
    session = client.session
    session["verified"] -= sessions.FRESH.total_seconds() + 1
    session.save()


def test_an_approval_wants_a_fresh_second_factor_and_what_was_typed_waits(
    waiting: tuple[Client, Case],
) -> None:
    client, case = waiting
    address = f"/desk/cases/{case.reference}/"
    (mark,) = MARK.findall(client.get(address).content.decode())
    _stale(client)

    assert _approve(client, case, mark) == 302
    assert case.decisions.get().state == "proposed"
    assert client.session["desk_next"] == address
    prefix = f"t{stages.open_task(case).pk}-approved"
    boxes = re.findall(r"<input[^>]*>", client.get(address).content.decode())
    (yes,) = (box for box in boxes if prefix in box and 'value="yes"' in box)
    assert "checked" in yes

    session = client.session
    session["verified"] += sessions.FRESH.total_seconds() + 1
    session.save()
    assert _approve(client, case, mark) == 302
    assert case.decisions.get().state == "approved"


def test_without_the_fresh_factor_whoever_finds_the_desk_open_could_approve(
    waiting: tuple[Client, Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control."""
    client, case = waiting
    (mark,) = MARK.findall(client.get(f"/desk/cases/{case.reference}/").content.decode())
    _stale(client)
    monkeypatch.setattr(sessions, "is_fresh", lambda request: True)

    assert _approve(client, case, mark) == 302
    assert case.decisions.get().state == "approved"


def test_without_the_comparison_another_letter_would_be_approved(
    waiting: tuple[Client, Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: the letter names somebody else than the one who was seen."""
    client, case = waiting
    (mark,) = MARK.findall(client.get(f"/desk/cases/{case.reference}/").content.decode())
    _change(case)
    monkeypatch.setattr(proposed, "require_same", lambda case, seen: None)

    assert _approve(client, case, mark) == 302
    assert case.decisions.get().state == "approved"
