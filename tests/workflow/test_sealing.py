"""A row exchanged in the database is noticed when it is loaded, and would not be without the seal."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from consular.core.errors import Refused
from consular.workflow import library, publishing, sealing
from consular.workflow.models import Definition, PublishedTable
from consular.workflow.publishing import Release
from tests.harm import without_trigger
from tests.rules import files
from tests.workflow import bpmn
from tests.workflow.bpmn import path

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
RULED = bpmn.process(
    bpmn.start(), bpmn.rule("ask"), bpmn.user("a"), bpmn.end(), path("start", "ask", "a", "end")
)
PLAIN = bpmn.process(bpmn.start(), bpmn.user("a"), bpmn.end(), path("start", "a", "end"))
OTHER = RULED.replace(b'name="a"', b'name="approve at once"')


def fee(amount: int) -> bytes:
    table = files.table("UNIQUE", "age", "o", f"- | {amount}")
    return files.file(files.data("age"), files.decision("fee", table, "age"))


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    library._compiled.clear()
    yield
    library._compiled.clear()


@pytest.fixture
def definition() -> Definition:
    return publishing.release(Release("p", 1, RULED, tables={"fees": fee(60)}), now=NOW)


def exchange(model: Any, **values: object) -> None:
    """Whoever can write in the database: triggers off, rows changed."""
    with without_trigger(
        "workflow.Definition:published_forever", "workflow.PublishedTable:published_forever"
    ):
        model.objects.update(**values)


EXCHANGES: Mapping[str, tuple[Any, dict[str, object]]] = {
    "process": (Definition, {"xml": OTHER}),
    "process and its hash": (Definition, {"xml": OTHER, "sha256": sealing.digest(OTHER)}),
    "hash": (Definition, {"sha256": "0" * 64}),
    "date": (Definition, {"valid_from": NOW - timedelta(days=1)}),
    "moment": (Definition, {"published_at": NOW - timedelta(days=1)}),
    "version": (Definition, {"version": 2}),
    "edition": (Definition, {"edition": 2}),
    "service": (Definition, {"service": "q"}),
    "seal": (Definition, {"signature": b""}),
    "table": (PublishedTable, {"content": fee(0)}),
    "table and its hash": (PublishedTable, {"content": fee(0), "sha256": sealing.digest(fee(0))}),
    "name of a table": (PublishedTable, {"name": "fee"}),
}


@pytest.mark.parametrize(("model", "values"), EXCHANGES.values(), ids=EXCHANGES.keys())
def test_what_was_exchanged_is_never_run(
    definition: Definition, model: Any, values: dict[str, object]
) -> None:
    assert library.graph(definition).node("a").name == "a"
    library._compiled.clear()

    exchange(model, **values)

    with pytest.raises(Refused) as refused:
        library.published(Definition.objects.get())
    assert (refused.value.code, refused.value.status) == ("not_authentic", 500)


def test_a_file_exchanged_after_it_was_compiled_is_not_shown(definition: Definition) -> None:
    assert library.source(definition) == RULED

    exchange(Definition, xml=OTHER)

    with pytest.raises(Refused) as refused:
        library.source(definition)
    assert refused.value.code == "not_authentic"


def test_without_the_seal_the_exchanged_process_would_run(
    definition: Definition, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control."""
    monkeypatch.setattr(sealing, "holds", lambda *_: True)

    exchange(Definition, xml=OTHER, sha256=sealing.digest(OTHER))

    assert library.graph(Definition.objects.get()).node("a").name == "approve at once"


@pytest.mark.parametrize(
    "values", [{"valid_from": NOW - timedelta(days=9)}, {"published_at": NOW}, {"edition": 9}]
)
def test_no_case_starts_where_a_fact_of_any_edition_was_changed(
    values: dict[str, object], definition: Definition
) -> None:
    later = NOW + timedelta(days=9)
    publishing.release(
        Release("p", 1, OTHER, 2, {"fees": fee(60)}), valid_from=later, now=NOW - timedelta(days=1)
    )
    assert library.in_force("p", 1, NOW) == definition

    with without_trigger("workflow.Definition:published_forever"):
        Definition.objects.filter(edition=2).update(**values)

    with pytest.raises(Refused, match="not the one that was published"):
        library.in_force("p", 1, NOW)


def test_a_table_put_beside_a_published_process_is_noticed(definition: Definition) -> None:
    PublishedTable.objects.create(
        definition=definition, name="more", content=fee(0), sha256=sealing.digest(fee(0))
    )

    with pytest.raises(Refused, match="not the one that was published"):
        library.published(definition)


def test_another_key_seals_otherwise(definition: Definition, settings: Any) -> None:
    settings.IDENTITY_KEY = "another key"

    assert not library.is_authentic(definition)


def test_the_migration_seals_what_was_published_before_there_were_seals(definition: Definition) -> None:
    old = publishing.publish("q", 1, PLAIN)
    with without_trigger("workflow.Definition:published_forever"):
        Definition.objects.filter(pk=old.pk).update(signature=b"")
    step = import_module("consular.workflow.migrations.0002_editions")

    with connection.schema_editor() as editor:
        step.seal_what_was_published_before(apps, editor)

    assert library.is_authentic(Definition.objects.get(pk=old.pk))
