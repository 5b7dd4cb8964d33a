"""What the database refuses about inquiries and the answers before them."""

import pytest
from django.db import InternalError, ProgrammingError, transaction

from consular.cases.inquiries import AnswersVersion, Inquiry
from consular.cases.models import Case
from consular.core import clock
from tests import factories, harm

pytestmark = pytest.mark.django_db

REFUSED = (InternalError, ProgrammingError)


def inquiry(case: Case | None = None, **more: object) -> Inquiry:
    """An inquiry that was sent."""
    now = clock.now()
    case = case or factories.sent_case()
    values = {"task": 1, "node": "check", "by": factories.official(), "begun_at": now, "sent_at": now, **more}
    return Inquiry.objects.create(case=case, **values)


def version(about: Inquiry) -> AnswersVersion:
    """The answers before it."""
    return AnswersVersion.objects.create(
        case=about.case, inquiry=about, data={"surname": "Mensah"}, declarations=[], changed=["surname"],
        replaced_at=clock.now(),
    )  # fmt: skip


def two_open() -> None:
    inquiry(inquiry().case, task=2)


def two_prepared() -> None:
    inquiry(inquiry(sent_at=None).case, sent_at=None)


def closed_unsent() -> None:
    inquiry(sent_at=None, closed_at=clock.now())


def two_versions() -> None:
    about = inquiry()
    version(about)
    version(about)


CONSTRAINTS = [
    (Inquiry, "one_open_inquiry", two_open),
    (Inquiry, "one_inquiry_in_preparation", two_prepared),
    (Inquiry, "what_was_not_sent_is_not_closed", closed_unsent),
    (AnswersVersion, "inquiry", two_versions),
]
test_a_constraint_refuses_the_harm = harm.refused(CONSTRAINTS)
test_without_the_constraint_the_harm_is_done = harm.done_without(CONSTRAINTS)


def test_without_the_trigger_first_answers_would_be_rewritten() -> None:
    kept = version(inquiry())
    for change in (lambda: AnswersVersion.objects.update(data={}), lambda: kept.delete()):
        with pytest.raises(REFUSED, match="Cannot"), transaction.atomic():
            change()

    with harm.without_trigger("cases.AnswersVersion:append_only"):
        assert AnswersVersion.objects.update(data={}) == 1
