"""What else there is to a case for an officer, as links beside it: what came, what can be done besides its tasks."""

from dataclasses import dataclass

from consular.cases import arrivals
from consular.cases.models import Case
from consular.casework.withdrawing import WITHDREW
from consular.workflow import store


@dataclass(frozen=True)
class Links:
    """How many documents nobody has opened yet, and whether a withdrawal can be entered now."""

    unread: int
    can_withdraw: bool


def of(case: Case, *, writes: bool) -> Links:
    """The links for an officer who may write on the case, or may not."""
    awaited = writes and case.instance_id is not None and store.awaiting(case.instance_id, WITHDREW) > 0
    return Links(unread=arrivals.unread(case), can_withdraw=awaited)
