"""What an officer wants to see of the queues, read from an address: codes and numbers, nothing about an applicant."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.forms.utils import flatatt
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


@dataclass(frozen=True)
class Offered:
    """The options of a list: what can be chosen, and how they are written while none is.

    Those that are the same for everybody are written once a language: anew for each page they took half of its time.
    """

    values: frozenset[str]
    written: str

    def chosen(self, value: str) -> SafeString:
        """How they are written with one of them chosen."""
        if value not in self.values:
            return mark_safe(self.written)  # noqa: S308  # escaped parts
        option = format_html('<option value="{}"', value)
        return mark_safe(self.written.replace(f"{option}>", f"{option} selected>", 1))  # noqa: S308  # the same


class Choice(forms.Select):
    """A list of options that are written already."""

    offered: Offered

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        given = flatatt(
            {"name": name, "class": "kern-form-input__select", **self.build_attrs(self.attrs, attrs)}
        )
        wrapped = '<div class="kern-form-input__select-wrapper"><select{}>{}</select></div>'
        return format_html(wrapped, given, self.offered.chosen(str(value or "")))


class FilterForm(forms.Form):
    """What narrows the queue, as it is wanted now."""

    service = forms.Field(label=_("Service"), required=False, widget=Choice)
    task = forms.Field(label=_("Task"), required=False, widget=Choice)
    phase = forms.Field(label=_("Status"), required=False, widget=Choice)
    due = forms.Field(label=_("Due"), required=False, widget=Choice)
    nation = forms.Field(label=_("Nationality"), required=False, widget=Choice)
    flag = forms.Field(label=_("Flag"), required=False, widget=Choice)
    waits = forms.Field(label=_("Waiting for at least"), required=False, widget=Choice)
    person = forms.Field(label=_("With"), required=False, widget=Choice)
    sort = forms.Field(label=_("Order"), required=False, widget=Choice)

    def __init__(self, wanted: Wanted, offered: Mapping[str, Offered]) -> None:
        super().__init__(initial={**wanted.filters, "sort": wanted.sort.value})
        for name in set(self.fields) - _narrowing(wanted.tab):
            del self.fields[name]
        for name, field in self.fields.items():
            field.widget.offered = offered[name]


class Filters:
    """What is offered to one officer: made once for a page, however many views are read by it."""

    def __init__(self, frame: Frame, duties: Duties) -> None:
        colleagues = [(str(number), name) for number, name in frame.colleagues]
        people = _written([ALL, (NOBODY, gettext("Nobody")), *colleagues])
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

    def form(self, wanted: Wanted) -> FilterForm:
        """The form that says what is wanted."""
        return FilterForm(wanted, self._offered)


def _narrowing(tab: Tab) -> set[str]:
    """What a tab can be narrowed by, and its order where there is one to choose."""
    return set(FilterForm.base_fields) - {{Tab.MINE: "person", Tab.SHARED: "sort"}.get(tab, "")}


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
    offered = {name: _written([ALL, *options]) for name, options in choices.items()}
    return {**offered, "sort": _written(Sort.choices)}


def _written(options: Iterable[tuple[str, Any]]) -> Offered:
    """Options, some of them in groups."""
    flat = [one for key, label in options for one in (label if isinstance(label, list) else [(key, label)])]
    return Offered(
        frozenset(key for key, _label in flat),
        "".join(_option(key, label) for key, label in options),
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
