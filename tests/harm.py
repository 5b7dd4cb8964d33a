"""Switching off what the database refuses, to see the harm it keeps away.

A file with a table of constraints, `(model, name, harm)` in each row, has both tests of it by two lines:

    test_a_constraint_refuses_the_harm = harm.refused(CONSTRAINTS)
    test_without_the_constraint_the_harm_is_done = harm.done_without(CONSTRAINTS)
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import pytest
from django.db import IntegrityError, connection, models, transaction
from pgtrigger import registry

from consular.core.prepared import exchanged
from consular.workflow import rows

Row = tuple[type[models.Model], str | tuple[str, ...], Callable[[], object]]
"""Several names: the first one refuses, and the others would where it is gone."""


def refused(table: Sequence[Row]) -> Callable[..., None]:
    """The test that each constraint of the table refuses the harm of its row."""

    @pytest.mark.parametrize(("constraint", "harm"), [row[1:] for row in table])
    def refuses(constraint: str | tuple[str, ...], harm: Callable[[], object]) -> None:
        with pytest.raises(IntegrityError, match=_names(constraint)[0]), transaction.atomic():
            harm()

    return refuses


def done_without(table: Sequence[Row]) -> Callable[..., None]:
    """The negative control: where the constraint is gone, the harm of its row is done."""

    @pytest.mark.parametrize(("model", "constraint", "harm"), table)
    def is_done(
        model: type[models.Model], constraint: str | tuple[str, ...], harm: Callable[[], object]
    ) -> None:
        for name in _names(constraint):
            without(model, name)

        harm()

    return is_done


def _names(constraint: str | tuple[str, ...]) -> tuple[str, ...]:
    return (constraint,) if isinstance(constraint, str) else constraint


def without(model: type[models.Model], name: str) -> None:
    """Drop a constraint or a unique index of a table until the test ends; `name` is its name or that of its field."""
    field = next((field for field in model._meta.local_fields if field.name == name), None)
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        found = connection.introspection.get_constraints(cursor, table)
        doomed = [
            key
            for key, facts in found.items()
            if key == name or (field and facts["unique"] and facts["columns"] == [field.column])
        ]
        assert doomed, f"{table} has no {name}"
        for key in doomed:
            cursor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT IF EXISTS "{key}"')
            cursor.execute(f'DROP INDEX IF EXISTS "{key}"')


@contextmanager
def without_trigger(*uris: str) -> Iterator[None]:
    """Switch triggers off (`app.Model:name`) in this connection for a while.

    Of its own, because the library's way sends several commands as one statement, which a prepared one cannot be.
    """
    ignored = ",".join(trigger.get_pgid(model) for model, trigger in registry.registered(*uris))
    _set_ignored(f"{{{ignored}}}")
    try:
        yield
    finally:
        if not connection.needs_rollback:  # a rollback switches them on as well
            _set_ignored("{}")


@contextmanager
def session_with(setting: str, value: str) -> Iterator[None]:
    """This thread's session with another setting. It ends with that: back in the pool it would disturb other tests."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, false)", [setting, value])
    session = connection.connection
    try:
        yield
    finally:
        session.close()
        connection.close()


def _set_ignored(names: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pgtrigger.ignore', %s, false)", [names])


def alter(monkeypatch: pytest.MonkeyPatch, module: object, name: str, *parts: tuple[str, str]) -> None:
    """Exchange parts of a module's statement until the test ends; one that is not in it would switch nothing off."""
    monkeypatch.setattr(module, name, exchanged(getattr(module, name), *parts))


def without_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for whoever moves the same process."""
    alter(monkeypatch, rows, "_LOCK", ("FOR UPDATE OF i", ""))


def without_revision(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody looks whether a process is still as it was read."""
    alter(monkeypatch, rows, "_WRITE", ("AND revision = %(revision)s", ""))
