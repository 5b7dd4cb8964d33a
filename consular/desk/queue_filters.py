"""What an officer wants to see of the queues, read from an address: codes and numbers, nothing about an applicant."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext
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


class Choice(forms.Select):
    """A list of options, some in groups, written here: the template of each would cost more than the whole page."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        given = flatatt(
            {"name": name, "class": "kern-form-input__select", **self.build_attrs(self.attrs, attrs)}
        )
        chosen = str(value or "")
        options = format_html_join("", "{}", ((_options(key, label, chosen),) for key, label in self.choices))
        wrapped = '<div class="kern-form-input__select-wrapper"><select{}>{}</select></div>'
        return format_html(wrapped, given, options)


def _options(value: Any, label: Any, chosen: str) -> SafeString:
    """One option, or a group of them."""
    if isinstance(label, list):
        inside = format_html_join("", "{}", ((_options(key, inner, chosen),) for key, inner in label))
        return format_html('<optgroup label="{}">{}</optgroup>', value, inside)
    selected = mark_safe(" selected") if str(value) == chosen else ""
    return format_html('<option value="{}"{}>{}</option>', value, selected, label)


class FilterForm(forms.Form):
    """What narrows the queue; what somebody made up in an address counts as not given."""

    service = forms.ChoiceField(label=_("Service"), required=False)
    task = forms.ChoiceField(label=_("Task"), required=False)
    phase = forms.ChoiceField(label=_("Status"), required=False)
    due = forms.ChoiceField(label=_("Due"), required=False, choices=[ALL, *Due.choices])
    nation = forms.ChoiceField(label=_("Nationality"), required=False, choices=[ALL, *Nation.choices])
    flag = forms.ChoiceField(label=_("Flag"), required=False)
    waits = forms.ChoiceField(label=_("Waiting for at least"), required=False)
    person = forms.ChoiceField(label=_("With"), required=False)
    sort = forms.ChoiceField(label=_("Order"), required=False, choices=Sort.choices)

    def __init__(self, data: Mapping[str, str], frame: Frame, tab: Tab) -> None:
        super().__init__(data)
        open_phases = [one for one in Phase.choices if one[0] not in {Phase.DRAFT, Phase.CLOSED}]
        flags = [(kind.id, kind.label) for kind in flag_kinds().values()]
        days = [
            (one.value, ngettext("%(days)s day", "%(days)s days", int(one)) % {"days": one.value})
            for one in Waits
        ]
        colleagues = [(str(number), name) for number, name in frame.colleagues]
        choices: dict[str, list[Any]] = {
            "service": list(_services()),
            "task": list(_tasks()),
            "phase": open_phases,
            "flag": [(ANY_FLAG, gettext("Any flag")), *flags],
            "waits": days,
            "person": [(NOBODY, gettext("Nobody")), *colleagues],
        }
        for name, offered in choices.items():
            self.fields[name].choices = [ALL, *offered]
        for field in self.fields.values():
            field.widget = Choice(choices=field.choices)
        if tab == Tab.MINE:
            del self.fields["person"]
        if tab == Tab.SHARED:
            del self.fields["sort"]


def read(data: Mapping[str, str], frame: Frame, duties: Duties) -> tuple[Wanted, FilterForm]:
    """What is wanted, and the form that says so."""
    tab = Tab(data["show"]) if data.get("show") in Tab.values else first_tab(duties)
    form = FilterForm(data, frame, tab)
    form.is_valid()
    given = {name: value for name, value in form.cleaned_data.items() if value}
    sort = Sort(given.pop("sort", Sort.DUE))
    return Wanted(tab=tab, sort=sort, **given), form


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


def _services() -> Iterator[tuple[str, str]]:
    for folder in formspec.services():
        yield folder.service, gettext(folder.form.title)


def _tasks() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    for folder in formspec.services():
        named = [(node, gettext(name)) for node, name in _nodes(folder.service, folder.version)]
        yield gettext(folder.form.title), named


@cache
def _nodes(service: str, version: int) -> tuple[tuple[str, str], ...]:
    """The tasks of a service: id and name of each node."""
    nodes = compile.compile(formspec.folder(service, version).process).nodes.values()
    return tuple((node.id, node.name) for node in nodes if node.kind is Kind.USER)
