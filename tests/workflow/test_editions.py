"""Editions: another process for the same questions, with its own tables, from its own day on."""

from datetime import UTC, datetime, timedelta

import pytest

from consular.core.errors import Refused
from consular.workflow import library, publishing
from consular.workflow.models import Definition, PublishedTable
from consular.workflow.publishing import Release
from tests.rules import files
from tests.workflow import bpmn
from tests.workflow.bpmn import path

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
DAY = timedelta(days=1)
PLAIN = bpmn.process(bpmn.start(), bpmn.user("a"), bpmn.end(), path("start", "a", "end"))
RULED = bpmn.process(
    bpmn.start(), bpmn.rule("ask"), bpmn.user("a"), bpmn.end(), path("start", "ask", "a", "end")
)
CALLING = bpmn.process(
    bpmn.start(),
    bpmn.element("callActivity", "c", "", '<zeebe:calledElement processId="q"/>' + bpmn.properties(version="1")),
    bpmn.rule("ask"), bpmn.end(), path("start", "c", "ask", "end"),
)  # fmt: skip


def fee(amount: int, decision: str = "fee") -> bytes:
    table = files.table("UNIQUE", "age", "o", f"- | {amount}")
    return files.file(files.data("age"), files.decision(decision, table, "age"))


def released(edition: int, xml: bytes = PLAIN, valid_from: datetime = NOW, **tables: bytes) -> Definition:
    return publishing.release(Release("p", 1, xml, edition, tables), valid_from=valid_from, now=NOW)


def code(edition: int, xml: bytes = PLAIN, **tables: bytes) -> str:
    with pytest.raises(Refused) as refused:
        released(edition, xml, **tables)
    return refused.value.code


def test_the_newest_edition_whose_day_has_come_is_in_force() -> None:
    released(1)
    released(2, valid_from=NOW + 10 * DAY)
    released(3, valid_from=NOW + 5 * DAY)

    days = {days: library.in_force("p", 1, NOW + days * DAY).edition for days in (0, 4, 5, 11)}

    assert days == {0: 1, 4: 1, 5: 3, 11: 3}


def test_before_its_first_day_a_version_cannot_be_applied_for() -> None:
    released(1, valid_from=NOW + DAY)

    with pytest.raises(Refused) as refused:
        library.in_force("p", 1, NOW)

    assert refused.value.code == "not_yet"


def test_only_the_tables_a_process_asks_are_published_with_it_and_it_is_judged_by_them() -> None:
    old = released(1, RULED, fees=fee(60), other=fee(1, "other"))
    new = released(2, RULED, fees=fee(90))

    assert [(row.definition.edition, row.name) for row in PublishedTable.objects.order_by("pk")] == [
        (1, "fees"), (2, "fees"),
    ]  # fmt: skip
    decisions = [library.published(row).tables["fees"].decide("fee", {"age": 3}).value for row in (old, new)]
    assert decisions == [60, 90]


def test_the_same_again_changes_nothing_and_another_table_is_refused() -> None:
    first = released(1, RULED, fees=fee(60))

    assert released(1, RULED, fees=fee(60), unasked=fee(1, "other")) == first
    assert code(1, RULED, fees=fee(61)) == "published"
    assert code(1, PLAIN) == "published"
    assert Definition.objects.count() == 1


def test_faulty_releases_are_refused_and_leave_nothing() -> None:
    assert code(1, RULED) == "unsound"
    assert code(1, RULED, fees=b"<x/>") == "bad_table"
    assert code(1, RULED, fees=fee(60), again=fee(61)) == "bad_table"
    assert not Definition.objects.exists()

    released(2)
    assert code(1) == "older"


def test_what_a_called_process_decides_by_travels_with_the_caller() -> None:
    publishing.release(Release("q", 1, RULED, tables={"fees": fee(60)}), now=NOW)

    assert code(1, CALLING, others=fee(61)) == "bad_table"
    assert list(library.contents(released(1, CALLING))) == ["fees"]


def test_editions_are_found_by_number_and_follow_each_other() -> None:
    first, second = released(1), released(2)

    assert [library.find("p", number) for number in ("1", "v1.1", "1.2")] == [first, first, second]
    assert (library.predecessor("p", 1, 1), library.predecessor("p", 1, 2)) == (None, first)
    assert library.predecessor("p", 2, 1) == second
    for number in ("", "1.", "x", "1.3", "-1", "1.2.3", "²", "99999"):
        with pytest.raises(Refused, match="no such published process"):
            library.find("p", number if number != "1." else "1.0")
