"""An officer names the questions and documents that reopen when the applicant is asked, each with a reason."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from consular import formspec
from consular.accounts.models import User
from consular.cases.inquiries import REMARK, About, Inquiry, Item, Lack
from consular.cases.models import Case
from consular.casework import checklist
from consular.casework.asking import REQUEST
from consular.casework.officer import locked, task_of
from consular.casework.verb import verb
from consular.core import clock
from consular.core.errors import Refused
from consular.workflow import permission, tasks

MOST = 40


@verb
def name_items(reference: str, token_id: int, items: Sequence[Item], *, actor: User) -> Inquiry | None:
    """Write down what reopens when this task is completed by asking the applicant; nothing reopens before that.

    Written anew each time; without items there is none. Refused: what completing the task would refuse, `not_asking`
    where one cannot ask at this task, and (422) `invalid` for what is not on the applicant's form.
    """
    case = locked(reference, actor)
    node = task_of(case, token_id)
    row = tasks.row(token_id)
    if row is None:
        permission.refuse_done(token_id, instance_id=case.instance_id)
    permission.require_lane(row, actor)
    permission.require_free(row, actor)
    if not can_ask(case, node.form):
        raise Refused(_("Nobody is asked at this task."), code="not_asking", status=409)
    Inquiry.objects.filter(case=case, task=token_id, sent_at=None).delete()
    if not items:
        return None
    if len(items) > MOST:
        raise Refused(
            _("Choose at most %(most)s questions and documents.") % {"most": MOST},
            code="too_many",
            status=422,
        )
    known = askable(case)
    judged = [_judged(item, known).as_json() for item in items]
    return Inquiry.objects.create(
        case=case, task=token_id, node=node.id, by=actor, items=judged, begun_at=clock.now()
    )


def can_ask(case: Case, form: str) -> bool:
    """Whether the applicant can be asked at a task with this form."""
    page = case.form.tasks.get(form)
    return page is not None and any(question.id == REQUEST for question in page.questions)


def askable(case: Case) -> dict[tuple[str, str], Item]:
    """All that can be named: the questions that the applicant was asked, and the lines of the checklist."""
    found: dict[tuple[str, str], Item] = {}
    form = case.form
    with override("en"):
        asked = formspec.reopening.shown(form, case.answers.data)
        for page in form.pages:
            for question in page.questions:
                if question.id in asked and question.kind != "declaration":
                    item = Item(About.QUESTION, question.id, str(question.label), "", page=page.id)
                    found[item.about, item.name] = item
        for paper in checklist.asked(case):
            found[About.DOCUMENT, paper.id] = Item(About.DOCUMENT, paper.id, str(paper.label), "")
    return found


def _judged(item: Item, known: Mapping[tuple[str, str], Item]) -> Item:
    """The item as it is stored: its name and place from the form, its remark on one line."""
    asked = known.get((item.about, item.name))
    if asked is None or item.reason not in Lack.values:
        raise Refused(
            _("Choose questions and documents of this application, each with a reason."),
            code="invalid",
            status=422,
        )
    remark = "".join(c if unicodedata.category(c) not in {"Cc", "Cf", "Cs"} else " " for c in item.remark)
    return replace(asked, reason=item.reason, remark=" ".join(remark.split())[:REMARK])
