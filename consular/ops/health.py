"""Is the process alive, and is it ready to work? For the supervisor, the proxy and the people on call."""

from collections.abc import Callable

import psycopg
import structlog
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from consular.celery import app
from consular.decisions import expiry, seal, signature

log = structlog.get_logger(__name__)


@never_cache
@require_safe
def alive(request: HttpRequest) -> JsonResponse:
    """The process answers; nothing else is asked."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """Each part the service needs: 200 when all are well, 503 otherwise."""
    parts = {name: _is_well(name, check) for name, check in CHECKS.items()}
    is_ready = all(parts.values())
    body: dict[str, object] = {
        "status": "ok" if is_ready else "not ready",
        "parts": {n: "ok" if w else "failed" for n, w in parts.items()},
        "warnings": _warnings(),
    }
    return JsonResponse(body, status=200 if is_ready else 503)


def _warnings() -> list[str]:
    """The certificates that end soon or have ended; the service goes on, but soon no letter is issued any more."""
    return [f"{one.name} ends in {one.days} days" for one in expiry.soon()]


def _is_well(name: str, check: Callable[[], None]) -> bool:
    try:
        check()
    except Exception as error:  # whatever is wrong, the answer is "not ready"
        log.warning("not_ready", part=name, error=type(error).__name__)
        return False
    return True


def _database() -> None:
    """On a line of its own: the pool of the pages would let this wait as long as them."""
    psycopg.connect(settings.DATABASE_URL, connect_timeout=2).close()


def _migrations() -> None:
    _database()
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise RuntimeError("there are migrations to run")


def _broker() -> None:
    with app.connection_for_write(connect_timeout=2, transport_options={"socket_timeout": 2}) as broker:
        broker.ensure_connection(max_retries=0, timeout=2)


def _signing_key() -> None:
    signature.configured().require_its_key()


def _seal_key() -> None:
    seal.configured().require()


CHECKS: dict[str, Callable[[], None]] = {
    "database": _database,
    "migrations": _migrations,
    "broker": _broker,
    "signing_key": _signing_key,
    "seal_key": _seal_key,
}
