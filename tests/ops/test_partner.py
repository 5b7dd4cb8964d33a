"""`consular partner`: who is consulted, and which accounts answer."""

import json
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from consular.accounts.models import Kind, User
from consular.cases.consultations import Partner, PartnerMember, members
from consular.core import clock
from tests import factories

pytestmark = pytest.mark.django_db

ADD = ("add", "security", "--kind", "security", "--name")


def _partner(*arguments: str) -> dict[str, Any]:
    said = StringIO()
    call_command("partner", *arguments, "--json", stdout=said)
    return json.loads(said.getvalue())


def test_a_partner_is_added_and_renamed() -> None:
    _partner(*ADD, "Security")
    answer = _partner(*ADD, "Security authority")

    assert answer == {"code": "security", "name": "Security authority", "kind": "security"}
    assert Partner.objects.get().name == "Security authority"


def test_an_account_answers_from_today_until_it_leaves() -> None:
    _partner(*ADD, "Security authority")
    until = clock.today() + timedelta(days=30)

    _partner("join", "security", "Desk@Authority.example")
    answer = _partner("join", "security", "desk@authority.example", "--until", until.isoformat())
    user = User.objects.get()

    assert answer == {"code": "security", "email": "desk@authority.example", "until": until.isoformat()}
    assert user.kind == Kind.APPLICANT
    assert PartnerMember.objects.get().ends_on == until
    assert list(members("security")) == [user]
    _partner("leave", "security", user.email)
    assert list(members("security")) == []


def test_one_that_answered_before_is_kept_with_its_days() -> None:
    _partner(*ADD, "Security authority")
    _partner("join", "security", "desk@authority.example")
    PartnerMember.objects.update(starts_on=clock.today() - timedelta(days=10))

    _partner("leave", "security", "desk@authority.example")

    assert PartnerMember.objects.get().ends_on == clock.today() - timedelta(days=1)
    with pytest.raises(CommandError, match="does not answer"):
        _partner("leave", "security", "desk@authority.example")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("join", "nobody", "desk@authority.example"), "no partner nobody"),
        (("join", "security", "no address"), "no e-mail address"),
        (("join", "security", "desk@authority.example", "--until", "2020-01-01"), "has passed"),
        (("leave", "security", "desk@authority.example"), "does not answer"),
        (("add", "a b", "--kind", "security", "--name", "A"), "no code"),
        (("add", "a", "--kind", "security", "--name", " "), "1 to 160"),
    ],
)
def test_what_is_not_right_is_said_and_nothing_is_written(arguments: tuple[str, ...], sentence: str) -> None:
    _partner(*ADD, "Security authority")

    with pytest.raises(CommandError, match=sentence):
        _partner(*arguments)

    assert Partner.objects.count() == 1
    assert not PartnerMember.objects.exists()
    assert not User.objects.exists()


def test_officers_and_closed_accounts_answer_for_nobody() -> None:
    _partner(*ADD, "Security authority")
    for user, sentence in (
        (factories.official(), "officer"),
        (factories.applicant(is_active=False), "is shut"),
    ):
        with pytest.raises(CommandError, match=sentence):
            _partner("join", "security", user.email)

    assert not PartnerMember.objects.exists()
