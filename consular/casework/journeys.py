"""What the drafts of one journey share: answered once, kept in step while they are drafts, and left alone afterwards.

Locks: the case, then its journey, then the answers of the others. Whoever sends a case or adds a person takes the
journey, too, so that nobody's answers change after they were sent.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from consular import formspec
from consular.cases.models import Answers, Case, Journey, Phase


def locked(case: Case) -> Journey | None:
    """The journey of a case, locked; None when the person applies alone. The caller holds the lock on the case."""
    if case.journey_id is None:
        return None
    return Journey.objects.select_for_update().get(pk=case.journey_id)


def common(case: Case, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the answers that the persons of a journey give together."""
    return formspec.taken_together(case.form, answers)


def spread(case: Case, before: Mapping[str, Any], after: dict[str, Any], *, at: datetime) -> dict[str, Any]:
    """What to store of a draft whose answers became `after`; what it shares becomes that of all drafts of its journey.

    A question that is hidden from this person says nothing about the others: it keeps the answer it has for them.
    """
    journey = locked(case)
    if journey is None:
        return after
    asked = formspec.asked_together(case.form, after)
    changed = {name: after.get(name) for name in asked if after.get(name) != before.get(name)}
    if changed:
        journey.answers = _merged(journey.answers, changed)
        journey.save(update_fields=["answers"])
        _tell_others(case, changed, at)
    missing = {name: answer for name, answer in journey.answers.items() if after.get(name) is None}
    return after | {name: answer for name, answer in common(case, missing).items() if name not in changed}


def _tell_others(case: Case, changed: Mapping[str, Any], at: datetime) -> None:
    """Change the same answers in the other drafts; the revision tells windows that are open there."""
    drafts = Answers.objects.select_related("case").filter(
        case__journey=case.journey_id, case__phase=Phase.DRAFT
    )
    for other in drafts.exclude(case=case).order_by("case_id"):
        other.data = _merged(other.data, common(other.case, changed))
        other.revision += 1
        other.saved_at = at
        other.save(update_fields=["data", "revision", "saved_at"])


def _merged(answers: Mapping[str, Any], changed: Mapping[str, Any]) -> dict[str, Any]:
    together = {**answers, **changed}
    return {name: answer for name, answer in together.items() if answer is not None}
