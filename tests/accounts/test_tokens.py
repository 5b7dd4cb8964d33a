"""Keys of partners: unguessable, stored as hashes, one account each."""

from datetime import timedelta

import pytest

from consular.accounts import tokens
from consular.accounts.models import ApiToken
from consular.core import clock
from consular.core.errors import Refused
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_key_belongs_to_one_account_and_cannot_be_read_back():
    ours, theirs = factories.applicant(), factories.applicant()
    keys = [tokens.create(user, name="Partner", days=1) for user in (ours, theirs)]

    assert [tokens.owner_of(key) for key in keys] == [ours, theirs]
    assert all(len(key) >= 27 for key in keys)
    assert not [
        key for key in keys for token in ApiToken.objects.all() if key.encode() in bytes(token.digest)
    ]


@pytest.mark.parametrize(("days_ago", "found"), [(0, True), (1, False)])
def test_a_key_is_valid_to_the_end_of_its_last_day(days_ago, found):
    user = factories.applicant()
    key = tokens.create(user, name="Partner", days=1)
    ApiToken.objects.update(expires_on=clock.today() - timedelta(days=days_ago))

    assert (tokens.owner_of(key) == user) is found


@pytest.mark.parametrize("key", ["", " ", "\x00", "\u202e", "x" * 100_000])
def test_what_is_no_key_finds_nobody(key):
    assert tokens.owner_of(key) is None


def test_a_name_is_used_once_and_ends_only_the_token_it_names():
    user = factories.applicant()
    first, second = (tokens.create(user, name=name, days=1) for name in ("first", "second"))
    with pytest.raises(Refused) as refused:
        tokens.create(user, name="first", days=1)
    tokens.revoke(user, name="first")

    assert refused.value.code == "in_use"
    assert tokens.owner_of(first) is None
    assert tokens.owner_of(second) == user
