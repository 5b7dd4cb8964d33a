"""What an officer wants to see of the queues, read from an address: codes and numbers, nothing about an applicant."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any
from urllib.parse import urlencode

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from consular import formspec
from consular.accounts.models import Role
from consular.cases.models import Phase
from consular.cases.narrowing import ANY_FLAG, NOBODY, Due, Nation, Sort, Tab, Waits, Wanted
from consular.cases.queue_frame import Frame
from consular.cases.teamwork import flag_kinds
from consular.missions.postings import Duties
from consular.workflow import compile
from consular.workflow.graph import Kind

ALL = ("", _("All"))


LABELS = {
    "service": _("Service"),
    "task": _("Task"),
    "phase": _("Status"),
    "due": _("Due"),
    "nation": _("Nationality"),
    "flag": _("Flag"),
    "waits": _("Waiting for at least"),
    "person": _("With"),
    "sort": _("Order"),
}
"""What the queue is narrowed and sorted by, and what that is called."""
_FIELD = """
<div class="field kern-form-input">
  <label class="kern-label" for="id_{name}">{label} <span class="kern-label__optional">{optional}</span></label>
  <div class="kern-form-input__select-wrapper"><select class="kern-form-input__select" id="id_{name}" name="{name}">\
{options}</select></div>
</div>"""


@dataclass(frozen=True)
class Offered:
    """One list: what can be chosen, and how the field is written while nothing is.

    Those that are the same for everybody are written once a language: anew for each page they took half of its time.
    """

    values: frozenset[str]
    written: str

    def chosen(self, value: str) -> SafeString:
        """The field with one of its options chosen."""
        if value not in self.values:
            return mark_safe(self.written)  # noqa: S308  # escaped parts
        option = format_html('<option value="{}"', value)
        return mark_safe(self.written.replace(f"{option}>", f"{option} selected>", 1))  # noqa: S308  # the same


class Filters:
    """What is offered to one officer: made once for a page, however many views are read by it."""

    def __init__(self, frame: Frame, duties: Duties) -> None:
        people = _people(get_language(), frame.colleagues)
        versions = tuple((folder.service, folder.version) for folder in formspec.services())
        self._offered = {**_for_everybody(get_language(), versions), "person": people}
        self._first = first_tab(duties)

    def read(self, data: Mapping[str, str]) -> Wanted:
        """What is wanted; what somebody made up in an address counts as not given."""
        tab = Tab(data["show"]) if data.get("show") in Tab.values else self._first
        asked = {name: str(data.get(name, "")) for name in _narrowing(tab)}
        given = {
            name: value for name, value in asked.items() if value and value in self._offered[name].values
        }
        sort = Sort(given.pop("sort", Sort.DUE))
        return Wanted(tab=tab, sort=sort, **given)

    def fields(self, wanted: Wanted) -> SafeString:
        """The fields that say what is wanted."""
        shown, chosen = _narrowing(wanted.tab), {**wanted.filters, "sort": wanted.sort.value}
        written = (self._offered[name].chosen(chosen.get(name, "")) for name in LABELS if name in shown)
        return format_html_join("", "{}", ((field,) for field in written))


def _narrowing(tab: Tab) -> set[str]:
    """What a tab can be narrowed by, and its order where there is one to choose."""
    return set(LABELS) - {{Tab.MINE: "person", Tab.SHARED: "sort"}.get(tab, "")}


@cache
def _for_everybody(_language: str, _versions: tuple[tuple[str, int], ...]) -> Mapping[str, Offered]:
    """The options that do not depend on the officer, in the active language, of the services as they are."""
    open_phases = [one for one in Phase.choices if one[0] not in {Phase.DRAFT, Phase.CLOSED}]
    flags = [(kind.id, kind.label) for kind in flag_kinds().values()]
    days = [
        (one.value, ngettext("%(days)s day", "%(days)s days", int(one)) % {"days": one.value})
        for one in Waits
    ]
    choices: dict[str, list[Any]] = {
        "service": [(folder.service, gettext(folder.form.title)) for folder in formspec.services()],
        "task": list(_tasks()),
        "phase": open_phases,
        "due": Due.choices,
        "nation": Nation.choices,
        "flag": [(ANY_FLAG, gettext("Any flag")), *flags],
        "waits": days,
    }
    offered = {name: _written(name, [ALL, *options]) for name, options in choices.items()}
    return {**offered, "sort": _written("sort", Sort.choices)}


@lru_cache(maxsize=100)
def _people(_language: str, colleagues: tuple[tuple[int, str], ...]) -> Offered:
    """The field that names the officers of a section, in the active language."""
    named = [(str(number), name) for number, name in colleagues]
    return _written("person", [ALL, (NOBODY, gettext("Nobody")), *named])


def _written(name: str, options: Sequence[tuple[str, Any]]) -> Offered:
    """A field with its options, some of them in groups."""
    flat = [one for key, label in options for one in (label if isinstance(label, list) else [(key, label)])]
    return Offered(
        frozenset(key for key, _label in flat),
        format_html(
            _FIELD,
            name=name,
            label=LABELS[name],
            optional=gettext("(optional)"),
            options=format_html_join("", "{}", ((_option(*each),) for each in options)),
        ),
    )


def _option(key: str, label: Any) -> SafeString:
    """One option, or a group of them."""
    if isinstance(label, list):
        inside = format_html_join("", "{}", ((_option(*each),) for each in label))
        return format_html('<optgroup label="{}">{}</optgroup>', key, inside)
    return format_html('<option value="{}">{}</option>', key, label)


def first_tab(duties: Duties) -> Tab:
    """What somebody with these duties sees first: heads of section and auditors the whole mission."""
    whole = duties.roles & {Role.HEAD_OF_SECTION, Role.AUDITOR}
    return Tab.MISSION if whole else Tab.TEAM


def parameters(wanted: Wanted) -> dict[str, str]:
    """The same as parameters of an address."""
    sort = {} if wanted.sort == Sort.DUE else {"sort": wanted.sort.value}
    return {"show": wanted.tab.value} | wanted.filters | sort


def address(wanted: Wanted, **more: str) -> str:
    """The address of a page of the queue."""
    return "?" + urlencode({**parameters(wanted), **more})


def _tasks() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """The tasks of each service: id and name."""
    for folder in formspec.services():
        nodes = compile.compile(folder.process).nodes.values()
        yield (
            gettext(folder.form.title),
            [(node.id, gettext(node.name)) for node in nodes if node.kind is Kind.USER],
        )
