"""`consular staff`: the first accounts of officers."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from consular.accounts.models import Kind, Role, User
from consular.missions.models import Posting
from tests import factories

pytestmark = pytest.mark.django_db


def _staff(*arguments: str) -> dict[str, Any]:
    said = StringIO()
    call_command("staff", *arguments, "--json", stdout=said)
    return json.loads(said.getvalue())


def test_a_new_officer_gets_a_password_once_and_a_posting() -> None:
    answer = _staff("post", "Admin@Ministry.example", "--role", "administrator", "--name", "A. Administrator")
    again = _staff("post", "admin@ministry.example", "--role", "administrator")

    user = User.objects.get(email="admin@ministry.example")
    assert (user.kind, user.name) == (Kind.STAFF, "A. Administrator")
    assert user.check_password(answer["password"])
    assert "password" not in again
    assert [(post.role, post.mission) for post in Posting.objects.filter(user=user)] == [
        (Role.ADMINISTRATOR, None)
    ]


def test_an_officer_is_posted_to_a_mission() -> None:
    mission = factories.mission("NEWD")

    answer = _staff("post", "clerk@ministry.example", "--role", "intake_clerk", "--mission", "NEWD")

    assert answer["mission"] == "NEWD"
    assert Posting.objects.get().mission == mission


def test_a_shut_account_is_shut() -> None:
    officer = factories.official(Role.CASEWORKER)

    _staff("shut", officer.email)

    officer.refresh_from_db()
    assert not officer.is_active


def test_nobody_is_posted_with_an_account_that_is_shut() -> None:
    officer = factories.official(is_active=False)

    with pytest.raises(CommandError, match="is shut"):
        _staff("post", officer.email, "--role", "auditor")

    assert not Posting.objects.exists()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["post", "no address", "--role", "auditor"], "is no e-mail address"),
        (["post", "a@b.example", "--role", "auditor", "--mission", "NOWHERE"], "There is no mission NOWHERE"),
        (["post", "a@b.example", "--role", "applicant"], "invalid choice"),
        (["shut", "a@b.example"], "There is no officer"),
    ],
)
def test_what_cannot_be_is_said(arguments: list[str], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        _staff(*arguments)

    assert not User.objects.exists()


def test_an_applicant_is_never_made_an_officer() -> None:
    applicant = factories.applicant()

    with pytest.raises(CommandError, match="applicant's account"):
        _staff("post", applicant.email, "--role", "auditor")
