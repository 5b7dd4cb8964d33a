"""The applicant answers what an officer asked: the named questions and documents, and what follows from them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from consular import formspec
from consular.accounts.models import User
from consular.cases.attachments import AttachmentState
from consular.cases.inquiries import About, AnswersVersion, Inquiry, Item
from consular.cases.models import Answers, Audience, Case, SearchName
from consular.casework import (
    asking,
    attachments,
    consents,
    correspondence,
    elsewhere,
    record,
    searching,
    submission,
    tied,
)
from consular.casework.verb import verb
from consular.core import clock
from consular.core.errors import Refused
from consular.formspec import reopening
from consular.workflow.state import Deliver

CORRECTED = "corrected"
"""The event by which the history says that the applicant has answered."""


@dataclass(frozen=True)
class Asked:
    """What is asked of a case: the inquiry, what reopens with what was typed so far, and what is still to be done.

    `unseen` are questions that reopened and were not saved since, `wrong` those that are not right yet; `lacking` the
    documents of which no new one has come.
    """

    inquiry: Inquiry
    form: formspec.Form
    reopened: reopening.Reopened
    unseen: frozenset[str]
    wrong: tuple[formspec.Problem, ...]
    lacking: tuple[Item, ...]


@verb
def correct(case_id: int, typed: Mapping[str, Any], *, revision: int, actor: User) -> Inquiry:
    """Keep what was typed for questions that reopened; nothing reaches the mission before it is sent.

    Refused: `not_found` (404), `not_asked` when nothing is asked any more, `not_reopened` (403) for any other question,
    `conflict` when another window was faster.
    """
    case = attachments.own_case(case_id, actor)
    asked = required(case)
    if frozenset(typed) - asked.reopened.questions:
        raise Refused(_("Only what the mission has named can be changed."), code="not_reopened", status=403)
    inquiry = asked.inquiry
    if inquiry.revision != revision:
        raise Refused(
            _("This page was changed in another window since you opened it. Nothing was overwritten."),
            code="conflict",
        )
    inquiry.typed = inquiry.typed | reopening.to_keep(asked.form, asked.reopened, typed)
    inquiry.revision += 1
    inquiry.save(update_fields=["typed", "revision"])
    return inquiry


@verb
def send_corrections(
    case_id: int, *, attested: Collection[str], text: str = "", revision: int, actor: User
) -> Case:
    """Send the mission what it asked for: the old answers are kept, the case goes on, the officer who asked gets it.

    Refused like `correct`, and: (422) `incomplete` while something is open, `explain` when a document is missing and
    nothing says why, `not_attested` without the declarations where answers changed; `arriving` while a file arrives;
    (409) `tied` where an appointment would become somebody else's.
    """
    case = attachments.own_case(case_id, actor)
    asked = required(case)
    _judge(case, asked, text, revision)
    now = clock.now()
    changed = _exchange(case, asked, attested, now)
    elsewhere.note(case, changed, now)
    if text.strip():
        correspondence.send(case, text, audience=Audience.MISSION, actor=actor)
    record.event(case, CORRECTED, actor=actor, at=now, inquiry=asked.inquiry.pk, changed=len(changed))
    arrival = Deliver(asking.ANSWERED, variables=_routed(asked, case) if changed else {})
    step = record.deliver(case, arrival, actor=actor, at=now)
    asking.come_back(asked.inquiry, case, step, at=now)
    return case


def of(case: Case) -> Asked | None:
    """What the applicant is asked to correct or to add; None where nothing is named. `case` has its answers."""
    inquiry = asking.of(case)
    if inquiry is None or not inquiry.items:
        return None
    form = case.form
    found = reopening.reopened(form, case.answers.data, inquiry.typed, inquiry.questions)
    shown = reopening.shown(form, found.answers)
    return Asked(
        inquiry,
        form,
        found,
        frozenset(name for name in found.questions & shown if name not in inquiry.typed),
        tuple(reopening.wrong(form, found)),
        tuple(_lacking(case, inquiry)),
    )


def required(case: Case) -> Asked:
    """The same; refused with `not_asked` where nothing is named."""
    asked = of(case)
    if asked is None:
        raise Refused(_("The mission does not ask you to correct anything at the moment."), code="not_asked")
    return asked


def _lacking(case: Case, inquiry: Inquiry) -> list[Item]:
    usable = [AttachmentState.CHECKING, AttachmentState.READY]
    new = case.attachments.filter(created_at__gt=inquiry.sent_at, state__in=usable)
    there = set(new.values_list("document", flat=True)) if inquiry.documents else set()
    return [item for item in inquiry.asked if item.about == About.DOCUMENT and item.name not in there]


def _judge(case: Case, asked: Asked, text: str, revision: int) -> None:
    if asked.inquiry.revision != revision:
        raise Refused(
            _("This page was changed in another window since you opened it. Nothing was overwritten."),
            code="conflict",
        )
    if asked.wrong:
        raise submission.Incomplete(asked.wrong)
    if asked.unseen:
        raise Refused(
            _("Look at each question that the mission has named, and save it."), code="incomplete", status=422
        )
    if case.attachments.filter(state=AttachmentState.ARRIVING).exists():
        raise Refused(
            _("A file has not arrived completely. Send it again, or remove it first."), code="arriving"
        )
    if asked.lacking and not text.strip():
        raise Refused(
            _("A document is still missing. Add it, or write why you cannot."),
            code="explain",
            field="text",
            status=422,
        )


def _exchange(case: Case, asked: Asked, attested: Collection[str], now: datetime) -> tuple[str, ...]:
    """Put the corrected answers in the place of the old ones, which are kept; returns the questions that changed."""
    stored = Answers.objects.select_for_update().get(case=case)
    before, form = stored.data, asked.form
    after = reopening.corrected(form, before, asked.reopened)
    changed = reopening.changed(form, before, after)
    if not changed:
        return changed
    tied.require_same_person(case, before, after, now)
    declared = submission.declared(formspec.declarations(form, after), attested, now)
    AnswersVersion.objects.create(
        case=case, inquiry=asked.inquiry, data=before, declarations=stored.declarations, changed=changed,
        replaced_at=now,
    )  # fmt: skip
    stored.data, stored.declarations, stored.saved_at = after, declared, now
    stored.revision += 1
    stored.save(update_fields=["data", "declarations", "saved_at", "revision"])
    case.answers, case.applicant_name = stored, submission.applicant_name(after)
    case.nationality = str(after.get("nationality", ""))[:3]
    case.save(update_fields=["applicant_name", "nationality"])
    SearchName.objects.filter(case=case).delete()
    searching.add_names(case, form, after)
    return changed


def _routed(asked: Asked, case: Case) -> dict[str, Any]:
    """What the process has to know anew: the routed values that differ, None for those that are gone.

    And how the consent of the other parent stands to the answers as they are now.
    """
    after, version = case.answers.data, asked.inquiry.version
    before, now = (formspec.starting_values(asked.form, data) for data in (version.data, after))
    changed = {
        name: now.get(name) for name in before.keys() | now.keys() if before.get(name) != now.get(name)
    }
    return changed | consents.variables(case, after)
