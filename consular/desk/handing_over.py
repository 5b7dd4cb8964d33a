"""A task goes to a colleague, to another mission, or back: one page for whoever may say so."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from consular import casework
from consular.accounts.models import Role, User
from consular.cases.models import Case
from consular.casework import handing_over
from consular.casework.correspondence import LENGTH
from consular.core import clock
from consular.core.errors import Refused
from consular.desk.access import officer_required
from consular.desk.cases import case_of, onward
from consular.missions.models import Absence, Mission, Posting
from consular.missions.titles import title
from consular.workflow import store, tasks
from consular.workflow.models import Token

MOST_COLLEAGUES = 300
CHOOSE = ("", _("Please choose"))


class PassOnForm(forms.Form):
    """To whom, and why."""

    to = forms.TypedChoiceField(coerce=int, widget=forms.Select)
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("It is kept with the case as an internal note."),
        max_length=LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data: Any, *, act: str, choices: list[tuple[Any, Any]], needs_reason: bool) -> None:
        super().__init__(data, prefix=act)
        self.act = act
        self.fields["to"].label = _("Mission") if act == "mission" else _("Colleague")
        self.fields["to"].choices = [CHOOSE, *choices]
        self.fields["reason"].required = needs_reason


@require_http_methods(["GET", "HEAD", "POST"])
@officer_required()
def pass_on(request: HttpRequest, reference: str, token_id: int) -> HttpResponse:
    """Ask to whom a task goes, and see to it."""
    case = case_of(request, reference)
    row = tasks.row(token_id)
    if row is None or row.instance_id != case.instance_id:
        messages.info(request, gettext("This task is no longer open."))
        return redirect("desk:case", reference=case.reference)
    offers = _forms(request, case, row)
    takes_back = handing_over.may_take_back(case, row, request.duties)
    if not offers and not takes_back:
        raise PermissionDenied
    refusal = None
    if request.method == "POST":
        form = offers.get(request.POST.get("act", ""))
        refusal = _act(request, case, token_id, form)
        if refusal is None and (form is None or form.is_valid()):
            messages.success(request, gettext("Done. The task is in other hands now."))
            return onward(request, case.reference)
    return _page(request, case, row, offers, refusal)


def _act(request: HttpRequest, case: Case, token_id: int, form: PassOnForm | None) -> Refused | None:
    """Call the verb that was asked for; the refusal, where it does not belong to a field."""
    task = _seen(request, token_id)
    try:
        if form is None:
            casework.take_back(case.reference, task, actor=request.user)
        elif form.is_valid():
            verb = casework.delegate if form.act == "mission" else casework.hand_over
            to, reason = form.cleaned_data["to"], form.cleaned_data["reason"]
            verb(case.reference, task, to, reason=reason, actor=request.user)
    except Refused as refusal:
        field = {"mission": "to", "text": "reason"}.get(refusal.field or "", refusal.field)
        if form is None or field not in form.fields:
            return refusal
        form.add_error(field, refusal.message)
    return None


def _seen(request: HttpRequest, token_id: int) -> int | handing_over.Seen:
    """The task as the page showed it; a page that does not say so is one of ours from before an update."""
    assignee, _dash, mission = request.POST.get("seen", "").partition("-")
    if not mission.isdecimal() or not (assignee or "0").isdecimal() or len(assignee + mission) > 18:
        return token_id
    return handing_over.Seen(token_id, int(assignee) if assignee else None, int(mission))


def _page(
    request: HttpRequest, case: Case, row: Token, offers: dict[str, PassOnForm], refusal: Refused | None
) -> HttpResponse:
    wrong = next((form for form in offers.values() if form.errors), None)
    context = {
        "case": case,
        "row": row,
        "task": gettext(store.graph(row.instance.definition).node(row.node).name),
        "forms": offers,
        "form": wrong,
        "takes_back": handing_over.may_take_back(case, row, request.duties),
        "there": title(row.mission),
        "refusal": refusal and refusal.message,
    }
    status = refusal.status if refusal else 422 if wrong else 200
    return render(request, "desk/pass_on.html", context, status=status)


def _forms(request: HttpRequest, case: Case, row: Token) -> dict[str, PassOnForm]:
    """What this officer may do with the task, by the name of the act; bound where it was chosen."""
    chosen = request.POST.get("act") if request.method == "POST" else None
    data = {act: request.POST if act == chosen else None for act in ("colleague", "mission")}
    found = {}
    assigns = handing_over.may_assign(row, request.duties)
    own = row.assignee_id == request.user.pk
    if assigns or handing_over.may_hand_over(row, request.user):
        found["colleague"] = PassOnForm(
            data["colleague"], act="colleague", choices=_colleagues(row), needs_reason=assigns and not own
        )
    if handing_over.may_delegate(case, request.duties):
        found["mission"] = PassOnForm(
            data["mission"], act="mission", choices=_missions(case, row), needs_reason=True
        )
    return found


def _colleagues(row: Token) -> list[tuple[int, str]]:
    """Who has the task's role at its mission and is there today, without who has the task already."""
    today = clock.today(row.mission.time_zone)
    posted = Posting.objects.valid_on(today).filter(mission=row.mission_id, role=Role(row.lane))
    people = User.objects.filter(is_active=True, pk__in=posted.values("user")).exclude(pk=row.assignee_id)
    present = people.exclude(pk__in=Absence.objects.valid_on(today).values("user"))
    return list(present.order_by("name", "pk").values_list("pk", "name")[:MOST_COLLEAGUES])


def _missions(case: Case, row: Token) -> list[tuple[int, str]]:
    """Where somebody has the task's role today, without the case's mission and where the task is already."""
    posted = Posting.objects.valid_on(clock.today()).filter(role=Role(row.lane), user__is_active=True)
    others = Mission.objects.filter(pk__in=posted.values("mission")).exclude(
        pk__in=[row.mission_id, case.mission_id]
    )
    return sorted(((mission.pk, title(mission)) for mission in others), key=lambda choice: choice[1])
