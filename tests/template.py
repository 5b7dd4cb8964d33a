"""The first process of a run makes its database from the migrations; the others copy that one."""

import fcntl
import os
from pathlib import Path
from typing import IO

from django.db import connection

from tests import server

NAME = "consular_template"


class Turn:
    """One process at a time makes its database, on the run's own server; alone it needs no template."""

    def __init__(self) -> None:
        self.lock: IO[str] | None = None

    def begin(self) -> None:
        """Wait for whoever makes theirs; where there is a template by then, ours will be a copy."""
        if server.PRIVATE not in os.environ or "PYTEST_XDIST_WORKER" not in os.environ:
            return
        self.lock = (Path(os.environ["CONSULAR_HOME"]) / "template").open("a+", encoding="utf-8")
        fcntl.flock(self.lock, fcntl.LOCK_EX)
        if self._has_template():
            connection.settings_dict["TEST"]["TEMPLATE"] = NAME

    def end(self) -> None:
        """The first leaves a copy of its database to the others; the next one's turn."""
        if self.lock is None:
            return
        if not self._has_template():
            made = connection.settings_dict["NAME"]
            connection.close()  # nobody may be in a database that is copied
            connection.close_pool()
            with connection._nodb_cursor() as cursor:
                cursor.execute(f"CREATE DATABASE {NAME} TEMPLATE {made}")
            self.lock.write(made)
        self.lock.close()

    def _has_template(self) -> bool:
        assert self.lock is not None
        return os.fstat(self.lock.fileno()).st_size > 0
