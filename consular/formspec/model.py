"""A form as frozen values: pages, questions, rules, declarations. No database, no request."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from django.utils.functional import Promise

from consular.formspec.decided import Decided
from consular.rules import dmn, feel

Text = str | Promise
"""A sentence to be shown, translated when it is rendered."""

Answer = Any
"""A JSON value: str, bool, list or dict. None means: not answered."""

Answers = Mapping[str, Answer]
"""Question id -> answer."""


NOT_APPLICABLE: Mapping[str, Answer] = MappingProxyType({"not_applicable": True})
"""The answer of somebody whom a question does not concern, where the form allows it; conditions see null."""


@dataclass(frozen=True)
class Option:
    """One thing to choose; `value` is stored, `label` shown."""

    value: str
    label: Text


@dataclass(frozen=True)
class Derived:
    """A value computed from answers. With a `label` it is shown where the answers are; `kind` says how."""

    id: str
    value: feel.Expression | Decided
    kind: str = "text"
    label: Text = ""
    routes: bool = False
    options: tuple[Option, ...] = ()


@dataclass(frozen=True)
class Rule:
    """What answers together must fulfil; broken when `must` is false; a missing answer breaks none."""

    question: str
    must: feel.Expression
    message: Text


@dataclass(frozen=True)
class Question:
    """One question. `number` is the field number of the official form.

    It is asked when `show_when` is true (or there is none). It must be answered when `required_when` is true
    or, if there is none, when `required`. `country` names the question whose country limits an area, or is that of a
    telephone number or an address. A group has `questions`, also groups, and takes up to `repeat` entries.
    `routes`: the process sees the answer. `not_applicable`: one can say that the question does not concern one.
    `latin_of` names the question for the same name in its own script. `derives` are known once this is answered.
    `version` counts the wordings of a declaration. `shared`: those who travel together answer it once.
    `for_consent`: who has to agree for a child sees the answer.
    """

    id: str
    kind: str
    label: Text
    hint: Text = ""
    number: str = ""
    required: bool = True
    show_when: feel.Expression | None = None
    required_when: feel.Expression | None = None
    options: tuple[Option, ...] = ()
    max_length: int = 0
    autocomplete: str = ""
    partial: bool = False
    historic: bool = False
    country: str = ""
    currency: str = ""
    repeat: int = 1
    routes: bool = False
    not_applicable: bool = False
    latin_of: str = ""
    version: int = 1
    shared: bool = False
    for_consent: bool = False
    questions: tuple["Question", ...] = ()
    rules: tuple[Rule, ...] = ()
    derives: tuple[Derived, ...] = ()


@dataclass(frozen=True)
class Page:
    """Questions asked together. `before` are those of the earlier pages: conditions may refer to them.

    `lasting`: what is asked here usually stays the same from one application to the next.
    """

    id: str
    title: Text
    questions: tuple[Question, ...]
    rules: tuple[Rule, ...] = ()
    intro: Text = ""
    lasting: bool = False
    before: tuple[Question, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class Declaration:
    """A text the applicant attests when sending; `version` says which wording."""

    id: str
    version: int
    text: Text
    show_when: feel.Expression | None = None


@dataclass(frozen=True)
class Consent:
    """When another person has to agree to the application, and to which text.

    `required`: it is not sent before, unless the consent is given in person.
    """

    needed: feel.Expression
    version: int
    text: Text
    required: bool = False


APPLICANT, MISSION = "applicant", "mission"
"""Who may begin a case of a service."""


@dataclass(frozen=True)
class Form:
    """Everything a service asks: of the applicant on `pages`, of officers in `tasks`.

    `opened_by`: who begins a case. Where it is the mission, nobody can apply, and an officer fills the pages.
    """

    title: Text
    service_group: str
    pages: tuple[Page, ...]
    tasks: Mapping[str, Page]
    declarations: tuple[Declaration, ...]
    intro: Text = ""
    consent: Consent | None = None
    opened_by: str = APPLICANT

    @property
    def is_for_applicants(self) -> bool:
        """Whether people apply for it."""
        return self.opened_by == APPLICANT

    @property
    def questions(self) -> tuple[Question, ...]:
        """The questions of all pages, in order."""
        return tuple(question for page in self.pages for question in page.questions)

    def page(self, page_id: str) -> Page | None:
        """The page with this id, or None."""
        return next((page for page in self.pages if page.id == page_id), None)


@dataclass(frozen=True)
class Folder:
    """One version of a service: its form, its process and its decision tables by file stem.

    `files` are the decision tables as they lie in the folder, by file name: a process is published with them.
    """

    service: str
    version: int
    form: Form
    process: bytes
    tables: Mapping[str, dmn.Definitions]
    files: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class Problem:
    """What is missing or wrong with one question, in the active language. In groups: `group-0-id`.

    `label` is the question as people know it; in groups it names the entry.
    """

    page: str
    question: str
    message: str
    label: str = ""


@dataclass(frozen=True)
class ShownAnswer:
    """One question with its answer as a person reads it; `answered` is false when there is none."""

    id: str
    number: str
    label: str
    value: str
    answered: bool
    kind: str


@dataclass(frozen=True)
class ShownPage:
    """One page with the questions that count, for the review page, the sealed copy and the desk."""

    id: str
    title: str
    answers: tuple[ShownAnswer, ...]
