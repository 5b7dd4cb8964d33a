"""Which second factor a session was proven by: read in every request, so that one taken away proves nobody any more.

Composing that statement took Django seven times longer than running it.
"""

from typing import Any

from django_otp.middleware import OTPMiddleware
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice

from consular.accounts.factors import STRONG
from consular.core.columns import Columns
from consular.core.prepared import first_row


def _kept(model: type[Device]) -> tuple[Columns[Any], str]:
    """The columns of one kind of factor, and the statement that finds one."""
    columns = Columns(model, "d")
    return columns, f"SELECT {columns.text} FROM {model._meta.db_table} d WHERE d.id = %(id)s"  # noqa: S608


_KINDS = {model.model_label(): _kept(model) for model in (*STRONG.values(), StaticDevice)}


class ProvenBy(OTPMiddleware):  # type: ignore[misc]
    """django-otp's, which also minds that the factor is of this person and confirmed; it finds ours by itself."""

    def _device_from_persistent_id(self, persistent_id: str) -> Device | None:
        kind, _slash, number = persistent_id.partition("/")
        if kind not in _KINDS:
            found: Device | None = super()._device_from_persistent_id(persistent_id)
            return found
        columns, statement = _KINDS[kind]
        row = first_row(statement, {"id": int(number)})
        return columns.found(row) if row else None
