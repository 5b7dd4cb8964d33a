"""How a session finds its person again: by kind, so that an account of another kind, or closed, is out at once."""

from django.contrib.auth.backends import BaseBackend

from consular.accounts.models import Kind, User
from consular.core.columns import Columns
from consular.core.prepared import first_row

_USER = Columns(User, "u")
_FIND = f"SELECT {_USER.text} FROM accounts_user u WHERE u.id = %(id)s AND u.kind = %(kind)s AND u.is_active"  # noqa: S608


class ByKind(BaseBackend):
    """Loads active accounts of one kind. It checks no credentials: `codes`, `passwords` and `factors` do."""

    kind: Kind

    def get_user(self, user_id: int) -> User | None:
        row = first_row(_FIND, {"id": user_id, "kind": self.kind.value})
        return _USER.found(row) if row else None


class ApplicantByCode(ByKind):
    """Applicants, after a code by e-mail."""

    kind = Kind.APPLICANT


class StaffByFactor(ByKind):
    """Staff, after password and second factor."""

    kind = Kind.STAFF
