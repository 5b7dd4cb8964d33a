"""What the applicant was asked to correct or to add, and what came of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from consular import formspec
from consular.cases.inquiries import Inquiry
from consular.casework.asking import REQUEST
from consular.formspec import reopening


@dataclass(frozen=True)
class Round:
    """One inquiry that was sent, and the answers that changed with it."""

    inquiry: Inquiry
    changes: list[reopening.Difference]


def can_ask(page: formspec.Page) -> bool:
    """Whether a task with this form can ask the applicant."""
    return any(question.id == REQUEST for question in page.questions)


def context(folder: formspec.Folder, answers: Mapping[str, Any], found: Iterable[Inquiry]) -> dict[str, Any]:
    """What was sent, the latest first; what is prepared; and which questions have changed since the application.

    `found` are the inquiries of a case with these answers, the latest first.
    """
    after = answers
    rounds, changed = list[Round](), set[str]()
    for inquiry in found:
        if inquiry.sent_at is None or not inquiry.items:
            continue
        version = getattr(inquiry, "version", None)
        differences = reopening.differences(folder.form, version.data, after) if version else []
        rounds.append(Round(inquiry, differences))
        if version:
            after = version.data
            changed.update(version.changed)
    return {
        "rounds": rounds,
        "prepared": [inquiry for inquiry in found if inquiry.sent_at is None],
        "changed_answers": [str(q.label) for q in folder.form.questions if q.id in changed],
    }
