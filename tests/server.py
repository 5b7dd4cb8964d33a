"""One private PostgreSQL for the whole test run, started before Django reads its settings.

Loaded as an early pytest plugin. xdist workers inherit the address; each has its own database in the same server.
`DATABASE_URL` in the environment replaces it.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

os.environ["CONSULAR_ENV"] = "test"
os.environ.setdefault("BROKER_URL", "memory://")
# The browser of the journeys keeps an event loop in the thread in which other tests run later.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

from consular.ops.postgres import Postgres

PRIVATE = "CONSULAR_TESTS_OWN_SERVER"
"""In the environment of the run and its processes: the server goes with the run, so no database in it is dropped."""


def start() -> None:
    """Start the server and put its address into the environment; stop and remove it at the end of the process."""
    home = Path(tempfile.mkdtemp(prefix="consular-test-"))
    server = Postgres(home, durable=False)
    server.start()
    os.environ["DATABASE_URL"] = server.url
    os.environ["CONSULAR_HOME"] = str(home)
    os.environ[PRIVATE] = "yes"
    (home / "static").mkdir()
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    atexit.register(server.stop)


if "DATABASE_URL" not in os.environ:
    start()
