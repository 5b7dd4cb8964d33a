"""Where sessions lie: Django's table, asked only for ids that it could have issued itself.

A cookie may carry anything, also characters that PostgreSQL refuses; such a session is simply not there.
"""

import re

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

ISSUED = re.compile(r"[a-z0-9]{32}")


class SessionStore(DatabaseStore):
    """Django's sessions in the database; the name is the one that SESSION_ENGINE looks for."""

    def _validate_session_key(self, key: str | None) -> bool:
        return key is not None and ISSUED.fullmatch(key) is not None
