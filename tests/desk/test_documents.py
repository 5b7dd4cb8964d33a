"""What officers see of documents: the checklist, what has come, and copies whose opening is written down."""

import pytest
from django.test import Client

from consular.accounts.models import Role
from consular.cases.attachments import AttachmentState
from consular.cases.models import Attachment, Case, Event
from tests import factories
from tests.casework import attaching

pytestmark = pytest.mark.django_db


@pytest.fixture
def case() -> Case:
    return factories.sent_case()


@pytest.fixture
def officer(client: Client, case: Case) -> Client:
    return factories.signed_in(client, factories.official(Role.CASEWORKER, mission=case.mission))


def address(case: Case, *parts: object) -> str:
    return "/".join(["", "desk", "cases", case.reference, "documents", *map(str, parts), ""]).replace(
        "//", "/"
    )


def test_the_list_shows_what_has_come_and_what_has_not(officer: Client, case: Case) -> None:
    attachment = attaching.ready(case)

    text = officer.get(address(case)).content.decode()

    assert f'href="{address(case, attachment.pk)}"' in text
    assert ("1 page" in text, "Nothing yet" in text) == (True, True)


def test_opening_a_copy_is_a_download_and_is_written_down_each_time(officer: Client, case: Case) -> None:
    attachment = attaching.ready(case)

    answers = [officer.get(address(case, attachment.pk)) for _ in range(2)]

    assert [answer.content for answer in answers] == [b"%PDF-1.4\nthe copy"] * 2
    assert answers[0]["Content-Disposition"] == (
        f'attachment; filename="{case.reference}-means-{attachment.pk}.pdf"'
    )
    assert "sandbox" in answers[0]["Content-Security-Policy"]
    assert Event.objects.filter(case=case, kind="document_opened").count() == 2
    assert "Document opened" in officer.get(f"/desk/cases/{case.reference}/").content.decode()


@pytest.mark.parametrize("state", [AttachmentState.ARRIVING, AttachmentState.CHECKING])
def test_nothing_is_handed_out_before_it_is_checked(officer: Client, case: Case, state: str) -> None:
    attachment = attaching.ready(case)
    Attachment.objects.update(state=state)

    assert officer.get(address(case, attachment.pk)).status_code == 404
    assert not Event.objects.filter(kind="document_opened").exists()


def test_an_upload_on_its_way_is_not_shown(officer: Client, case: Case) -> None:
    attaching.ready(case)
    Attachment.objects.update(state=AttachmentState.ARRIVING, name="half-of-it.jpg")

    assert "half-of-it" not in officer.get(address(case)).content.decode()


def test_a_document_of_another_case_does_not_open_under_this_one(officer: Client, case: Case) -> None:
    other = attaching.ready(factories.sent_case(mission=case.mission))

    assert officer.get(address(case, other.pk)).status_code == 404


def test_advice_on_a_photo_is_called_a_hint(officer: Client, case: Case) -> None:
    attaching.ready(case)
    Attachment.objects.update(document="photo", advice=["blurred"])

    text = officer.get(address(case)).content.decode()

    assert "as a hint only" in text
    assert "The photo seems blurred." in text


def test_the_page_of_a_case_leads_there(officer: Client, case: Case) -> None:
    assert f'href="{address(case)}"' in officer.get(f"/desk/cases/{case.reference}/").content.decode()


def test_an_officer_adds_nothing(officer: Client, case: Case) -> None:
    assert officer.post(address(case)).status_code == 405
