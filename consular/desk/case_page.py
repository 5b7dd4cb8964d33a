"""What the page of one case shows an officer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import QueryDict
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from consular import formspec
from consular.accounts.models import Role, User
from consular.cases import history, outcomes
from consular.cases.inquiries import Inquiry
from consular.cases.models import Case, Message
from consular.casework import cascade, contents, elsewhere, handing_over, letters, proposed
from consular.casework.contents import Contents
from consular.casework.correspondence import may_write
from consular.core.wording import listed
from consular.decisions import approval, grounds
from consular.decisions.models import Decision, Letter
from consular.desk import asked, beside, case_links, in_both, partners, people
from consular.formspec import places
from consular.missions.postings import Duties
from consular.missions.titles import title
from consular.routing import Because
from consular.workflow import store
from consular.workflow.graph import Allocation, Node
from consular.workflow.models import Completion, Definition, Token, TokenKind


@dataclass(frozen=True)
class Fact:
    """One line of a list of facts."""

    label: str
    value: str


@dataclass(frozen=True)
class OpenTask:
    """One open task of the case, with its form where the officer may do it."""

    token: Token
    name: str
    step: str
    is_mine_to_do: bool
    is_claimed_by_me: bool
    is_handed_out: bool
    may_pass_on: bool
    lent_to: str
    form: Any

    @property
    def can_ask(self) -> bool:
        """Whether the officer may name here what the applicant shall correct."""
        return self.form is not None and asked.can_ask(self.form.page)


@dataclass(frozen=True)
class DoneTask:
    """One completed task: who did it when, and what was entered."""

    who: str
    at: datetime
    title: str
    answers: list[formspec.ShownAnswer]


def context(
    case: Case,
    officer: User,
    held: Duties,
    *,
    forms: Mapping[int, Any] | None = None,
    waiting: QueryDict | None = None,
) -> dict[str, Any]:
    """The named values of the page for an officer with these duties.

    `forms` are bound task forms by token, to be shown again; `waiting` is what was typed before the page was left for
    a moment, to be shown again without a word about it.
    """
    folder = case.folder
    tasks = _open_tasks(case, officer, held, forms or {}, waiting)
    writes = may_write(case, officer, held)
    pages = in_both.answered(folder, case)
    there = contents.of(case)
    around = beside.context(case, officer, held, folder, pages)
    around |= asked.context(folder, case.answers.data, _inquiries(case) if there.inquiries else [])
    return {
        "case": case,
        "return_url": reverse("desk:case", args=[case.reference]),
        "form_id": _main_form(tasks, writes),
        "text": waiting.get("text", "") if waiting else around["beside"].draft,
        "service": _(folder.form.title),
        "facts": _facts(case),
        "elsewhere": elsewhere.of(case),
        "pages": pages,
        "tasks": tasks,
        "may_write": writes,
        "links": case_links.of(case, officer, held, there, writes=writes),
        "may_change_letters": letters.may_propose(case, held),
        "earlier_visas": _earlier_visas(case, tasks),
        "timeline": history.for_officers(case),
        "people": people.of(case, officer, held, case.mandate if there.mandate else None),
        **_to_approve(case, tasks),
        **_on_file(case, held, there, around["beside"].mentioned),
        **around,
    }


def _on_file(
    case: Case, held: Duties, there: Contents, mentioned: Mapping[int, tuple[str, ...]]
) -> dict[str, Any]:
    """What has gathered in the file; what it has none of is not looked up."""
    return {
        "done": _done(case) if there.entries else [],
        "consultations": partners.listed(case, held) if there.consultations else [],
        "messages_of_case": _messages(case, mentioned) if there.messages else [],
        "letters": Letter.objects.filter(case=case).listed() if there.letters else [],
    }


def _earlier_visas(case: Case, tasks: list[OpenTask]) -> Any:
    """What earlier visas lead to, where somebody has a task to propose a decision."""
    return cascade.proposed(case) if any(task.step == "propose" and task.form for task in tasks) else None


def _to_approve(case: Case, tasks: list[OpenTask]) -> dict[str, Any]:
    """The proposal, where somebody has a task to judge it."""
    proposal = approval.open_proposal(case) if any(task.step == "approve" for task in tasks) else None
    approves = any(task.step == "approve" and task.form for task in tasks)
    return {
        "proposal": proposal,
        "proposal_rows": _proposed(proposal) if proposal else [],
        "letter_seen": proposed.mark(case, proposal) if proposal and approves else "",
    }


def task_form(case: Case, token: Token, data: QueryDict | None = None) -> Any:
    """The form of a task, bound when there is data."""
    page = case.form.tasks[_node(token).form]
    return formspec.django_form(page, {}, data, prefix=f"t{token.pk}")


def unsaved(case: Case, token_id: int, data: QueryDict) -> list[formspec.ShownAnswer]:
    """What was typed into a task that is not this officer's any more: to be read again, not to be sent again."""
    ours = {"pk": token_id, "instance": case.instance_id}
    row = Token.objects.filter(**ours).first() or Completion.objects.filter(**ours).first()
    if row is None:
        return []
    definition = Definition.objects.defer("xml").get(instances=case.instance_id)
    page = case.form.tasks[store.graph(definition).node(row.node).form]
    typed = formspec.django_form(page, {}, data, prefix=f"t{token_id}").answers()
    return [answer for shown in formspec.shown([page], typed) for answer in shown.answers if answer.answered]


def step_of(token: Token) -> str:
    """What our service does when the task is completed, besides moving the process on."""
    return _node(token).step


def _main_form(tasks: list[OpenTask], may_write: bool) -> str:
    """The id of the form whose text survives a switch of the language: the first task's, else the message's."""
    for task in tasks:
        if task.form is not None:
            return f"task-form-{task.token.pk}"
    return "message-form" if may_write else ""


def _open_tasks(
    case: Case, officer: User, held: Duties, forms: Mapping[int, Any], waiting: QueryDict | None
) -> list[OpenTask]:
    instance, tasks = case.instance, list[OpenTask]()
    if instance is None:
        return tasks
    tokens = Token.objects.filter(instance=instance, kind=TokenKind.TASK)
    for token in tokens.select_related("assignee").order_by("id"):
        token.instance = instance
        is_mine = held.has(Role(token.lane), token.mission_id)
        is_claimed, is_handed_out = token.assignee_id == officer.pk, token.allocation != Allocation.FREE
        is_free = is_claimed or (token.assignee_id is None and not is_handed_out)
        form = forms.get(token.pk) or (_form(case, token, waiting) if is_mine and is_free else None)
        tasks.append(
            OpenTask(
                token,
                _(_node(token).name),
                _node(token).step,
                is_mine,
                is_claimed,
                is_handed_out,
                handing_over.may_pass_on(case, token, officer, held),
                title(token.mission) if token.mission_id != case.mission_id else "",
                form,
            )
        )
    return tasks


def _form(case: Case, token: Token, waiting: QueryDict | None) -> Any:
    """The form of a task, empty or with what was typed into it."""
    if waiting is None or not any(name.startswith(f"t{token.pk}-") for name in waiting):
        return task_form(case, token)
    return task_form(case, token, waiting).without_judging()


def _messages(case: Case, mentioned: Mapping[int, tuple[str, ...]]) -> list[Message]:
    """The messages and notes, the oldest first, each with whom it mentions."""
    found = list(case.messages.select_related("author").order_by("sent_at"))
    for message in found:
        message.mentioned = mentioned.get(message.pk, ())
    return found


def _inquiries(case: Case) -> list[Inquiry]:
    """What the applicant was asked, or is going to be, the latest first."""
    return list(case.inquiries.select_related("by", "version").order_by("-id"))


def _done(case: Case) -> list[DoneTask]:
    """What officers entered at the tasks they completed, the latest first."""
    tasks = case.form.tasks
    return [
        DoneTask(entry.by, entry.at, *_entered(tasks[entry.form], entry.entries))
        for entry in contents.entries(case)
    ]


def _entered(form: formspec.Page, entries: Mapping[str, Any]) -> tuple[str, list[formspec.ShownAnswer]]:
    """The title of the task and what was answered in its form."""
    (page,) = formspec.shown([form], entries)
    return page.title, [answer for answer in page.answers if answer.answered]


def _facts(case: Case) -> list[Fact]:
    """What every officer wants to know first."""
    received = localtime(case.submitted_at, ZoneInfo(case.mission.time_zone))
    ended = outcomes.of(case)
    return [
        *([Fact(_("Outcome"), str(ended.title))] if ended else []),
        Fact(_("Received"), date_format(received, "SHORT_DATETIME_FORMAT")),
        Fact(_("Mission"), title(case.mission)),
        Fact(_("Why here"), Because.from_json(case.because).sentence),
        Fact(_("Language of the applicant"), _(dict(settings.LANGUAGES)[case.language])),
    ]


def _proposed(proposal: Decision) -> list[Fact]:
    """What the second officer is asked to approve."""
    facts = [
        Fact(_("Proposed decision"), proposal.get_outcome_display()),
        Fact(_("Proposed by"), proposal.proposed_by.name),
        *_grounds(proposal),
        Fact(_("Doubted statements"), proposal.statement),
        Fact(_("State that issued the alert"), places.label(proposal.alerting_state)),
        Fact(_("Remarks"), proposal.remarks),
        Fact(_("Type of visa"), proposal.get_visa_type_display()),
        Fact(_("Valid for"), listed(sorted(map(places.label, proposal.territory)))),
        Fact(_("Why not for all states"), proposal.get_ltv_reason_display()),
        Fact(_("Valid from"), date_format(proposal.valid_from) if proposal.valid_from else ""),
        Fact(_("Valid until"), date_format(proposal.valid_until) if proposal.valid_until else ""),
        Fact(_("Entries"), proposal.get_entries_display()),
        Fact(_("Days of stay"), str(proposal.days or "")),
        Fact(_("Facts"), proposal.facts),
        Fact(_("Reasons"), proposal.reasons),
        Fact(_("Conditions"), proposal.conditions),
        Fact(_("Number of the visa"), proposal.visa_number),
        Fact(_("Issued on"), date_format(proposal.visa_issued_on) if proposal.visa_issued_on else ""),
        Fact(_("Letter of grant that ends"), proposal.ends.number if proposal.ends else ""),
    ]
    return [fact for fact in facts if fact.value]


def _grounds(proposal: Decision) -> list[Fact]:
    """The grounds: the numbers of Annex VI, or our own lists in words."""
    if proposal.content in grounds.LISTS:
        printed = grounds.printed(proposal.content, proposal.grounds)
        return [Fact(_("Ground"), f"{ground.label} ({ground.value})") for ground in printed]
    return [Fact(_("Grounds (Annex VI)"), listed(proposal.grounds))]


def _node(token: Token) -> Node:
    """The task in the process as it was published when the case began."""
    return store.graph(token.instance.definition).node(token.node)
