"""Paper for many cases: the list of their tasks, and their letters in one file."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

import pikepdf
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext

from consular import formspec
from consular.accounts.models import User
from consular.cases.models import Batch, Case
from consular.core import clock
from consular.decisions import pdf
from consular.decisions.models import Letter
from consular.workflow import store
from consular.workflow.days import last_day
from consular.workflow.models import Token


@dataclass(frozen=True)
class Line:
    """One task on paper."""

    reference: str
    applicant: str
    service: str
    task: str
    due_on: date


def task_list(tokens: Sequence[Token], *, actor: User) -> bytes:
    """The PDF of these tasks, in the active language, of the cases that the actor may see."""
    seen = set(
        Case.objects.visible_to(actor).filter(instance__tokens__in=tokens).values_list("pk", flat=True)
    )
    context = {
        "language": translation.get_language() or "en",
        "direction": "rtl" if translation.get_language_bidi() else "ltr",
        "drawn_at": clock.now(),
        "drawn_by": actor.name,
        "lines": [_line(one) for one in tokens if one.instance.case.pk in seen],
    }
    return pdf.render(render_to_string("letters/task_list.html", context))


def letters(batch: Batch, *, actor: User) -> bytes | None:
    """The letters of a batch one after the other, for printing; None where there are none of cases still to be seen.

    It is a copy for paper: the signature belongs to each letter's own file.
    """
    ids = [one for one in batch.items.order_by("position").values_list("letter_id", flat=True) if one]
    cases = Case.objects.visible_to(actor)
    found = {one.pk: one for one in Letter.objects.filter(pk__in=ids, case__in=cases).only("pk", "content")}
    if not found:
        return None
    with pikepdf.new() as together:
        for one in ids:
            if one in found:
                with pikepdf.open(io.BytesIO(bytes(found[one].content))) as letter:
                    together.pages.extend(letter.pages)
        out = io.BytesIO()
        together.save(out)
    return out.getvalue()


def _line(token: Token) -> Line:
    case = token.instance.case
    assert token.due_at is not None  # noqa: S101  a task has its place in the queue
    return Line(
        case.reference,
        case.applicant_name,
        gettext(str(formspec.latest(case.service).form.title)),
        gettext(store.graph(token.instance.definition).node(token.node).name),
        last_day(token.due_at, ZoneInfo(token.mission.time_zone)),
    )
