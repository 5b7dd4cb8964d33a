"""The page on which a letter is corrected or revoked: what it offers to whom, and that nothing typed is lost."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from consular.accounts.models import Role, User
from consular.core import jobs
from consular.decisions import issuing, keys, verification
from consular.decisions.issuing import About
from consular.decisions.models import Change, Letter
from tests import bad_text, factories, stages
from tests.decisions import letters

pytestmark = pytest.mark.django_db


@pytest.fixture
def letter() -> Letter:
    """A receipt that was issued."""
    keys.make_local()
    return issuing.issue(factories.sent_case(), "L01", key="one", folder=stages.folder())


def address(letter: Letter) -> str:
    return f"/desk/cases/{letter.case.reference}/letters/{letter.pk}/change/"


def officer(letter: Letter, role: Role = Role.CASEWORKER) -> User:
    return factories.official(role, mission=letter.case.mission)


def signed_in(letter: Letter, role: Role = Role.CASEWORKER) -> Client:
    return factories.signed_in(Client(), officer(letter, role))


def test_two_officers_correct_a_letter(letter: Letter) -> None:
    proposing, judging = signed_in(letter), signed_in(letter, Role.HEAD_OF_SECTION)

    assert proposing.post(address(letter), {"end": "corrected", "reason": "Name"}).status_code == 302
    change = Change.objects.get()
    assert b"Another person has to approve it" in proposing.get(address(letter)).content
    assert judging.post(address(letter), {"act": "approve", "change": change.pk}).status_code == 302
    jobs.work()

    assert verification.look_up(letter.code).status == "superseded"
    assert b"no longer stands" in judging.get(address(letter)).content


def test_the_time_of_a_proposal_is_that_of_the_mission(letter: Letter) -> None:
    Change.objects.create(
        letter=letter, end="corrected", reason="Name", proposed_by=officer(letter),
        proposed_at=datetime(2026, 3, 1, 20, tzinfo=UTC),
    )  # fmt: skip

    shown = signed_in(letter).get(address(letter)).content.decode()

    assert "2 Mar 2026, 01:30" in shown


def test_one_takes_back_what_one_proposed(letter: Letter) -> None:
    client = signed_in(letter)
    client.post(address(letter), {"end": "revoked", "reason": "Sent by mistake"})

    client.post(address(letter), {"act": "decline", "change": Change.objects.get().pk})

    assert Change.objects.get().is_approved is False
    assert verification.look_up(letter.code).is_valid


def test_whoever_proposed_it_is_refused_without_a_button_too(letter: Letter) -> None:
    client = signed_in(letter, Role.DECIDER)
    client.post(address(letter), {"end": "revoked", "reason": "Sent by mistake"})

    page = client.post(address(letter), {"act": "approve", "change": Change.objects.get().pk})

    assert (page.status_code, b'value="approve"' in page.content) == (403, False)


def test_a_letter_that_says_a_decision_is_only_corrected() -> None:
    keys.make_local()
    decision = letters.approved(letters.GRANT)
    granted = issuing.issue(decision.case, "L10", key="g", about=About(decision), folder=stages.folder())
    client = signed_in(granted)

    assert b'value="revoked"' not in client.get(address(granted)).content
    assert client.post(address(granted), {"end": "revoked", "reason": "x"}).status_code == 422


def test_bad_text_is_refused_or_kept_as_text(letter: Letter) -> None:
    client = signed_in(letter)
    texts = [text for name, text in bad_text.CORPUS.items() if name != "lone surrogates"]

    answers = {
        client.post(address(letter), {"end": "corrected", "reason": text}).status_code for text in texts
    }

    assert answers <= {302, 409, 422}


def test_a_proposal_that_is_none_is_not_found(letter: Letter) -> None:
    decider = signed_in(letter, Role.DECIDER)

    for number in ("", "0", "-1", "1e9", "٣", "9" * 40, "x"):
        answer = decider.post(address(letter), {"act": "approve", "change": number})
        assert answer.status_code == 404, number


def test_what_was_typed_is_still_there_after_a_mistake(letter: Letter) -> None:
    page = signed_in(letter).post(address(letter), {"end": "corrected", "reason": "x" * 301})

    assert page.status_code == 422
    assert "x" * 301 in page.content.decode()
