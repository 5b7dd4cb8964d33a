"""What the page of a case shows of the partners that were asked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consular.cases.consultations import GIVEN, Consultation, ConsultationAnswer, Partner, Reply
from consular.cases.models import Case
from consular.casework.consultations import ENTERS
from consular.casework.correspondence import LENGTH
from consular.casework.sending_again import AGAIN, OTHERWISE, others
from consular.formspec import OneOf
from consular.missions.postings import Duties
from consular.workflow.days import last_day


class AnswerForm(forms.Form):
    """What a partner answered outside the interface."""

    answer = forms.ChoiceField(label=_("Answer"), choices=GIVEN, widget=OneOf)
    text = forms.CharField(
        label=_("Conditions, reasons or missing data"),
        help_text=_("As the partner wrote it. Needed for conditions and for more data."),
        required=False,
        max_length=LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class WayForm(forms.Form):
    """How a request that reached nobody is sent now."""

    way = forms.ChoiceField(label=_("How to send the request"), widget=OneOf)

    def __init__(self, *args: Any, partners: Iterable[Partner], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["way"].choices = [
            (AGAIN, _("Here, to the same authority")),
            (OTHERWISE, _("I send it by letter or another way today")),
            *(
                (one.code, gettext("Here, to another authority: %(name)s") % {"name": gettext(one.name)})
                for one in partners
            ),
        ]


Entry = AnswerForm | WayForm
"""What an officer can send about one consultation."""


@dataclass(frozen=True)
class Asked:
    """One consultation as the page shows it. `form` is there where an answer may be entered, `again` where an officer
    may send what reached nobody.
    """

    reference: str
    name: str
    asked_at: datetime
    last_day: date | None
    silence: str
    state: str
    answers: list[ConsultationAnswer]
    form: Any
    is_unreached: bool
    again: Any


def listed(case: Case, held: Duties, bound: dict[str, Any] | None = None) -> list[Asked]:
    """The consultations of a case in the order they were asked; `bound` are forms to be shown again."""
    rows = (
        Consultation.objects.filter(case=case)
        .select_related("case")
        .with_awaited()
        .order_by("pk")
        .prefetch_related("answers__by")
    )
    may_enter = any(held.has(role, case.mission_id) for role in ENTERS)
    zone = ZoneInfo(case.mission.time_zone)
    return [_asked(row, zone, may_enter, (bound or {}).get(row.reference)) for row in rows]


def way_of(asked: Consultation, data: QueryDict | None = None) -> WayForm:
    """The form by which one request is sent anew."""
    return WayForm(data, prefix=f"w{asked.reference}", partners=others(asked.case, asked))


def form_of(reference: str, data: QueryDict | None = None) -> AnswerForm:
    """The form of one consultation; there may be several on a page."""
    return AnswerForm(data, prefix=f"c{reference}")


def _asked(row: Any, zone: ZoneInfo, may_enter: bool, bound: Any) -> Asked:
    answers = sorted(row.answers.all(), key=lambda answer: answer.pk)
    is_answered = any(answer.is_final and not answer.is_deemed for answer in answers)
    is_unreached = row.unreached_at is not None and row.closed_at is None
    again = bound if isinstance(bound, WayForm) else None
    if is_unreached and may_enter and again is None:
        again = way_of(row)
    form = bound if isinstance(bound, AnswerForm) else None
    if may_enter and not is_answered and form is None:
        form = form_of(row.reference)
    return Asked(
        row.reference,
        gettext(row.name),
        row.asked_at,
        last_day(row.due_at, zone) if row.due_at else None,
        row.get_silence_display(),
        _state(row, answers),
        answers,
        form,
        is_unreached,
        again,
    )


def _state(row: Any, answers: list[ConsultationAnswer]) -> str:
    """What counts now, in words."""
    counting = [answer for answer in answers if not answer.is_late]
    if counting and (counting[-1].is_final or row.closed_at is not None):
        last = counting[-1]
        if last.is_deemed and last.answer == Reply.CONSENT:
            return gettext("Silence counts as consent")
        return str(last.get_answer_display())
    if row.closed_at is None and row.unreached_at is not None:
        return gettext("This request has reached nobody")
    if row.closed_at is None and (row.is_awaited or row.renewed_at is not None):
        return gettext("Waiting for the answer")
    return gettext("No longer needed")
