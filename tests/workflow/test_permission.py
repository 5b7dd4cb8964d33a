"""Who may complete what."""

import pytest
from django.db import IntegrityError, transaction

from consular.accounts.models import Role, User
from consular.core.errors import Refused
from consular.missions.models import Mission
from consular.workflow import step, store
from consular.workflow.models import Definition, Instance, Token
from tests import factories
from tests.harm import without_trigger
from tests.workflow.transitions import XML, done, proposed, refused, started

pytestmark = pytest.mark.django_db


def test_the_second_one_is_told_who_was_faster(definition: Definition, delhi: Mission, clerk: User) -> None:
    advance = started(definition, delhi)
    done(advance, clerk, complete=False)

    refusal = refused(advance.entered[0].token_id, factories.official(Role.INTAKE_CLERK, mission=delhi))

    assert (refusal.code, str(refusal.message)) == ("done", f"This task is already done by {clerk.name}.")
    assert store.instance_of(advance.entered[0].token_id) == advance.instance.pk


def test_a_task_nobody_ever_heard_of_is_not_open(definition: Definition, clerk: User) -> None:
    assert refused(2**40, clerk).code == "done"


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.INTAKE_CLERK, Role.APPLICANT}])
def test_another_role_cannot_complete_the_task(definition: Definition, delhi: Mission, role: Role) -> None:
    advance = started(definition, delhi)

    refusal = refused(advance.entered[0].token_id, factories.official(role, mission=delhi))

    assert (refusal.code, refusal.status) == ("not_your_lane", 403)
    assert Instance.objects.get().revision == 1


def test_the_same_role_at_another_mission_or_an_applicant_cannot_complete_the_task(
    definition: Definition, delhi: Mission
) -> None:
    advance = started(definition, delhi)
    elsewhere = factories.official(Role.INTAKE_CLERK, mission=factories.mission("MUMB"))

    assert refused(advance.entered[0].token_id, elsewhere).code == "not_your_lane"
    assert refused(advance.entered[0].token_id, factories.applicant()).code == "not_your_lane"


def test_nobody_decides_on_their_own_proposal(definition: Definition, delhi: Mission, officer: User) -> None:
    advance = proposed(definition, delhi, officer)

    refusal = refused(advance.entered[0].token_id, officer, approved=True)

    assert (refusal.code, refusal.status) == ("four_eyes", 403)
    assert Token.objects.get().node == "decide"


def test_a_second_account_of_the_same_person_does_not_help(
    definition: Definition, delhi: Mission, officer: User
) -> None:
    advance = proposed(definition, delhi, officer)
    twin = factories.official(Role.DECIDER, mission=delhi, person=officer.person)

    assert refused(advance.entered[0].token_id, twin, approved=True).code == "four_eyes"
    with pytest.raises(Refused) as raised:
        store.claim(advance.entered[0].token_id, by=twin)
    assert raised.value.code == "four_eyes"


def test_four_eyes_count_for_every_round_of_the_loop(
    definition: Definition, delhi: Mission, officer: User
) -> None:
    other = factories.official(Role.CASEWORKER, Role.DECIDER, mission=delhi)
    advance = done(proposed(definition, delhi, officer), other, approved=False)
    advance = done(advance, other, recommendation="refuse")

    assert refused(advance.entered[0].token_id, officer, approved=True).code == "four_eyes"
    assert refused(advance.entered[0].token_id, other, approved=True).code == "four_eyes"


def test_without_the_four_eyes_property_one_person_could_do_both(delhi: Mission, officer: User) -> None:
    """The negative control: the safeguard is the property, and it alone."""
    careless = XML.replace(b'<zeebe:property name="fourEyesWith" value="examine" />', b"")
    advance = proposed(store.publish("careless", 1, careless), delhi, officer)

    assert done(advance, officer, approved=True).phase == "decided"


def test_the_database_keeps_four_eyes_whatever_the_engine_thinks(
    definition: Definition, delhi: Mission, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the negative control: without its trigger, a blind engine lets two accounts of one person do both."""
    advance = proposed(definition, delhi, officer)
    twin = factories.official(Role.DECIDER, mission=delhi, person=officer.person)
    monkeypatch.setattr(step, "may_complete", lambda *_anything: True)

    with pytest.raises(IntegrityError, match="other_eyes"), transaction.atomic():
        done(advance, twin, approved=True)

    with without_trigger("workflow.Completion:other_eyes"):
        assert done(advance, twin, approved=True).phase == "decided"
