"""How far a draft is: which pages are done, which come next."""

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from consular import formspec
from consular.cases.models import Case

SECONDS = 30
"""How long a question takes on average, with a document to look at beside it."""


@dataclass(frozen=True)
class Step:
    """One line of the task list; `status` and `kind` say how the page stands."""

    page: str
    title: str
    url: str
    done: bool
    status: str
    kind: str


@dataclass(frozen=True)
class Link:
    """A page of the form and where it is."""

    title: str
    url: str


@dataclass(frozen=True)
class Progress:
    """All pages that are asked, whether the application can be sent, and about how many minutes it takes until then."""

    steps: tuple[Step, ...]
    minutes: int

    @property
    def is_complete(self) -> bool:
        """Whether nothing is missing or wrong."""
        return all(step.done for step in self.steps)

    @property
    def next(self) -> Step | None:
        """The first page that is not done."""
        return next((step for step in self.steps if not step.done), None)


def progress(case: Case, walk: formspec.Walk) -> Progress:
    """How the pages of a draft stand; pages without a question for this person are left out."""
    asked = [page for page in walk.pages if page.is_asked]
    first = next((each.page.id for each in asked if each.problems), "")
    steps = tuple(_step(case, each, each.page.id == first) for each in asked)
    return Progress(steps, _minutes(sum(each.unanswered for each in asked if each.problems)))


def _minutes(questions: int) -> int:
    """In steps of five; nothing more precise would be true of everybody."""
    return math.ceil(questions * SECONDS / (5 * 60)) * 5


def unchecked(case: Case, form: formspec.Form) -> list[Link]:
    """The pages with answers that were taken over and not looked at since."""
    marked = frozenset(case.answers.taken_over)
    return [
        Link(str(page.title), _address(case, page.id))
        for page in form.pages
        if marked.intersection(question.id for question in page.questions)
    ]


def fingerprint(page: formspec.Page, answers: Mapping[str, Any]) -> str:
    """Tells whether the stored answers of a page are still those that were shown."""
    here = {question.id: answers.get(question.id) for question in page.questions}
    return hashlib.sha256(json.dumps(here, sort_keys=True).encode()).hexdigest()[:16]


def _step(case: Case, walked: formspec.WalkedPage, is_first: bool) -> Step:
    is_open = bool(walked.problems)
    if not is_open and _is_marked(case, walked):
        status, kind = _("Taken over, please check"), "warning"
    elif not is_open:
        status, kind = _("Done"), "success"
    elif walked.is_started:
        status, kind = _("Something is missing"), "warning"
    elif is_first:
        status, kind = _("Next"), "info"
    else:
        status, kind = _("To do"), ""
    page = walked.page
    return Step(page.id, str(page.title), _address(case, page.id), not is_open, status, kind)


def _is_marked(case: Case, walked: formspec.WalkedPage) -> bool:
    """Whether an answer on the page was taken over."""
    marked = frozenset(case.answers.taken_over)
    return any(each.is_shown and each.question.id in marked for each in walked.judged)


def _address(case: Case, page: str) -> str:
    return reverse("portal:draft_page", args=[case.reference, page])
