"""`consular token`: a key is shown once, works, and ends when it is revoked."""

import json

import pytest
from django.core.management import CommandError, call_command

from consular.accounts import tokens
from consular.accounts.models import ApiToken
from tests import factories

pytestmark = pytest.mark.django_db


def run(capsys, *arguments):
    call_command("token", *arguments)
    return capsys.readouterr().out


def test_a_token_is_made_shown_once_and_revoked(capsys):
    user = factories.applicant()
    who = ("--user", user.email.upper(), "--name", "Partner", "--json")
    made = json.loads(run(capsys, "create", "--days", "30", *who))
    stored = ApiToken.objects.get()

    assert made.keys() == {"token", "user", "name", "expires_on"}
    assert tokens.owner_of(made["token"]) == user
    assert made["token"].encode() not in bytes(stored.digest)

    assert json.loads(run(capsys, "revoke", *who))["revoked"] is True
    assert tokens.owner_of(made["token"]) is None
    with pytest.raises(CommandError) as refused:
        run(capsys, "revoke", *who)
    assert refused.value.returncode == 1


def test_a_person_reads_the_key_and_until_when_it_is_valid(capsys):
    user = factories.applicant()
    key, note = run(capsys, "create", "--days", "1", "--user", user.email, "--name", "x").splitlines()

    assert tokens.owner_of(key) == user
    assert note.startswith("Valid until ")


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"--user": "nobody@example.org"}, 1),
        ({"--days": "0"}, 2),
        ({"--days": "367"}, 2),
        ({"--days": "-1"}, 2),
        ({"--name": " "}, 2),
        ({"--name": "x" * 81}, 2),
        ({"--name": "a\x00b"}, 2),
        ({"--name": "taken"}, 2),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_is_made(capsys, changed, code):
    user = factories.applicant()
    tokens.create(user, name="taken", days=1)
    given = {"--user": user.email, "--name": "Partner", "--days": "30", **changed}

    with pytest.raises(CommandError) as refused:
        run(capsys, "create", *(part for pair in given.items() for part in pair))

    assert refused.value.returncode == code
    assert ApiToken.objects.count() == 1


def test_a_closed_account_gets_no_token(capsys):
    user = factories.applicant(is_active=False)

    with pytest.raises(CommandError):
        run(capsys, "create", "--days", "1", "--user", user.email, "--name", "x")


def test_a_name_is_free_again_after_revoking():
    user = factories.applicant()
    tokens.create(user, name="Partner", days=1)
    tokens.revoke(user, name="Partner")

    assert tokens.owner_of(tokens.create(user, name="Partner", days=1)) == user
