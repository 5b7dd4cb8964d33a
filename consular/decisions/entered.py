"""What officers entered at the tasks of a case, for the letters that say it."""

from collections.abc import Mapping
from typing import Any

from consular.cases.models import Case, TaskEntry


def entry(case: Case, form: str) -> TaskEntry:
    """What was entered last at the task with this form. Raises ValueError when it was never done."""
    found = case.task_entries.filter(form=form).order_by("-id").first()
    if found is None:
        raise ValueError(f"this letter needs what was entered at the task {form}")
    return found


def last_with(case: Case, question: str) -> Mapping[str, Any]:
    """The last entries in which this question was answered; nothing when it never was."""
    found = (
        case.task_entries.filter(entries__has_key=question).order_by("-id").values_list("entries", flat=True)
    )
    return next((entries for entries in found[:20] if entries[question]), {})


def said(entries: Mapping[str, Any], question: str) -> Any:
    """An answer the letter cannot do without. Raises ValueError when it was not given."""
    if not entries.get(question):
        raise ValueError(f"this letter needs an answer to {question}")
    return entries[question]
