"""Where sessions lie: Django's table, asked only for ids that it could have issued itself.

A cookie may carry anything, also characters that PostgreSQL refuses; such a session is simply not there.
"""

import re
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from consular.core.prepared import first_row

ISSUED = re.compile(r"[a-z0-9]{32}")
_FIND = "SELECT session_data FROM django_session WHERE session_key = %(key)s AND expire_date > now()"


class SessionStore(DatabaseStore):
    """Django's sessions in the database; the name is the one that SESSION_ENGINE looks for."""

    def load(self) -> dict[str, Any]:
        """What the session holds; nothing, and no id any more, when there is none or it is over.

        Every request does it: by a statement that is composed and planned once.
        """
        row = first_row(_FIND, {"key": self.session_key})
        if row is None:
            self._session_key = None
            return {}
        held: dict[str, Any] = self.decode(row[0])
        return held

    def _validate_session_key(self, key: str | None) -> bool:
        return key is not None and ISSUED.fullmatch(key) is not None
