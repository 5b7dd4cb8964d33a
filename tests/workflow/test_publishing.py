"""Publication: checked, once, for ever."""

import pytest
from django.db import ProgrammingError, transaction

from consular.core.errors import Refused
from consular.workflow import publishing
from consular.workflow.models import Definition
from tests.harm import without_trigger
from tests.workflow import bpmn

XML = bpmn.VISA

pytestmark = pytest.mark.django_db


def test_publishing_the_same_file_again_changes_nothing() -> None:
    first = publishing.publish("schengen_visa", 1, XML)

    assert publishing.publish("schengen_visa", 1, XML) == first
    assert Definition.objects.count() == 1


def test_a_published_version_cannot_be_replaced() -> None:
    publishing.publish("schengen_visa", 1, XML)

    with pytest.raises(Refused) as raised:
        publishing.publish("schengen_visa", 1, XML.replace(b"Case closed", b"Closed"))

    assert raised.value.code == "published"


def test_the_database_refuses_to_change_or_delete_a_definition() -> None:
    definition = publishing.publish("schengen_visa", 1, XML)

    with pytest.raises(ProgrammingError), transaction.atomic():
        Definition.objects.filter(pk=definition.pk).update(version=2)
    with pytest.raises(ProgrammingError), transaction.atomic():
        definition.delete()


def test_without_its_trigger_the_database_would_let_it_change() -> None:
    """The negative control of the safeguard above."""
    definition = publishing.publish("schengen_visa", 1, XML)

    with without_trigger("workflow.Definition:published_forever"):
        assert Definition.objects.filter(pk=definition.pk).update(version=2) == 1


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        (b"bpmn:userTask", b"bpmn:scriptTask", "not_in_subset"),
        (b'id="intake_clerk"', b'id="janitor"', "unsound"),
        (b' default="booked_no"', b"", "unsound"),
    ],
)
def test_a_process_that_would_strand_cases_is_not_published(before: bytes, after: bytes, code: str) -> None:
    with pytest.raises(Refused) as raised:
        publishing.publish("schengen_visa", 1, XML.replace(before, after))

    assert (raised.value.code, raised.value.status) == (code, 422)
    assert not Definition.objects.exists()
