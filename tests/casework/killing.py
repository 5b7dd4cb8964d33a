"""A real worker that is killed in the middle of its work."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.db import connection
from kombu import Connection as BrokerConnection
from psycopg import sql

from consular.celery import app
from consular.core.models import Job
from tests.processes import Broker, Worker, until


def worker_at(table: str, broker: Broker, home: Path) -> None:
    """Start a worker, kill it when it is about to write to this table, and let its leases run out."""
    with _stuck_at(table):
        worker = Worker(broker.url, home / "worker.log")
        wake(broker)
        until(somebody_waits)
        worker.kill()
    until(lambda: not somebody_waits())
    Job.objects.filter(done_at=None).update(leased_until=None)  # a minute later


def wake(broker: Broker) -> None:
    """What a web process does after commit."""
    with BrokerConnection(broker.url) as address:
        app.send_task("casework.work", connection=address, ignore_result=True)


def die(*_: object, **__: object) -> None:
    """In place of a function: the process ends here."""
    raise KeyboardInterrupt


def somebody_waits() -> bool:
    """Whether another connection waits for a lock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool(cursor.fetchone()[0])


def address() -> str:
    """The test's database, for a connection beside Django's."""
    settings = connection.settings_dict
    return f"host={settings['HOST']} user={settings['USER']} dbname={settings['NAME']}"


@contextmanager
def _stuck_at(table: str) -> Iterator[None]:
    """Hold every write to a table inside the block, so that whoever comes there is in the middle of its work."""
    with psycopg.connect(address()) as other:
        other.execute(sql.SQL("LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE").format(sql.Identifier(table)))
        yield
