"""One private PostgreSQL for the whole test run, started before Django reads its settings.

Loaded as an early pytest plugin. xdist workers inherit the address; each has its own database in the same server.
`DATABASE_URL` in the environment replaces it.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path
from urllib.parse import quote

os.environ["CONSULAR_ENV"] = "test"
os.environ.setdefault("BROKER_URL", "memory://")
# The browser of the journeys keeps an event loop in the thread in which other tests run later.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

from consular.ops.postgres import Postgres

PATIENT = "-c statement_timeout=180s -c lock_timeout=90s -c idle_in_transaction_session_timeout=300s"
"""Longer than in the product: while browsers start on the same cores, nobody holds a lock for a short time only."""
PRIVATE = "CONSULAR_TESTS_OWN_SERVER"
"""In the environment of the run and its processes: the server goes with the run, so no database in it is dropped."""


def start() -> None:
    """Start the server and put its address into the environment; stop and remove it at the end of the process."""
    home = Path(tempfile.mkdtemp(prefix="consular-test-"))
    server = Postgres(home, durable=False)
    server.start()
    os.environ["DATABASE_URL"] = f"{server.url}&options={quote(PATIENT)}"
    os.environ["CONSULAR_HOME"] = str(home)
    os.environ[PRIVATE] = "yes"
    (home / "static").mkdir()
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    atexit.register(server.stop)


if "DATABASE_URL" not in os.environ:
    start()
