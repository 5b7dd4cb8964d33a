"""Telling the applicant in good time by which day something has to happen, and that a case was closed without it."""

from typing import Any
from zoneinfo import ZoneInfo

from consular.casework import record
from consular.casework.verb import verb
from consular.casework.worker import waiting_step
from consular.core import clock
from consular.notifications import outbox
from consular.workflow import store, waiting
from consular.workflow.days import last_day


@verb
def remind(payload: dict[str, Any]) -> None:
    """Mail the day that the step's property `deadline` names, and let the process go on.

    Where nobody is waited for any more, or the day has passed, nothing is mailed: it would only confuse.
    """
    found = waiting_step(payload)
    if found is None:
        return
    case, token = found
    now = clock.now()
    due = waiting.strikes(token.instance_id, store.graph(token.instance.definition).node(token.node).deadline)
    if due is not None and due > now and case.owner:
        zone = ZoneInfo(token.instance.mission.time_zone)
        facts = {"day": last_day(due, zone).isoformat()}
        outbox.promise("reminder", to=case.owner, case=case, key=f"reminder:{token.pk}", facts=facts)
        record.event(case, "applicant_reminded", actor=None, at=now, node=token.node)
    record.finish(case, token.pk, variables={}, at=now)
