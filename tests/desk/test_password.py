"""Staff change their password."""

import pytest

from consular.accounts import passwords
from tests import factories
from tests.desk.staff import FACTORS, change_password, give_password

pytestmark = pytest.mark.django_db


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(client, official):
    other = factories.signed_in(type(client)(), official)
    factories.signed_in(client, official)

    changed = change_password(client)

    assert changed["Location"] == FACTORS
    assert client.get(FACTORS).status_code == 200
    assert other.get(FACTORS).status_code == 302
    assert give_password(type(client)(), official).status_code == 422


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"present": "wrong"}, "not your present password"),
        ({"again": "maple lantern crosses river"}, "two new passwords differ"),
        ({"new": "short", "again": "short"}, "too short"),
        ({"new": "consular visa embassy", "again": "consular visa embassy"}, "nothing to do with"),
        ({"new": "x" * 10_000, "again": "x" * 10_000}, "at most 128"),
        ({"new": "a\0" + "b" * 20, "again": "a\0" + "b" * 20}, "Null characters"),
    ],
)
def test_a_password_that_cannot_stand_changes_nothing(client, official, typed, sentence):
    factories.signed_in(client, official)
    before = official.password

    answer = change_password(client, **typed)
    official.refresh_from_db()

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert official.password == before


def test_too_many_wrong_passwords_have_to_wait(client, official):
    factories.signed_in(client, official)
    for _ in range(passwords.PER_KNOWN_BROWSER.most):
        change_password(client, present="wrong")

    answer = change_password(client)

    assert answer.status_code == 429
    assert "too many attempts" in answer.content.decode()
