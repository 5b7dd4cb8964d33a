"""The list of my drafts and cases, the one that somebody worked on last first; a page at a time."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Greatest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from consular.cases import outcomes
from consular.cases.models import Case, Phase
from consular.casework.submission import applicant_name
from consular.portal.access import applicant_required
from consular.portal.cases import title_of

SHOWN = 50
SECOND = 1_000_000


@dataclass(frozen=True)
class CaseRow:
    """One line of the list of my cases."""

    reference: str
    service: str
    phase: str
    name: str
    is_draft: bool
    ended_in: str
    group: str


@require_safe
@applicant_required
def my_cases(request: HttpRequest) -> HttpResponse:
    """My drafts and cases, the one that somebody worked on last first."""
    after = _position(request.GET.get("after", ""))
    found = list(_mine(request.user, after)[: SHOWN + 1])
    here = reverse("portal:my_cases")
    last = found[SHOWN - 1] if len(found) > SHOWN else None
    context = {
        "rows": [_row(case) for case in found[:SHOWN]],
        "first_url": here if after else "",
        "next_url": f"{here}?after={_written(last.touched_at)}-{last.pk}" if last else "",
    }
    return render(request, "portal/my_cases.html", context)


def _mine(user: Any, after: tuple[datetime, int] | None) -> QuerySet[Any]:
    mine = Case.objects.visible_to(user).annotate(
        surname=F("answers__data__surname"),
        given_names=F("answers__data__given_names"),
        group=F("journey__reference"),
        touched_at=Greatest("changed_at", "answers__saved_at"),
    )
    if after:
        moment, number = after
        mine = mine.filter(Q(touched_at__lt=moment) | Q(touched_at=moment, pk__lt=number))
    return mine.order_by("-touched_at", "-pk")


def _row(case: Any) -> CaseRow:
    ended = outcomes.of(case)
    return CaseRow(
        reference=case.reference,
        service=title_of(case),
        phase=case.phase,
        name=case.applicant_name or applicant_name(vars(case)),
        is_draft=case.phase == Phase.DRAFT,
        ended_in=str(ended.title) if ended else "",
        group=case.group or "",
    )


def _written(moment: datetime) -> int:
    """A moment as a number of microseconds: nothing is lost of it."""
    since = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * SECOND + since.microseconds


def _position(text: str) -> tuple[datetime, int] | None:
    """Where a page begins: after this moment and case; None for the first page, and for what nobody wrote there."""
    moment, _dash, number = text.partition("-")
    if not (moment.isascii() and moment.isdigit() and number.isascii() and number.isdigit()):
        return None
    if len(moment) > 16 or len(number) > 18:
        return None
    seconds, rest = divmod(int(moment), SECOND)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest), int(number)
