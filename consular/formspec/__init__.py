"""What a service asks: reads forms/, says which questions count and what is wrong with answers. No database.

folder = formspec.latest("schengen_visa")
formspec.problems(folder.form, answers)          what keeps the form from being sent
formspec.django_form(page, answers, data)        one page as a Django form; `.answers()` to be stored
formspec.shown(folder.form.pages, answers)       labels and answers as people read them
"""

from consular.formspec import changes, earlier, json_schema, reopening
from consular.formspec.folders import NoSuchService, folder, latest, offered, services, versions
from consular.formspec.inputs import OneOf
from consular.formspec.keeping import kept
from consular.formspec.lines import Finding, FolderProblem
from consular.formspec.model import (
    Consent,
    Declaration,
    Folder,
    Form,
    Option,
    Page,
    Problem,
    Question,
    ShownAnswer,
    ShownPage,
)
from consular.formspec.pages import PageForm, add_problems, django_form
from consular.formspec.problems import (
    counted,
    declarations,
    declarations_page,
    derived,
    page_answers,
    page_problems,
    problems,
    routing_values,
    starting_values,
)
from consular.formspec.sharing import (
    asked_consent,
    asked_together,
    consent_hash,
    consented,
    shared,
    taken_together,
)
from consular.formspec.showing import shown
from consular.formspec.sorting import routed as routed_sorts
from consular.formspec.walking import Walk, WalkedPage, following, walk
from consular.formspec.zone import filled

__all__ = [
    "Consent",
    "Declaration",
    "Finding",
    "Folder",
    "FolderProblem",
    "Form",
    "NoSuchService",
    "OneOf",
    "Option",
    "Page",
    "PageForm",
    "Problem",
    "Question",
    "ShownAnswer",
    "ShownPage",
    "Walk",
    "WalkedPage",
    "add_problems",
    "asked_consent",
    "asked_together",
    "changes",
    "consent_hash",
    "consented",
    "counted",
    "declarations",
    "declarations_page",
    "derived",
    "earlier",
    "filled",
    "following",
    "kept",
    "django_form",
    "folder",
    "json_schema",
    "latest",
    "offered",
    "page_answers",
    "page_problems",
    "problems",
    "reopening",
    "routed_sorts",
    "routing_values",
    "services",
    "shared",
    "shown",
    "starting_values",
    "taken_together",
    "versions",
    "walk",
]
