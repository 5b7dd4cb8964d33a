"""An officer names what reopens when the task is completed by asking the applicant."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from consular import casework
from consular.cases.inquiries import REMARK, About, Inquiry, Item, Lack
from consular.cases.models import Case
from consular.casework import inquiring
from consular.core import typed
from consular.core.errors import Refused
from consular.desk.access import officer_required
from consular.desk.cases import case_of
from consular.formspec import reopening


@dataclass(frozen=True)
class Row:
    """One question or document that can be named: `key` names its inputs; `reason` and `remark` as chosen so far."""

    key: str
    title: str
    answer: str
    reason: str
    remark: str


@dataclass(frozen=True)
class Section:
    """One page of the form, or the documents. `number` of its rows are named already."""

    title: str
    rows: list[Row]
    number: int


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@officer_required()
def ask(request: HttpRequest, reference: str, token_id: int) -> HttpResponse:
    """All that can be named, each with a reason and a sentence; what was typed into the task waits there."""
    case = case_of(request, reference)
    if request.method == "POST" and "save" not in request.POST:
        typed.keep(request, reverse("desk:case", args=[case.reference]))
        return redirect("desk:ask", reference=case.reference, token_id=token_id)
    if request.method != "POST":
        prepared = Inquiry.objects.filter(case=case, task=token_id, sent_at=None).first()
        return _page(request, case, prepared.asked if prepared else ())
    items = _chosen(request, case)
    try:
        casework.name_items(case.reference, token_id, items, actor=request.user)
    except Refused as refusal:
        return _page(request, case, items, refusal)
    if items:
        messages.success(request, _("Noted. It reopens when you complete the task and ask the applicant."))
    return redirect("desk:case", reference=case.reference)


def _chosen(request: HttpRequest, case: Case) -> tuple[Item, ...]:
    """What was given a reason."""
    chosen = []
    for (about, name), item in inquiring.askable(case).items():
        reason = request.POST.get(f"reason-{about}-{name}", "")
        if reason:
            remark = request.POST.get(f"remark-{about}-{name}", "")
            chosen.append(Item(about, name, item.label, reason, remark, item.page))
    return tuple(chosen)


def _page(
    request: HttpRequest, case: Case, named: tuple[Item, ...], refusal: Refused | None = None
) -> HttpResponse:
    context = {
        "case": case,
        "sections": _sections(case, named),
        "reasons": Lack.choices,
        "longest": REMARK,
        "refusal": refusal and refusal.message,
    }
    return render(request, "desk/ask.html", context, status=refusal.status if refusal else 200)


def _sections(case: Case, named: tuple[Item, ...]) -> list[Section]:
    form = case.form
    answers, chosen = (
        reopening.values(form, case.answers.data),
        {(item.about, item.name): item for item in named},
    )
    rows: dict[str, list[Row]] = {}
    for key, item in inquiring.askable(case).items():
        choice = chosen.get(key)
        answer = answers.get(item.name, "") if item.about == About.QUESTION else ""
        row = Row(
            f"{item.about}-{item.name}",
            item.title,
            answer,
            choice.reason if choice else "",
            choice.remark if choice else "",
        )
        rows.setdefault(item.page, []).append(row)
    titles = {page.id: str(page.title) for page in form.pages} | {"": _("Documents")}
    return [
        Section(titles[page], found, sum(bool(row.reason) for row in found)) for page, found in rows.items()
    ]
