"""Claiming tasks and putting them back."""

import pytest

from consular.accounts.models import Role, User
from consular.core.errors import Refused
from consular.missions.models import Mission
from consular.workflow import store
from consular.workflow.models import Definition, Token
from tests import factories
from tests.workflow.transitions import done, refused, started

pytestmark = pytest.mark.django_db


def test_a_task_is_claimed_by_one_and_released_by_them(
    definition: Definition, delhi: Mission, clerk: User
) -> None:
    token = started(definition, delhi).entered[0].token_id
    other = factories.official(Role.INTAKE_CLERK, mission=delhi)
    store.claim(token, by=clerk)
    store.claim(token, by=clerk)

    with pytest.raises(Refused) as claimed:
        store.claim(token, by=other)
    with pytest.raises(Refused) as released:
        store.release(token, by=other)
    assert (claimed.value.code, refused(token, other).code, released.value.code) == (
        "claimed",
        "claimed",
        "not_yours",
    )
    assert str(claimed.value.message) == f"{clerk.name} is working on this task."

    store.release(token, by=clerk)
    store.claim(token, by=other)
    assert Token.objects.get().assignee == other


def test_a_head_of_section_puts_anybodys_task_back(
    definition: Definition, delhi: Mission, clerk: User
) -> None:
    token = started(definition, delhi).entered[0].token_id
    store.claim(token, by=clerk)

    store.release(token, by=factories.official(Role.HEAD_OF_SECTION, mission=delhi))

    assert Token.objects.get().assignee is None


def test_claiming_a_finished_task_says_who_finished_it(
    definition: Definition, delhi: Mission, clerk: User
) -> None:
    advance = started(definition, delhi)
    done(advance, clerk, complete=False)

    with pytest.raises(Refused) as raised:
        store.claim(advance.entered[0].token_id, by=clerk)
    assert raised.value.code == "done"
