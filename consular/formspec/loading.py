"""form.toml -> Form. Every mistake is found, with its line, before anybody sees the form."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from consular.formspec import conditions
from consular.formspec.lines import Finding, FolderProblem
from consular.formspec.model import APPLICANT, MISSION, Consent, Declaration, Form, Page, Question
from consular.formspec.questions import Asking, Use
from consular.formspec.tables import File, Table
from consular.rules import dmn

TAKEN_PAGES = frozenset({"review", "send", "carry", "take-over", "mandate"})
"""Addresses of an application that are no page of questions."""

MOST_INPUTS = 900
"""So many inputs of one page can be sent at once."""

Decisions = Mapping[str, dmn.Definitions]
"""The decision tables of a folder, by file stem."""

NONE: Decisions = MappingProxyType({})
_SLUG = re.compile(r"[a-z0-9][a-z0-9_-]*")
_LINE = re.compile(r"\(at line (\d+)")
_FORM_KEYS = {
    "opened_by",
    "title",
    "intro",
    "service_group",
    "pages",
    "tasks",
    "rules",
    "derived",
    "declarations",
    "consent",
}
_PAGE_KEYS = {"id", "title", "intro", "lasting", "questions"}
_TASK_KEYS = {"title", "intro", "questions", "rules", "derived"}
_DECLARATION_KEYS = {"id", "version", "text", "show_when"}
_CONSENT_KEYS = {"needed", "version", "text", "required"}


def form(source: str, file: str = "form.toml", decisions: Decisions = NONE) -> Form:
    """Read a form. Raises FolderProblem with all findings."""
    reader, read = _read(source, file, decisions)
    if reader.file.findings:
        raise FolderProblem(reader.file.findings)
    return read


def findings(source: str, file: str = "form.toml", decisions: Decisions = NONE) -> list[Finding]:
    """Everything that is wrong with a form, also conditions that make no sense: for the check before publication."""
    try:
        reader, _form = _read(source, file, decisions)
    except FolderProblem as problem:
        return list(problem.findings)
    found = reader.file.findings
    if not found:
        for use in reader.uses:
            for message in conditions.mistakes(use):
                reader.file.report(use.path, message)
    return found


def _read(source: str, file: str, decisions: Decisions) -> tuple["_Reader", Form]:
    try:
        table = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        at = _LINE.search(str(error))
        raise FolderProblem([Finding(file, int(at[1]) if at else 0, str(error))]) from None
    reader = _Reader(File(file, source, decisions))
    return reader, reader.form(Table(reader.file, table))


@dataclass
class _Reader:
    """Reads one file and collects what is wrong, and every expression with the names it may use."""

    file: File
    asking: Asking = field(default_factory=Asking)

    @property
    def uses(self) -> list[Use]:
        return self.asking.uses

    def form(self, table: Table) -> Form:
        table.keys(_FORM_KEYS)
        self.asking.wait_for(table.tables("derived"))
        pages = self.pages(table)
        self.asking.no_longer_waiting()
        declarations = self.declarations(table)
        consent = self.consent(table)
        return Form(
            title=table.text("title"),
            intro=table.text("intro", optional=True),
            service_group=table.word("service_group"),
            opened_by=self.opened_by(table),
            pages=pages,
            tasks=self.tasks(table),
            declarations=declarations,
            consent=consent,
        )

    def opened_by(self, table: Table) -> str:
        """Who begins a case: the applicant, unless it says otherwise."""
        said = str(table.plain({"opened_by": str}).get("opened_by", APPLICANT))
        if said not in {APPLICANT, MISSION}:
            table.report(f'opened_by is "{APPLICANT}" or "{MISSION}"', "opened_by")
        return said

    def pages(self, table: Table) -> tuple[Page, ...]:
        pages: list[Page] = []
        rules = table.tables("rules")
        for each in table.tables("pages"):
            each.keys(_PAGE_KEYS)
            before = tuple(question for page in pages for question in page.questions)
            page = self.page(each, each.word("id"), before, rules)
            self.page_id(each, page.id, {earlier.id for earlier in pages})
            pages.append(page)
        if not pages:
            table.report("a form needs at least one page", "pages")
        self.no_strangers(rules, [question for page in pages for question in page.questions])
        return tuple(pages)

    def page_id(self, table: Table, identifier: str, others: set[str]) -> None:
        """The id is a part of the page's address."""
        if not _SLUG.fullmatch(identifier) or identifier in others | TAKEN_PAGES:
            table.report(f'the page id "{identifier}" is no good, is used twice or taken', "id")

    def page(self, table: Table, identifier: str, before: tuple[Question, ...], rules: list[Table]) -> Page:
        """One page with the rules about its questions, which may use everything asked until its end."""
        questions = self.asking.questions(table.tables("questions"))
        ids = {question.id for question in questions}
        if sum(map(_inputs, questions)) > MOST_INPUTS:
            table.report(f"the page has more than {MOST_INPUTS} inputs: let groups repeat less often")
        return Page(
            id=identifier,
            title=table.text("title"),
            intro=table.text("intro", optional=True),
            questions=questions,
            rules=tuple(self.asking.rule(each) for each in rules if each.word("question") in ids),
            lasting=bool(table.plain({"lasting": bool}).get("lasting", False)),
            before=before,
        )

    def tasks(self, table: Table) -> dict[str, Page]:
        """The forms of officers; they know nothing of what the applicant was asked."""
        tasks: dict[str, Page] = {}
        tables = table.values.get("tasks", {})
        if not isinstance(tables, Mapping):
            table.report("tasks must be tables", "tasks")
            return tasks
        for task_id, values in tables.items():
            if isinstance(values, Mapping):
                tasks[task_id] = self.task(Table(self.file, values, ("tasks", task_id)), task_id)
            else:
                table.report("a task must be a table", "tasks", task_id)
        return tasks

    def task(self, table: Table, task_id: str) -> Page:
        table.keys(_TASK_KEYS)
        self.asking = replace(self.asking, known={}, waiting=[])
        self.asking.wait_for(table.tables("derived"))
        rules = table.tables("rules")
        page = self.page(table, task_id, (), rules)
        self.asking.no_longer_waiting()
        self.no_strangers(rules, page.questions)
        return page

    def no_strangers(self, rules: Iterable[Table], questions: Iterable[Question]) -> None:
        """Note the rules about questions that there are not."""
        ids = {question.id for question in questions}
        for table in rules:
            if table.word("question") not in ids:
                table.report(
                    f'the rule speaks about an unknown question "{table.word("question")}"', "question"
                )

    def declarations(self, table: Table) -> tuple[Declaration, ...]:
        found: dict[str, Declaration] = {}
        for each in table.tables("declarations"):
            read = self.declaration(each)
            if not read.id.isidentifier() or read.id in found:
                each.report(f'"{read.id}" is no good id, or is used twice', "id")
            found[read.id] = read
        return tuple(found.values())

    def declaration(self, table: Table) -> Declaration:
        table.keys(_DECLARATION_KEYS)
        version: Any = table.values.get("version", 1)
        if not isinstance(version, int):
            table.report("version must be int", "version")
            version = 1
        return Declaration(
            table.word("id"), version, table.text("text"), self.asking.condition(table, "show_when")
        )

    def consent(self, table: Table) -> Consent | None:
        """Who has to agree besides the applicant, and to what."""
        values = table.values.get("consent")
        if values is None:
            return None
        if not isinstance(values, Mapping):
            table.report("consent must be a table", "consent")
            return None
        of = Table(self.file, values, ("consent",))
        of.keys(_CONSENT_KEYS)
        plain = of.plain({"version": int, "required": bool})
        needed = self.asking.expression(of, "needed")
        return Consent(needed, plain.get("version", 1), of.text("text"), plain.get("required", False))


def _inputs(question: Question) -> int:
    """The most inputs a question can have on its page."""
    return question.repeat * sum(map(_inputs, question.questions)) + 3
