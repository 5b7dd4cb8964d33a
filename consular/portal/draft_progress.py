"""How far a draft is: which pages are done, which come next."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from consular import formspec
from consular.cases.models import Case


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
    """All pages that are asked, and whether the application can be sent."""

    steps: tuple[Step, ...]

    @property
    def is_complete(self) -> bool:
        """Whether nothing is missing or wrong."""
        return all(step.done for step in self.steps)

    @property
    def next(self) -> Step | None:
        """The first page that is not done."""
        return next((step for step in self.steps if not step.done), None)

    def after(self, page: str) -> Step | None:
        """The page that follows `page`."""
        names = [step.page for step in self.steps]
        following = names.index(page) + 1 if page in names else len(names)
        return self.steps[following] if following < len(names) else None


def progress(case: Case, form: formspec.Form) -> Progress:
    """How the pages of a draft stand; pages without a question for this person are left out."""
    answers = case.answers.data
    open_pages = {problem.page for problem in formspec.problems(form, answers)}
    shown = formspec.shown(form.pages, answers)
    first = next((page.id for page in shown if page.id in open_pages), "")
    return Progress(tuple(_step(case, page, page.id in open_pages, page.id == first) for page in shown))


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


def _step(case: Case, page: formspec.ShownPage, is_open: bool, is_first: bool) -> Step:
    is_started = any(answer.answered for answer in page.answers)
    if not is_open and _is_marked(case, page):
        status, kind = _("Taken over, please check"), "warning"
    elif not is_open:
        status, kind = _("Done"), "success"
    elif is_started:
        status, kind = _("Something is missing"), "warning"
    elif is_first:
        status, kind = _("Next"), "info"
    else:
        status, kind = _("To do"), ""
    return Step(page.id, page.title, _address(case, page.id), not is_open, status, kind)


def _is_marked(case: Case, page: formspec.ShownPage) -> bool:
    """Whether an answer on the page was taken over; those of a group are named after it."""
    marked = frozenset(case.answers.taken_over)
    return any(answer.id.partition("-")[0] in marked for answer in page.answers)


def _address(case: Case, page: str) -> str:
    return reverse("portal:draft_page", args=[case.reference, page])
