"""When the certificates end with which letters are signed and sealed."""

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from consular.core import clock
from consular.decisions import seal, signature

BEFORE = (60, 30, 7)
"""Days before the end at which administrators are told."""


@dataclass(frozen=True)
class Ending:
    """A certificate that ends soon, or has ended (`days` below nothing)."""

    name: str
    ends_on: date
    days: int

    @property
    def stage(self) -> int:
        """The nearest of the days at which administrators are told; 0 after the end."""
        return min((days for days in BEFORE if self.days <= days), default=BEFORE[0]) if self.days >= 0 else 0


def soon(now: datetime | None = None) -> list[Ending]:
    """The certificates that end within 60 days, the first one first; a key that cannot be read is left to `/readyz`."""
    today, found = (now or clock.now()).date(), []
    for name, end in ENDS.items():
        with contextlib.suppress(OSError, ValueError):
            found.append(Ending(name, end(), (end() - today).days))
    return sorted((one for one in found if one.days <= BEFORE[0]), key=lambda one: one.ends_on)


def _signing() -> date:
    return signature.current().ends_at.date()


def _seal() -> date:
    return seal.current().certificate.not_valid_after_utc.date()


ENDS: Mapping[str, Callable[[], date]] = {"signing_key": _signing, "seal_key": _seal}
"""The last day of each certificate."""
