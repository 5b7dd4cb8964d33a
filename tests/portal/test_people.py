"""The pages of several people: the group, who acts for somebody, and the other parent's own link."""

import re

import pytest
from django.test import Client

from consular import casework
from consular.accounts import throttle
from consular.cases.models import Answers, Case, Consent, Mandate, Phase
from consular.casework import consents
from consular.portal import consent_link
from tests import factories, stages
from tests.bad_text import CORPUS
from tests.casework import kin
from tests.portal import drafting

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("missions")]


@pytest.fixture
def owner():
    return factories.applicant()


ACTS = {
    "capacity": "relative", "surname": "Rao", 
    "address_lines": "1 Hill Road", "address_place": "Mumbai", "address_postal_code": "400001",
    "address_country": "IND",
    "email": "rao@example.org",
    "phone": "+912266112233", "since_day": "5", "since_month": "1", "since_year": "2026",
    "counts_for": "one",
}  # fmt: skip
"""Who acts for somebody, as it is typed."""


@pytest.fixture
def browser(owner) -> Client:
    return factories.signed_in(Client(), owner)


def text(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def test_somebody_adds_a_person_sees_what_is_missing_and_sends_all_at_once(browser: Client, owner) -> None:
    stages.ministry()
    first = stages.draft(owner)
    assert "Add another person" in text(browser.get(f"/drafts/{first.reference}/"))

    assert browser.post(f"/people/{first.reference}/add/", {"service": "no\0 such"}).status_code == 404
    added = browser.post(f"/people/{first.reference}/add/", {"service": "schengen_visa"}).url
    other = Case.objects.get(reference=added.split("/")[2])
    page = text(browser.get(f"{added}residence/"))
    assert page.count("One answer for all persons of your group.") == 5
    group = f"/groups/{other.journey.reference}/"
    shown = browser.get(group)
    assert [person.name for person in shown.context["unready"]] == ["Person 2, no name yet"]
    assert browser.get(f"{group}send/").url == group  # nobody is sent alone by it

    casework.save(other.pk, stages.answers(doc_number="M7654329"), revision=0, actor=owner)
    acts = {**ACTS, "declared": "yes", "counts_for": "all"}
    assert browser.post(f"/drafts/{first.reference}/mandate/", acts).status_code == 302
    assert text(browser.get(group)).count("<bdi>Rao</bdi> acts for this person.") == 2
    shown = browser.get(f"{group}send/")
    names = [field.name for field in shown.context["form"]]
    assert browser.post(f"{group}send/", dict.fromkeys(names[:-1], "yes")).status_code == 422
    assert browser.post(f"{group}send/", dict.fromkeys(names, "yes")).url == group
    assert not Case.objects.filter(phase=Phase.DRAFT).exists()
    assert "Your group" in text(browser.get(f"/cases/{first.reference}/"))

    clerk = factories.official("intake_clerk", mission=Case.objects.get(pk=first.pk).mission)
    desk = text(factories.signed_in(Client(), clerk).get(f"/desk/cases/{first.reference}/"))
    assert f"/desk/cases/{other.reference}/" in desk


def test_groups_are_their_owners(browser: Client) -> None:
    first, _other = kin.group(factories.applicant())
    first.refresh_from_db()
    for address in (f"/groups/{first.journey.reference}/", f"/people/{first.reference}/consent/"):
        assert browser.get(address).status_code == 404
    for address in (f"/people/{first.reference}/add/", f"/people/{first.reference}/alone/"):
        assert browser.post(address).status_code == 404


def test_who_fills_in_for_somebody_says_so_and_a_mistake_keeps_what_was_typed(client: Client) -> None:
    reference = drafting.start(client)
    address = f"/drafts/{reference}/mandate/"
    wrong = client.post(address, ACTS)
    assert wrong.status_code == 422
    assert "1 Hill Road" in text(wrong)
    assert client.post(address, {**ACTS, "declared": "yes"}).status_code == 302
    assert Mandate.objects.get().name == "Rao"
    assert "acts for this person" in text(client.get(f"/drafts/{reference}/"))
    client.post(address, {"nobody": "yes"})
    assert not Mandate.objects.exists()


def test_the_other_parent_consents_by_the_link_and_sees_nothing_before(browser: Client, owner) -> None:
    case = kin.child(owner)
    page = f"/people/{case.reference}/consent/"
    asked = {
        "name": "Lena Sharma", "email": "lena@example.org", "language": "de", "document": kin.DOCUMENT,
        "birth_date_day": "9", "birth_date_month": "3", "birth_date_year": "1988",
    }  # fmt: skip
    assert browser.post(page, {**asked, "email": "nonsense"}).status_code == 422
    assert browser.post(page, asked).url == page
    parent, address = Client(), f"/consent/{consents.link(Consent.objects.get())}/"
    proof = {key: value for key, value in asked.items() if key.startswith(("birth", "document"))}
    answers = Answers.objects.get(case=case).data

    before = parent.get(address)
    assert before.status_code == 200
    assert not any(str(answers[name]) in text(before) for name in ("surname", "given_names", "doc_number"))
    assert parent.post(f"{address}answer/", {"agree": "yes", "about": kin.about(case)}).status_code == 403
    assert parent.post(address, {**proof, "document": "X1234567"}).status_code == 422
    assert parent.post(address, proof).url == address
    read = text(parent.get(address))
    assert answers["given_names"] in read
    assert not any(str(answers[name]) in read for name in ("doc_number", "home_address", "birth_place"))
    done = parent.post(f"{address}answer/", {"agree": "yes", "about": kin.about(case)})

    assert "Your consent was recorded" in text(done)
    assert parent.get(address).status_code == 410
    assert Consent.objects.get().state == "given"
    assert "Consented" in text(browser.get(page))


def test_the_link_takes_bad_text_and_strangers_try_it_so_often(monkeypatch: pytest.MonkeyPatch) -> None:
    token = kin.asked(kin.child())
    client = Client()
    for bad in list(CORPUS.values())[:5] + [CORPUS["markup"], CORPUS["other digits"]]:
        assert client.get(f"/consent/{'x' * 40}/").status_code == 404
        assert client.post(f"/consent/{token}/", {"code": bad}).status_code in (410, 422)
    few = throttle.Limit("consent links of a network", 1, throttle.QUARTER)
    monkeypatch.setattr(consent_link, "OF_A_NETWORK", few)

    assert client.get("/consent/x/").status_code == 429


def test_without_counting_strangers_would_try_links_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    many = throttle.Limit("consent links of a network", 10**9, throttle.QUARTER)
    monkeypatch.setattr(consent_link, "OF_A_NETWORK", many)

    assert {Client().get("/consent/x/").status_code for _ in range(130)} == {404}
