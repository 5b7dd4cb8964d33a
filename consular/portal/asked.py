"""What the mission has named, as a list of pages and documents with the reasons beside them."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from consular import formspec
from consular.cases.inquiries import About, Item
from consular.cases.models import Case
from consular.casework import correcting
from consular.casework.correcting import Asked
from consular.formspec import reopening

ISOLATED = "\u2068%s\u2069"
"""What an officer or the applicant wrote stands by itself, whatever its direction."""


@dataclass(frozen=True)
class Line:
    """One page or document of the list, with why it is asked for."""

    title: str
    url: str
    status: str
    kind: str
    done: bool
    reasons: tuple[str, ...]


def context(case: Case) -> dict[str, Any]:
    """For the page of the case: what is asked for, and whether it can be sent."""
    asked = correcting.of(case)
    if asked is None:
        return {"asked": None}
    return {"asked": lines(case, asked), "can_send": not (asked.wrong or asked.unseen)}


def lines(case: Case, asked: Asked) -> list[Line]:
    """The pages with questions that reopened, in the order of the form, then the documents."""
    found_pages = [(part, open_on(asked, part)) for part in asked.form.pages]
    pages = [_of_page(case, asked, part, only) for part, only in found_pages if only]
    lacking = {item.name for item in asked.lacking}
    documents = [item for item in asked.inquiry.asked if item.about == About.DOCUMENT]
    return pages + [_of_document(case, item, item.name in lacking) for item in documents]


def _of_page(case: Case, asked: Asked, part: formspec.Page, only: frozenset[str]) -> Line:
    is_wrong = any(problem.page == part.id for problem in asked.wrong)
    done = not is_wrong and not asked.unseen & only
    why = [reason(item, item.title) for item in asked.inquiry.asked if _is_on(item, only)]
    if not why:
        why = [_("Your corrections lead to these questions.")]
    address = reverse("portal:correction", args=[case.reference, part.id])
    status, kind = (_("Done"), "success") if done else (_("To do"), "info")
    return Line(str(part.title), address, status, kind, done, tuple(why))


def _of_document(case: Case, item: Item, is_lacking: bool) -> Line:
    address = reverse("portal:document", args=[case.reference, item.name])
    status, kind = (_("To do"), "info") if is_lacking else (_("Added"), "success")
    return Line(item.title, address, status, kind, not is_lacking, (reason(item),))


def _is_on(item: Item, only: frozenset[str]) -> bool:
    return item.about == About.QUESTION and item.name in only


def reason(item: Item, title: str = "") -> str:
    """Why something is named: the reason, what the officer wrote, and of which question it is said."""
    parts = [title and ISOLATED % title, item.lack, item.remark and ISOLATED % item.remark]
    return " · ".join(part for part in parts if part)


def open_on(asked: Asked, part: formspec.Page | None) -> frozenset[str]:
    """The questions of a page that reopened and are asked."""
    if part is None:
        return frozenset()
    shown = reopening.shown(asked.form, asked.reopened.answers)
    return frozenset(question.id for question in part.questions) & asked.reopened.questions & shown
