"""Missions and published processes as `consular prepare` leaves them: made once per process, then copied as rows.

Made anew where something is there already, where a test's clock stands before the copy, and where a test has other
forms or another key for the seals. The missions may stand for all tests of a file: see `missions` in conftest.py.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction

from consular.core import clock
from consular.missions import loading
from consular.missions.models import Mission
from consular.ops import publication
from consular.workflow.models import Definition, PublishedTable


@dataclass(frozen=True)
class Copy:
    """The rows of the missions as PostgreSQL writes them, by table; the processes as values."""

    made_at: datetime
    missions: dict[str, bytes]
    processes: list[Any]
    tables: list[Any]

    def paste_missions(self) -> None:
        """Write the rows; most of the time goes into the index by which no area has two missions on one day."""
        with transaction.atomic(), connection.cursor() as cursor:
            for table, rows in self.missions.items():
                with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                    copy.write(rows)

    def paste_processes(self) -> None:
        """Write them with numbers of their own, for what is compiled is remembered by number."""
        old = [values["id"] for values in self.processes]
        new = Definition.objects.bulk_create(
            Definition(**{**values, "id": None}) for values in self.processes
        )
        by_number = dict(zip(old, new, strict=True))
        PublishedTable.objects.bulk_create(
            PublishedTable(**{**values, "id": None, "definition_id": by_number[values["definition_id"]].pk})
            for values in self.tables
        )


_copies: dict[tuple[object, ...], Copy] = {}
_standing: list[Copy] = []
"""The copy whose missions stand for all tests of a file."""


def _key() -> tuple[object, ...]:
    return settings.FORMS_DIR, settings.SECRET_KEY, settings.IDENTITY_KEY


@contextmanager
def standing() -> Iterator[None]:
    """Until the end the missions are there for every test, committed before it began."""
    if _key() not in _copies:
        with transaction.atomic():
            prepare()
            transaction.set_rollback(True)
    copy = _copies[_key()]
    copy.paste_missions()
    _standing.append(copy)
    try:
        yield
    finally:
        _standing.remove(copy)
        with transaction.atomic(), connection.cursor() as cursor:
            for table in reversed(copy.missions):
                cursor.execute(f"DELETE FROM {table}")  # noqa: S608  names of our own tables


def prepare() -> None:
    """Missions and published processes."""
    key = _key()
    copy = _copies.get(key)
    stand = copy in _standing
    is_empty = (stand or not Mission.objects.exists()) and not Definition.objects.exists()
    if is_empty and copy and copy.made_at <= clock.now():
        if not stand:
            copy.paste_missions()
        copy.paste_processes()
        return
    before = _filled()
    loading.load()
    publication.publish_all()
    if is_empty and not stand and (copy is None or clock.now() < copy.made_at):
        _copies[key] = _copied([table for table in _filled() if table not in before])


def _filled() -> dict[str, None]:
    """The tables of the missions in which something is, in the order in which they refer to each other."""
    models = apps.get_app_config("missions").get_models()
    return dict.fromkeys(model._meta.db_table for model in models if model._default_manager.exists())


def _copied(tables: list[str]) -> Copy:
    rows = {}
    with connection.cursor() as cursor:
        for table in tables:
            with cursor.copy(f"COPY {table} TO STDOUT") as copy:
                rows[table] = b"".join(bytes(part) for part in copy)
    processes, kept = Definition.objects.order_by("id").values(), PublishedTable.objects.values()
    return Copy(clock.now(), rows, list(processes), list(kept))
