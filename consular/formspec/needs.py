"""What a service needs so that people can apply for it: questions, decisions, and a group of services it belongs to."""

from collections.abc import Iterator, Mapping

from consular.formspec.model import Form
from consular.missions.models import ServiceGroup
from consular.rules import dmn

_WHO = {"surname": "name", "given_names": "name", "nationality": "nationality"}
_HOME = {"residence_country": "country", "residence_area": "area"}
_THERE = {"present_country": "country", "present_area": "area"}
DECISIONS: Mapping[str, tuple[str, ...]] = {"fees": ("fee",), "documents": ("documents", "duration")}
"""By file stem: what the finder and the letters ask."""


def of_form(form: Form) -> Iterator[tuple[str, str]]:
    """What the form lacks: (the setting at which to say it, what is wrong)."""
    groups = [str(group.value) for group in ServiceGroup]
    if form.service_group not in groups:
        yield "service_group", f"service_group is one of {', '.join(groups)}"
    if form.is_for_applicants:
        kinds = {question.id: question.kind for question in form.questions}
        where = _THERE if form.service_group == ServiceGroup.CITIZEN_HELP else _HOME
        for name, kind in {**_WHO, **where}.items():
            if kinds.get(name) != kind:
                yield "pages", f'a question "{name}" of the kind {kind} is missing'


def of_tables(form: Form, tables: Mapping[str, dmn.Definitions]) -> Iterator[tuple[str, str]]:
    """What the tables lack: (file stem, what is wrong)."""
    for stem, names in DECISIONS.items() if form.is_for_applicants else ():
        if stem not in tables:
            yield stem, "the file is missing"
            continue
        for name in set(names) - set(tables[stem].decisions):
            yield stem, f'the decision "{name}" is missing'
