"""What the database refuses whoever asks; each constraint also switched off, to see the harm."""

import pytest
from django.db import DatabaseError, transaction

from consular.core import clock
from consular.workflow.models import Definition, PublishedTable, Token, TokenKind
from tests import factories, harm
from tests.harm import without_trigger

pytestmark = pytest.mark.django_db


def process(edition: int = 1) -> Definition:
    now = clock.now()
    return Definition.objects.create(
        service="p", version=1, edition=edition, xml=b"", sha256="0" * 64, valid_from=now, published_at=now
    )


def two_processes_of_one_edition() -> None:
    process()
    process()


def two_tables_of_one_name() -> None:
    definition = process()
    for content in (b"<one/>", b"<other/>"):
        PublishedTable.objects.create(definition=definition, name="fees", content=content, sha256="0" * 64)


def another_table_for_running_cases() -> None:
    two = process()
    PublishedTable.objects.create(definition=two, name="fees", content=b"<one/>", sha256="0" * 64)
    PublishedTable.objects.update(content=b"<other/>")


def a_task_that_no_queue_shows() -> None:
    case = factories.sent_case()
    Token.objects.create(
        instance=case.instance,
        number=1,
        node="examine",
        kind=TokenKind.TASK,
        mission=case.mission,
        since=clock.now(),
    )


CONSTRAINTS = [
    (Definition, "one_process_per_edition", two_processes_of_one_edition),
    (PublishedTable, "one_table_per_name", two_tables_of_one_name),
    (Token, "every_task_has_its_place_in_the_queue", a_task_that_no_queue_shows),
]


test_a_constraint_refuses_the_harm = harm.refused(CONSTRAINTS)
test_without_the_constraint_the_harm_is_done = harm.done_without(CONSTRAINTS)


def test_a_published_table_stays_as_it_is() -> None:
    with pytest.raises(DatabaseError, match="published_forever"), transaction.atomic():
        another_table_for_running_cases()


def test_without_the_trigger_a_published_table_would_change_under_running_cases() -> None:
    with without_trigger("workflow.PublishedTable:published_forever"):
        another_table_for_running_cases()

    assert bytes(PublishedTable.objects.get().content) == b"<other/>"
