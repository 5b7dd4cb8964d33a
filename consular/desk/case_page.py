"""What the page of one case shows an officer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from consular import formspec
from consular.accounts.models import Role, User
from consular.cases import history
from consular.cases.models import Case
from consular.decisions.models import Decision, Letter
from consular.missions.postings import duties
from consular.routing import Because
from consular.workflow import store
from consular.workflow.graph import Node
from consular.workflow.models import Token, TokenKind


@dataclass(frozen=True)
class OpenTask:
    """One open task of the case, with its form where the officer may do it."""

    token: Token
    name: str
    is_mine_to_do: bool
    is_claimed_by_me: bool
    form: Any


def context(case: Case, officer: User, forms: Mapping[int, Any] | None = None) -> dict[str, Any]:
    """The named values of the page; `forms` are bound task forms by token, to be shown again."""
    folder = formspec.folder(case.service, case.version)
    return {
        "case": case,
        "service": _(folder.form.title),
        "because": Because.from_json(case.because).sentence,
        "pages": formspec.shown(folder.form.pages, case.answers.data),
        "tasks": _open_tasks(case, officer, forms or {}),
        "messages_of_case": case.messages.select_related("author").order_by("sent_at"),
        "letters": Letter.objects.filter(case=case).listed(),
        "proposal": Decision.objects.filter(case=case).order_by("-id").first(),
        "timeline": history.for_officers(case),
    }


def task_form(case: Case, token: Token, data: QueryDict | None = None) -> Any:
    """The form of a task, bound when there is data."""
    page = formspec.folder(case.service, case.version).form.tasks[_node(token).form]
    return formspec.django_form(page, {}, data, prefix=f"t{token.pk}")


def _open_tasks(case: Case, officer: User, forms: Mapping[int, Any]) -> list[OpenTask]:
    held = duties(officer)
    tokens = Token.objects.filter(instance=case.instance_id, kind=TokenKind.TASK)
    tokens = tokens.select_related("assignee", "instance__definition").defer("instance__definition__xml")
    tasks = []
    for token in tokens.order_by("id"):
        is_mine = held.has(Role(token.lane), token.mission_id)
        is_free = token.assignee_id in {None, officer.pk}
        form = forms.get(token.pk) or (task_form(case, token) if is_mine and is_free else None)
        tasks.append(OpenTask(token, _(_node(token).name), is_mine, token.assignee_id == officer.pk, form))
    return tasks


def _node(token: Token) -> Node:
    """The task in the process as it was published when the case began."""
    return store.graph(token.instance.definition).node(token.node)
