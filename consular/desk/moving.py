"""Moving work: choose tasks, say to whom and why, look at what that does, and have the worker do it."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from consular import casework, formspec
from consular.accounts.models import Role, User
from consular.cases import load
from consular.cases.load import Counts
from consular.cases.queue import DOES_TASKS
from consular.cases.worklists import Act
from consular.casework.moving import MOST, Effect
from consular.core import clock
from consular.core.errors import Refused
from consular.desk import section, seen
from consular.desk.access import officer_required
from consular.desk.handing_over import CHOOSE
from consular.formspec.inputs import SeveralOf
from consular.missions.models import Mission, Posting
from consular.missions.titles import title
from consular.workflow import store
from consular.workflow.models import Token, TokenKind

NOBODY, LATE = "nobody", "late"


class Narrowed(forms.Form):
    """Which tasks are offered."""

    lane = forms.ChoiceField(label=_("Role"), required=False)
    service = forms.ChoiceField(label=_("Service"), required=False)
    person = forms.ChoiceField(label=_("With"), required=False)
    due = forms.ChoiceField(label=_("Due"), choices=[("", _("All")), (LATE, _("Overdue"))], required=False)

    def __init__(self, data: Any, people: list[tuple[str, str]]) -> None:
        super().__init__(data)
        roles = [(role.value, role.label) for role in Role if role in DOES_TASKS]
        services = [(folder.service, gettext(folder.form.title)) for folder in formspec.services()]
        self.fields["lane"].choices = [("", _("All")), *roles]
        self.fields["service"].choices = [("", _("All")), *services]
        self.fields["person"].choices = [("", _("All")), (NOBODY, _("Nobody")), *people]


class MoveForm(forms.Form):
    """Which of them, to whom, and why."""

    chosen = forms.TypedMultipleChoiceField(label=_("Tasks"), coerce=int, widget=SeveralOf)
    to = forms.ChoiceField(label=_("To"), help_text=_("A colleague, or another mission or a back office."))
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("It is kept with each case as an internal note."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data: Any, tasks: list[tuple[int, str]], to: list[Any]) -> None:
        super().__init__(data)
        self.fields["chosen"].choices = tasks
        self.fields["to"].choices = [CHOOSE, *to]

    @property
    def move(self) -> casework.Move:
        """What was chosen, as the verb wants it."""
        kind, _dash, number = self.cleaned_data["to"].partition("-")
        act = Act.DELEGATE if kind == "mission" else Act.ASSIGN
        return casework.Move(act, int(number), self.cleaned_data["reason"])


@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(Role.HEAD_OF_SECTION)
def move(request: HttpRequest) -> HttpResponse:
    """Choose tasks, look at what moving them does, and move them."""
    mission = section.section_of(request)
    colleagues = _colleagues(mission)
    people = [(str(pk), name) for pk, name in colleagues]
    narrowed = Narrowed(request.GET, people)
    tasks = _tasks(mission, narrowed.cleaned_data) if narrowed.is_valid() else []
    to = [
        (_("Colleagues"), [(f"person-{pk}", name) for pk, name in colleagues]),
        (_("Missions"), _missions(mission)),
    ]
    form = MoveForm(request.POST if request.method == "POST" else None, _named(tasks), to)
    effects, refusal = None, None
    if request.method == "POST" and form.is_valid():
        try:
            if "move" in request.POST:
                return _begun(request, form)
            effects = casework.preview_move(form.cleaned_data["chosen"], form.move, actor=request.user)
        except Refused as refused:
            refusal = refused
    context = {
        "narrowed": narrowed,
        "form": form,
        "has_tasks": bool(tasks),
        "seen": seen.written(tasks),
        "is_full": len(tasks) == MOST,
        "effects": effects,
        "is_going": any(not effect.refusal for effect in effects or ()),
        "loads": _loads(mission, form.move, effects) if effects is not None else [],
        "refusal": refusal and refusal.message,
    }
    status = refusal.status if refusal else 422 if form.errors or narrowed.errors else 200
    return section.shown(request, mission, "desk/moving.html", context, status)


def _begun(request: HttpRequest, form: MoveForm) -> HttpResponse:
    move = form.move
    facts = {
        "mission" if move.act == Act.DELEGATE else "to": move.to,
        "reason": move.reason,
        "seen": seen.read(request.POST.get("seen", "")),
    }
    language = get_language() or "en"
    batch = casework.begin_batch(
        move.act, form.cleaned_data["chosen"], facts, language=language, actor=request.user
    )
    return redirect("desk:batch", batch_id=batch.pk)


def _tasks(mission: Mission, wanted: dict[str, str]) -> list[Token]:
    """The first open tasks in the queues of the mission that fit, what is due first."""
    found: QuerySet[Token] = Token.objects.filter(kind=TokenKind.TASK, mission=mission)
    roles = [wanted["lane"]] if wanted.get("lane") else sorted(role.value for role in DOES_TASKS)
    found = found.filter(lane__in=roles)
    if wanted.get("service"):
        found = found.filter(instance__definition__service=wanted["service"])
    if wanted.get("person"):
        found = found.filter(assignee=None if wanted["person"] == NOBODY else int(wanted["person"]))
    if wanted.get("due") == LATE:
        found = found.filter(due_at__lt=clock.now()).exclude(data__has_key="held")
    found = found.select_related("instance__case", "instance__definition", "assignee", "mission")
    return list(found.defer("instance__definition__xml").order_by("due_at", "id")[:MOST])


def _named(tasks: list[Token]) -> list[tuple[int, str]]:
    """Each task on one line: case, task, service, with whom."""
    return [
        (
            task.pk,
            gettext("%(case)s: %(task)s, %(service)s, with %(name)s")
            % {
                "case": task.instance.case.reference,
                "task": gettext(store.graph(task.instance.definition).node(task.node).name),
                "service": section.service_name(task.instance.case.service),
                "name": task.assignee.name if task.assignee else gettext("nobody"),
            },
        )
        for task in tasks
    ]


def _colleagues(mission: Mission) -> list[tuple[int, str]]:
    posted = Posting.objects.valid_on(clock.today(mission.time_zone)).filter(
        mission=mission, role__in=DOES_TASKS
    )
    people = User.objects.filter(is_active=True, pk__in=posted.values("user"))
    return list(people.order_by("name", "pk").values_list("pk", "name")[:300])


def _missions(mission: Mission) -> list[tuple[str, str]]:
    posted = Posting.objects.valid_on(clock.today()).filter(role__in=DOES_TASKS, user__is_active=True)
    others = Mission.objects.filter(pk__in=posted.values("mission")).exclude(pk=mission.pk)
    return sorted(((f"mission-{one.pk}", title(one)) for one in others), key=lambda choice: choice[1])


def _loads(mission: Mission, move: casework.Move, effects: list[Effect]) -> list[tuple[str, int, int]]:
    """The open tasks of everybody concerned, before and after."""
    going = [effect for effect in effects if not effect.refusal]
    until = section.horizon(mission)
    if move.act == Act.DELEGATE:
        counted = load.of_missions([mission.pk, move.to], until)
        before = {pk: counted.get(pk, Counts()).open for pk in (mission.pk, move.to)}
        names = {one.pk: title(one) for one in Mission.objects.filter(pk__in=before)}
        after = {mission.pk: before[mission.pk] - len(going), move.to: before[move.to] + len(going)}
        return [(names[pk], before[pk], after[pk]) for pk in before]
    people = load.by(load.heaps(mission.pk, until), lambda heap: heap.assignee_id)
    concerned = {move.to: 0} | {effect.assignee_id: 0 for effect in going}
    for effect in going:
        concerned[effect.assignee_id] -= 1
        concerned[move.to] += 1
    names_of = dict(User.objects.filter(pk__in=[pk for pk in concerned if pk]).values_list("pk", "name"))
    rows = [
        (names_of.get(pk or 0, gettext("Nobody")), people.get(pk, Counts()).open, change)
        for pk, change in concerned.items()
    ]
    return [(name, before, before + change) for name, before, change in rows]
