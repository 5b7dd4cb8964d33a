"""Many cases at once: choose what to do, watch how far it is, see how each case ended."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from consular import casework, formspec
from consular.cases import queue, queue_frame
from consular.cases.models import Batch, BatchItem, Case
from consular.cases.worklists import WITH_TASKS, Act
from consular.casework import batches, printing
from consular.casework.correspondence import LENGTH
from consular.casework.officer import NotRight
from consular.core.errors import Refused
from consular.desk import queue_filters, queue_scope, seen
from consular.desk.access import officer_required
from consular.desk.tables import download
from consular.missions.postings import Duties
from consular.missions.titles import title
from consular.workflow.models import Token

MOST_CHOSEN = 200
"""Rows that are ticked one by one; "all of this view" goes up to batches.MOST."""
LIST = "list"
"""Not kept as a batch: the list is drawn at once."""
SHOWN = 30


class HowForm(forms.Form):
    """What has to be known beside the cases."""

    to = forms.TypedChoiceField(label=_("Colleague"), coerce=int, required=False)
    mission = forms.TypedChoiceField(label=_("Mission"), coerce=int, required=False)
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("It is kept with each case as an internal note."),
        max_length=LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data: Any, *, act: str, frame: queue_frame.Frame) -> None:
        super().__init__(data)
        please = ("", _("Please choose"))
        self.fields["to"].choices = [please, *frame.colleagues]
        places = sorted(((one.pk, title(one)) for one in frame.missions.values()), key=lambda each: each[1])
        self.fields["mission"].choices = [please, *places]
        wanted = {Act.ASSIGN.value: {"to", "reason"}, Act.DELEGATE.value: {"mission", "reason"}}.get(
            act, set()
        )
        for name in set(self.fields) - wanted:
            del self.fields[name]


@dataclass
class Asked:
    """What is to be done to which tasks, and the forms that say how."""

    act: str
    tokens: list[Token]
    how: HowForm
    entries: Any = None

    @property
    def is_possible(self) -> bool:
        """Whether there is something to do that can be done to all of these."""
        known = bool(self.tokens) and self.act in WITH_TASKS
        return known and (self.act != Act.COMPLETE or self.entries is not None)

    @property
    def is_valid(self) -> bool:
        """Whether all is said that has to be; asks both forms, so that both say what is missing."""
        is_said = self.how.is_valid()
        return (self.entries is None or self.entries.is_valid()) and is_said


@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(*queue.SEES_TASKS)
def overview(request: HttpRequest) -> HttpResponse:
    """The batches one has begun; or a new one: first asked how, then begun."""
    if request.method != "POST":
        mine = Batch.objects.filter(by=request.user).order_by("-begun_at")[:SHOWN]
        return render(request, "desk/batches.html", {"batches": mine})
    asked = _asked(request)
    if asked.act == LIST and asked.tokens:
        content = printing.task_list(asked.tokens, actor=request.user)
        return download(content, "application/pdf", "tasks.pdf")
    if not asked.is_possible:
        return _choose(request, asked, _why_not(asked))
    if "begin" not in request.POST or not asked.is_valid:
        return _choose(request, asked)
    return _begin(request, asked)


@require_safe
@officer_required(*queue.SEES_TASKS)
def batch(request: HttpRequest, batch_id: int) -> HttpResponse:
    """How far a batch is, and how each case ended."""
    found = get_object_or_404(Batch, pk=batch_id, by=request.user)
    items = list(found.items.order_by("position"))
    mine = Case.objects.visible_to(request.user, request.duties).filter(pk__in=[one.case_id for one in items])
    names = {one.pk: one for one in mine.only("pk", "reference", "applicant_name")}
    states = Counter(one.state for one in items)
    context = {
        "batch": found,
        "lines": [(one, names.get(one.case_id)) for one in items],
        "done": states[BatchItem.State.DONE],
        "refused": states[BatchItem.State.REFUSED],
        "failed": states[BatchItem.State.FAILED],
        "left": states[BatchItem.State.OPEN],
        "number": len(items),
        "over": len(items) - states[BatchItem.State.OPEN],
        "can_undo": found.act == Act.TRANSFER and found.ended_at and states[BatchItem.State.DONE],
        "has_letters": found.act == Act.LETTERS and any(one.letter_id for one in items),
    }
    return render(request, "desk/batch.html", context)


@require_safe
@officer_required(*queue.SEES_TASKS)
def letters(request: HttpRequest, batch_id: int) -> HttpResponse:
    """The letters of a batch in one file, of the cases one may still see."""
    found = get_object_or_404(Batch, pk=batch_id, by=request.user, act=Act.LETTERS)
    content = printing.letters(found, actor=request.user)
    if content is None:
        raise Http404
    return download(content, "application/pdf", "letters.pdf")


def _asked(request: HttpRequest) -> Asked:
    held = queue_scope.of(request).duties
    frame = queue_frame.frame(request.user, held)
    tokens, act = _chosen(request, frame, held), request.POST.get("act", "")
    data = request.POST if "begin" in request.POST else None
    asked = Asked(act, tokens, HowForm(data, act=act, frame=frame))
    common = batches.same(tokens) if act == Act.COMPLETE else None
    if common is not None:
        asked.entries = formspec.django_form(common.page, {}, data)
    return asked


def _begin(request: HttpRequest, asked: Asked) -> HttpResponse:
    facts = {name: value for name, value in asked.how.cleaned_data.items() if value}
    facts["seen"] = seen.read(request.POST.get("seen", ""))
    if asked.entries is not None:
        facts["entries"] = asked.entries.answers()
    ids, language = [one.pk for one in asked.tokens], get_language() or "en"
    try:
        begun = casework.begin_batch(asked.act, ids, facts, language=language, actor=request.user)
    except NotRight as refusal:
        formspec.add_problems(asked.entries, refusal.problems)
        return _choose(request, asked, refusal.message)
    except Refused as refusal:
        if refusal.field not in asked.how.fields:
            return _choose(request, asked, refusal.message)
        asked.how.add_error(refusal.field, refusal.message)
        return _choose(request, asked)
    return redirect("desk:batch", batch_id=begun.pk)


def _choose(request: HttpRequest, asked: Asked, refusal: Any = None) -> HttpResponse:
    """The page that asks how; 422 where something is missing or not possible."""
    forms = (form for form in (asked.how, asked.entries) if form is not None)
    wrong = next((form for form in forms if form.errors), None)
    context = {
        "act": Act(asked.act).label if asked.is_possible else "",
        "value": asked.act,
        "tokens": asked.tokens,
        "number": len(asked.tokens),
        "seen": seen.written(asked.tokens, seen.read(request.POST.get("seen", ""))),
        "how": asked.how,
        "entries": asked.entries,
        "form": wrong,
        "refusal": refusal,
    }
    return render(request, "desk/batch_new.html", context, status=422 if wrong or refusal else 200)


def _why_not(asked: Asked) -> Any:
    if not asked.tokens:
        return _("Choose at least one case.")
    return batches.NOT_TOGETHER if asked.act == Act.COMPLETE else _("Choose what to do.")


def _chosen(request: HttpRequest, frame: queue_frame.Frame, held: Duties) -> list[Token]:
    """The tasks that were ticked, or all of the view that was shown."""
    if "all" not in request.POST:
        ticked = [each for each in request.POST.getlist("chosen") if each.isdecimal() and len(each) < 18]
        most = batches.MOST if "begin" in request.POST else MOST_CHOSEN
        return batches.chosen([int(each) for each in ticked[:most]], request.user)
    wanted = queue_filters.Filters(frame, held).read(request.POST)
    found: list[int] = []
    after = None
    while len(found) < batches.MOST:
        rows, after = queue.page(
            held, wanted, user_id=request.user.pk, after=after, size=batches.MOST - len(found)
        )
        found += [row.token_id for row in rows]
        if after is None:
            break
    return batches.chosen(found, request.user)
