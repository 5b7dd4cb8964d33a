"""A draft is its owner's, or before signing in the browser's that started it; saving and sending get on."""

import threading

import pytest
from django.db import OperationalError, connection, transaction

from consular import casework
from consular.accounts.models import Role
from consular.cases.models import Answers, Case
from consular.casework import applicant
from consular.core.errors import Refused
from tests import factories, stages

pytestmark = pytest.mark.django_db


def test_a_draft_is_its_owners_alone() -> None:
    owner = factories.applicant()
    mine = stages.draft(owner)

    for stranger in (factories.applicant(), factories.official(Role.HEAD_OF_SECTION, Role.AUDITOR)):
        with pytest.raises(Refused) as saving:
            casework.save(mine.pk, {}, revision=0, actor=stranger)
        with pytest.raises(Refused) as sending:
            casework.submit(mine.pk, attested=stages.ATTESTED, actor=stranger)
        assert (saving.value.status, sending.value.status) == (404, 404)

    assert casework.save(mine.pk, {}, revision=0, actor=owner).revision == 1


@pytest.mark.parametrize("secret", [None, "", "another secret"])
def test_a_draft_of_a_browser_wants_its_secret(secret: str | None) -> None:
    draft = stages.draft(secret="the secret")

    with pytest.raises(Refused) as refused:
        casework.save(draft.pk, {}, revision=0, actor=None, secret=secret)
    with pytest.raises(Refused):
        casework.readable_draft(draft.reference, actor=None, secret=secret)

    assert refused.value.code == "not_found"
    assert casework.readable_draft(draft.reference, actor=None, secret="the secret").pk == draft.pk


def test_the_secret_opens_nothing_once_the_draft_has_an_owner() -> None:
    draft = stages.draft(secret="the secret")
    casework.adopt("the secret", actor=factories.applicant())

    with pytest.raises(Refused):
        casework.save(draft.pk, {}, revision=0, actor=None, secret="the secret")


def test_nobody_keeps_drafts_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(applicant, "OPEN_DRAFTS", 1)
    owner = factories.applicant()
    stages.draft(owner)
    stages.draft(secret="the secret")

    for mine in ({"owner": owner}, {"secret": "the secret"}):
        with pytest.raises(Refused) as refused:
            stages.draft(**mine)
        assert (refused.value.code, refused.value.status) == ("too_many", 429)

    assert stages.draft(factories.applicant()).pk
    assert stages.draft(secret="another secret").pk


@pytest.mark.django_db(transaction=True)
def test_saving_and_sending_do_not_wait_for_each_other_in_a_circle() -> None:
    """Sending locks the case, then the answers; saving must not hold the answers while it waits for the case."""
    owner = factories.applicant()
    draft = stages.draft(owner)
    failed: list[Exception] = []

    def save() -> None:
        try:
            casework.save(draft.pk, {"surname": "Boateng"}, revision=0, actor=owner)
        except OperationalError as error:
            failed.append(error)
        finally:
            connection.close()

    saving = threading.Thread(target=save)
    with transaction.atomic():
        Case.objects.select_for_update().get(pk=draft.pk)
        saving.start()
        saving.join(timeout=0.5)
        Answers.objects.select_for_update().get(case=draft)
    saving.join()

    assert not failed
    assert Answers.objects.get(case=draft).data["surname"] == "Boateng"
