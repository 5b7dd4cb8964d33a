"""Several people, one journey: the group page, adding a person, letting one apply alone, sending all at once."""

from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from consular import casework, formspec
from consular.cases.models import Case, Journey, Mandate, Phase
from consular.casework import consents
from consular.casework.families import FOR_ALL, NotAllComplete
from consular.casework.submission import applicant_name
from consular.core import references, typed
from consular.core.errors import Refused
from consular.portal.access import applicant_required
from consular.portal.draft_progress import Step, progress

COMMON = gettext_lazy("One answer for all persons of your group.")


@dataclass(frozen=True)
class Person:
    """One person of a group: the case, and what is missing of it."""

    case: Case
    name: str
    url: str
    missing: tuple[Step, ...]
    needs_consent: bool

    @property
    def service(self) -> str:
        """What this person applies for."""
        return str(self.case.form.title)

    @property
    def mandate(self) -> Mandate | None:
        """Who acts for this person, if somebody does."""
        return getattr(self.case, "mandate", None)

    @property
    def is_draft(self) -> bool:
        """Whether it was not sent yet."""
        return self.case.phase == Phase.DRAFT

    @property
    def is_ready(self) -> bool:
        """Whether it can be sent."""
        return self.is_draft and not self.missing and not self.needs_consent


class AddPerson(forms.Form):
    """What the person who is added applies for: something that groups can apply for."""

    service = forms.ChoiceField(label=gettext_lazy("What does this person apply for?"))

    def __init__(self, service: str) -> None:
        super().__init__(initial={"service": service}, auto_id="add_%s")
        together = (folder for folder in formspec.offered() if formspec.shared(folder.form))
        self.fields["service"].choices = [(each.service, str(each.form.title)) for each in together]


@dataclass(frozen=True)
class Around:
    """Who else is part of a case: whether others can join, who acts for the applicant, who else has to agree."""

    adding: AddPerson | None
    mandate: Mandate | None
    consent: consents.Standing | None


def around(case: Case) -> Around:
    """The other people of a draft or case."""
    return Around(
        AddPerson(case.service) if formspec.shared(case.form) else None,
        getattr(case, "mandate", None),
        consents.standing(case, case.answers.data),
    )


@require_safe
@applicant_required
def group(request: HttpRequest, reference: str) -> HttpResponse:
    """Each person, what is missing, and what can be sent."""
    return _group(request, _journey(request, reference))


@require_POST
@applicant_required
def add(request: HttpRequest, reference: str) -> HttpResponse:
    """A draft for another person of the same journey."""
    case = own(request, reference)
    try:
        other = casework.add_person(
            case.pk, language=get_language(), actor=request.user, service=request.POST.get("service", "")
        )
    except Refused as refusal:
        context = {"refusal": refusal.message}
        return render(request, "portal/draft_refused.html", context, status=refusal.status)
    return redirect("portal:draft", other.reference)


@require_POST
@applicant_required
def alone(request: HttpRequest, reference: str) -> HttpResponse:
    """This person's draft leaves the group, with its answers."""
    case = own(request, reference)
    if case.phase == Phase.DRAFT:
        casework.apply_alone(case.pk, actor=request.user)
    return redirect("portal:draft", case.reference)


@require_http_methods(["GET", "HEAD", "POST"])
@applicant_required
def send(request: HttpRequest, reference: str) -> HttpResponse:
    """The declarations of all who are not sent yet, and sending them at once."""
    journey = _journey(request, reference)
    people = [person for person in _people(request, journey) if person.is_draft]
    if not people or not all(person.is_ready for person in people):
        return redirect("portal:group", journey.reference)
    page = _declarations(people)
    if request.method != "POST":
        waiting = typed.typed(request)
        form = formspec.django_form(page, {}, waiting)
        return _send(request, journey, form.without_judging() if waiting is not None else form)
    form = formspec.django_form(page, {}, request.POST)
    if not form.is_valid():
        return _send(request, journey, form, status=422)
    attested = {FOR_ALL.id, *(question.id for person in people for question in _declared(person))}
    try:
        casework.send_together(journey.reference, attested=attested, actor=request.user)
    except NotAllComplete as refusal:
        return _group(request, journey, status=refusal.status, refusal=refusal.message)
    except Refused as refusal:
        return _send(request, journey, form, status=refusal.status, refusal=refusal.message)
    return redirect("portal:group", journey.reference)


def own(request: HttpRequest, reference: str) -> Case:
    """A draft or case of the person who is signed in, with its answers; 404 for any other."""
    mine = Case.objects.visible_to(request.user).select_related("answers", "journey", "mission")
    case = mine.filter(reference=references.tidy(reference)).first()
    if case is None:
        raise Http404
    return case


def mark(case: Case, form: formspec.PageForm) -> None:
    """Say at each question of a page that its answer counts for all persons of the group."""
    if case.journey_id is not None:
        form.remark([question.id for question in form.page.questions if question.shared], str(COMMON))


def _journey(request: HttpRequest, reference: str) -> Journey:
    journey = Journey.objects.filter(owner=request.user, reference=references.tidy(reference)).first()
    if journey is None:
        raise Http404
    return journey


def _people(request: HttpRequest, journey: Journey) -> list[Person]:
    cases = Case.objects.visible_to(request.user).filter(journey=journey)
    return [
        _person(case, number)
        for number, case in enumerate(cases.select_related("answers", "mandate").order_by("pk"), start=1)
    ]


def _person(case: Case, number: int) -> Person:
    answers = case.answers.data
    name = applicant_name(answers) or _("Person %(number)s, no name yet") % {"number": number}
    if case.phase != Phase.DRAFT:
        return Person(case, name, reverse("portal:case", args=[case.reference]), (), False)
    steps = progress(case, formspec.walk(case.form, answers)).steps
    missing = tuple(step for step in steps if not step.done)
    needs_consent = consents.obstacle(case, answers) is not None
    return Person(case, name, reverse("portal:draft", args=[case.reference]), missing, needs_consent)


def _declared(person: Person) -> tuple[formspec.Question, ...]:
    return formspec.declarations_page(person.case.form, person.case.answers.data).questions


def _declarations(people: list[Person]) -> formspec.Page:
    """The declarations of all, each wording once, and that they are made for all."""
    asked = {str(question.label): question for person in people for question in _declared(person)}
    for_all = formspec.Question(FOR_ALL.id, "declaration", FOR_ALL.text, version=FOR_ALL.version)
    numbered = (replace(each, id=f"declaration_{number}") for number, each in enumerate(asked.values()))
    return formspec.Page("declarations", "", (*numbered, for_all))


def _group(request: HttpRequest, journey: Journey, *, status: int = 200, refusal: Any = None) -> HttpResponse:
    people = _people(request, journey)
    drafts = [person for person in people if person.is_draft]
    first = people[0].case if people else None
    context = {
        "journey": journey,
        "people": people,
        "drafts": drafts,
        "unready": [person for person in drafts if not person.is_ready],
        "first": first,
        "adding": AddPerson(first.service) if first else None,
        "refusal": refusal,
    }
    return render(request, "portal/group.html", context, status=status)


def _send(
    request: HttpRequest,
    journey: Journey,
    form: formspec.PageForm,
    *,
    status: int = 200,
    refusal: Any = None,
) -> HttpResponse:
    people = [person for person in _people(request, journey) if person.is_draft]
    context = {"journey": journey, "people": people, "form": form, "refusal": refusal}
    return render(request, "portal/group_send.html", context, status=status)
