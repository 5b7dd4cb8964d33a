"""A letter to an authority, issued, corrected and revoked: the applicant neither reads it nor is told of it."""

import pytest
from django.core import mail
from django.test import Client

from consular import casework
from consular.accounts.models import Role
from consular.cases.models import Case
from consular.casework import letters as letter_verbs
from consular.casework import on_request
from consular.core import jobs
from consular.decisions import models
from consular.decisions.models import Letter, Supersession
from tests import factories, stages
from tests.casework import asking

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("missions")]


def authority_letters(case: Case) -> list[Letter]:
    """A letter to an authority that is written, corrected and, as the new one, revoked."""
    asking.answered(case)
    case.consultations.update(closed_at=None)
    officer, decider = (
        factories.official(role, mission=case.mission) for role in (Role.CASEWORKER, Role.DECIDER)
    )
    offer = next(one for one in on_request.offers(case, is_applicant=False) if one.name == "L13")
    casework.ask_letter(case.reference, offer.name, offer.about, actor=officer)
    jobs.work()
    letter = Letter.objects.get(case=case, values__name="L13")
    for end in ("corrected", "revoked"):
        change = casework.propose_change(
            case.reference, Letter.objects.latest("pk").pk, end=end, reason="Wrong date", actor=officer
        )
        casework.approve_change(case.reference, change.pk, actor=decider)
        jobs.work()
    assert Supersession.objects.count() == 2
    assert letter.languages == ["de"]
    assert letter.values["versions"][0]["body"]["number"] == letter.values["about"]
    return list(Letter.objects.filter(values__name="L13"))


def told(case: Case, letters: list[Letter]) -> tuple[list[int], bool, int]:
    """What the applicant learns at the portal: how letters open, if the page names one, how many it says came."""
    client = factories.signed_in(Client(), case.owner)
    page = client.get(f"/cases/{case.reference}/").content.decode()
    opened = [client.get(f"/cases/{case.reference}/letters/{one.pk}/").status_code for one in letters]
    return opened, any(one.number in page for one in letters), page.count("Letter issued")


def test_the_letter_to_an_authority_is_not_for_the_applicant():
    stages.ministry()
    case = stages.sent()
    jobs.work()
    mails = len(mail.outbox)

    letters = authority_letters(case)

    assert told(case, letters) == ([404, 404], False, 1)  # the receipt
    assert len(mail.outbox) == mails


def test_without_the_list_of_internal_letters_the_applicant_would_read_them(monkeypatch: pytest.MonkeyPatch):
    for module in (models, on_request, letter_verbs):
        monkeypatch.setattr(module, "INTERNAL", ())
    stages.ministry()
    case = stages.sent()
    jobs.work()
    mails = len(mail.outbox)

    letters = authority_letters(case)

    assert told(case, letters) == ([200, 200], True, 3)
    assert len(mail.outbox) > mails
