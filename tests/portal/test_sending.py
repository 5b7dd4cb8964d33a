"""Sending: complete, with an account, with every declaration, exactly what was typed."""

import pytest

from consular import formspec
from consular.cases.models import Case, Phase
from consular.missions import loading
from consular.ops import publication
from consular.portal import sending
from tests import factories, stages
from tests.formspec import forms
from tests.formspec.schengen import answers
from tests.portal import drafting
from tests.portal.test_sign_in import sign_in

pytestmark = pytest.mark.django_db


def test_an_incomplete_application_is_not_sent_and_says_where_to_go_on(client, reference):
    factories.signed_in(client, factories.applicant())
    reference = drafting.start(client)
    page = client.get(f"/drafts/{reference}/review/").content.decode()
    assert f"/drafts/{reference}/passport/?then=review#id_doc_number" in page
    drafting.fill_in(client, reference, "identity", birth_date_year="2020")
    mistakes = client.get(f"/drafts/{reference}/review/").context["mistakes"]
    assert mistakes[0].label == "Parent or legal guardian, no. 1: Surname (family name)"
    assert mistakes[0].url.endswith("/guardian/?then=review#id_guardians-0-guardian_surname")
    assert client.get(f"/drafts/{reference}/send/").url == f"/drafts/{reference}/review/"
    assert client.post(f"/drafts/{reference}/send/").url == f"/drafts/{reference}/review/"
    assert Case.objects.get(reference=reference).phase == Phase.DRAFT


def test_a_mistake_within_a_group_has_the_label_of_its_own_question():
    group = """
[[pages.questions]]
id = "{0}"
kind = "group"
label = "{0}"
[[pages.questions.questions]]
id = "name"
kind = "name"
label = "Name of the {0}"
"""
    form = forms.form(group.format("mother") + group.format("father"))
    case = stages.draft()
    walk = formspec.walk(form, case.answers.data)

    assert [row.label for row in sending._mistakes(case, walk)] == [
        "mother: Name of the mother",
        "father: Name of the father",
    ]


def test_sending_needs_an_account_and_then_the_draft_is_ones_own(client, reference):
    drafting.fill_in_everything(client, reference)
    address = f"/drafts/{reference}/send/"
    assert client.get(address).url == drafting.sign_in_first(address)
    sign_in(client)
    assert client.get(address).status_code == 200
    assert Case.objects.get().owner.email == "ama@example.org"


def test_every_declaration_has_to_be_confirmed(client):
    reference = ready(client)
    answer = client.post(f"/drafts/{reference}/send/", {"true_and_complete": "on"})
    assert answer.status_code == 422
    assert len(answer.context["form"].errors) == 5
    assert Case.objects.get().phase == Phase.DRAFT


def test_what_was_typed_is_what_is_sent_with_the_declarations_as_they_were_read(client):
    loading.load()
    publication.publish_all()
    reference = ready(client)
    with_german = {"accept-language": "de"}
    boxes = client.get(f"/drafts/{reference}/send/", headers=with_german).context["form"].fields
    answer = client.post(f"/drafts/{reference}/send/", dict.fromkeys(boxes, "on"), headers=with_german)
    assert (answer.status_code, answer.url) == (302, f"/cases/{reference}/")
    case = Case.objects.get()
    assert case.phase != Phase.DRAFT
    assert case.answers.data == answers(drafting.today())
    attested = case.answers.declarations
    assert [each["id"] for each in attested] == list(boxes)
    assert {(each["version"], each["language"]) for each in attested} == {(1, "de")}
    assert client.get(f"/drafts/{reference}/identity/").url == f"/cases/{reference}/"


def test_when_nobody_is_responsible_nothing_is_sent_and_the_page_says_so(client):
    publication.publish_all()
    reference = ready(client)
    boxes = client.get(f"/drafts/{reference}/send/").context["form"].fields
    answer = client.post(f"/drafts/{reference}/send/", dict.fromkeys(boxes, "on"))
    assert 400 <= answer.status_code < 500
    assert 'id="error-summary"' in answer.content.decode()
    assert Case.objects.get().phase == Phase.DRAFT


def ready(client):
    """A complete draft of a signed-in applicant."""
    factories.signed_in(client, factories.applicant())
    reference = drafting.start(client)
    drafting.fill_in_everything(client, reference)
    return reference
