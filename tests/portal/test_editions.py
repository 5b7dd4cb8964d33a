"""A draft begun on one version of a form and carried to the next: answers kept, what is new or different marked."""

from pathlib import Path

import pytest
from django.test import Client

from consular import casework, formspec
from consular.cases.models import Case, Event
from consular.core.errors import Refused
from consular.formspec import folders
from tests import factories
from tests.portal import drafting

pytestmark = pytest.mark.django_db

FIRST = """
title = "Shelter"
service_group = "other"

[[pages]]
id = "about"
title = "About you"

[[pages.questions]]
id = "surname"
kind = "name"
label = "Surname"

[[pages.questions]]
id = "income"
kind = "text"
label = "Income"

[[pages.questions]]
id = "pet"
kind = "text"
label = "Pet"
"""
SECOND = FIRST.replace('kind = "text"\nlabel = "Income"', 'kind = "money"\nlabel = "Income"').replace(
    'id = "pet"\nkind = "text"\nlabel = "Pet"', 'id = "height"\nkind = "number"\nlabel = "Height"'
)


@pytest.fixture
def shelter(tmp_path: Path, settings: object):
    """Publishes version after version of a service: call it with what version N asks."""

    def offer(*versions: str) -> None:
        directory = tmp_path / str(len(versions))
        for number, form in enumerate(versions, 1):
            folder = directory / "shelter" / f"v{number}"
            folder.mkdir(parents=True)
            (folder / "form.toml").write_text(form, encoding="utf-8")
        settings.FORMS_DIR = directory

    return offer


@pytest.fixture
def reference(client: Client, shelter) -> str:
    """A draft on version 1, with an answer to each question."""
    shelter(FIRST)
    reference = client.post("/apply/shelter/").url.split("/")[2]
    data = drafting.hidden(client.get(f"/drafts/{reference}/about/"))
    answers = {"surname": "Diallo", "income": "a little", "pet": "Dog"}
    assert client.post(f"/drafts/{reference}/about/", {**data, **answers}).status_code == 302
    return reference


def test_without_a_newer_version_nothing_is_offered(client, reference):
    assert "new edition" not in client.get(f"/drafts/{reference}/").content.decode()
    client.post(f"/drafts/{reference}/carry/")
    assert Case.objects.get().version == 1
    assert not Event.objects.filter(kind="draft_carried").exists()


def test_a_draft_stays_on_its_version_until_its_owner_says_otherwise(client, reference, shelter):
    shelter(FIRST, SECOND)
    page = client.get(f"/drafts/{reference}/").content.decode()
    assert "There is a new edition of this form" in page
    assert "<li>Pet</li>" in page
    assert 'name="pet"' in client.get(f"/drafts/{reference}/about/").content.decode()


def test_carrying_keeps_answers_and_marks_what_is_new_or_different(client, reference, shelter):
    shelter(FIRST, SECOND)
    assert client.post(f"/drafts/{reference}/carry/").url == f"/drafts/{reference}/"
    case = Case.objects.get()
    assert (case.version, case.carried_from) == (2, 1)
    assert drafting.stored(reference).data == {"surname": "Diallo", "income": "a little"}
    listed = client.get(f"/drafts/{reference}/")
    assert [(each.label, each.is_new) for each in listed.context["changed"]] == [
        ("Income", False),
        ("Height", True),
    ]
    assert listed.context["progress"].steps[0].status == "Something is missing"
    page = client.get(f"/drafts/{reference}/about/").content.decode()
    assert 'value="a little"' in page
    assert page.count("Changed since you began.") == 1
    assert page.count("New since you began.") == 1
    data = drafting.hidden(client.get(f"/drafts/{reference}/about/"))
    wrong = client.post(f"/drafts/{reference}/about/", {**data, "surname": "Diallo", "income": "a little"})
    assert set(wrong.context["form"].errors) == {"income", "height"}


def test_a_page_opened_before_does_not_bring_old_answers_back(client, reference, shelter):
    old = drafting.hidden(client.get(f"/drafts/{reference}/about/"))
    shelter(FIRST, SECOND)
    client.post(f"/drafts/{reference}/carry/")
    client.post(f"/drafts/{reference}/about/", {**old, "surname": "Diallo", "income": "5", "pet": "Cat"})
    assert "pet" not in drafting.stored(reference).data


def test_nobody_carries_somebody_elses_draft(client, reference, shelter):
    shelter(FIRST, SECOND)
    stranger = factories.signed_in(Client(), factories.applicant())
    assert stranger.post(f"/drafts/{reference}/carry/").status_code == 404
    assert Client().post(f"/drafts/{reference}/carry/").status_code == 302
    assert Case.objects.get().version == 1
    with pytest.raises(Refused):
        casework.carry(Case.objects.get().pk, actor=factories.applicant())


def test_what_differs_between_versions_is_found_whatever_it_is():
    loaded = {"one": folders.loading.form(FIRST)}

    def between(changed: str) -> formspec.changes.Changes:
        return formspec.changes.between(loaded["one"], folders.loading.form(changed))

    assert between(FIRST) == formspec.changes.Changes()
    assert between(FIRST.replace('"Surname"', '"Family name"')).changed == ("surname",)
    assert between(FIRST.replace('label = "Pet"', 'label = "Pet"\nshow_when = "income != null"')).changed == (
        "pet",
    )
    assert between(FIRST.replace('label = "Pet"', 'label = "Pet"\nrequired = false')).changed == ("pet",)
    assert between(SECOND).gone == ("pet",)
