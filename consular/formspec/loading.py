"""form.toml -> Form. Every mistake is found, with its line, before anybody sees the form."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from django.utils.translation import gettext_lazy

from consular.core import typed
from consular.formspec.kinds import KINDS
from consular.formspec.lines import Finding, FolderProblem, line_of
from consular.formspec.model import Declaration, Form, Option, Page, Question, Rule
from consular.rules import SyntaxProblem, feel
from consular.rules.feel.registry import BUILTINS

ALWAYS_KNOWN = frozenset({"today"})
"""Names that every condition may use besides the questions asked before."""

TAKEN = frozenset({"revision", "shown", "asked", "then", "add", "remove", "list", *typed.NEVER_KEPT})
"""What the page around the questions sends along under these names."""

TAKEN_PAGES = frozenset({"review", "send"})
"""Addresses of an application that are no page of questions."""

_SLUG = re.compile(r"[a-z0-9][a-z0-9_-]*")
_QUESTION_KEYS = {each.name for each in fields(Question)}
_PLAIN: dict[str, type] = {
    each.name: each.type
    for each in fields(Question)
    if isinstance(each.type, type) and each.type in (str, bool, int)
}
_FORM_KEYS = {"title", "intro", "service_group", "pages", "tasks", "rules", "declarations"}
_PAGE_KEYS = {"id", "title", "intro", "questions"}
_RULE_KEYS = {"question", "must", "message"}
_DECLARATION_KEYS = {"id", "version", "text", "show_when"}


def form(source: str, file: str = "form.toml") -> Form:
    """Read a form. Raises FolderProblem with all findings."""
    try:
        table = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        raise FolderProblem([Finding(file, 0, str(error))]) from None
    reader = _Reader(source, file)
    read = reader.form(table)
    if reader.findings:
        raise FolderProblem(reader.findings)
    return read


@dataclass
class _Reader:
    """Reads one file and collects what is wrong; `known` are the names a condition may use at this point."""

    source: str
    file: str
    findings: list[Finding] = field(default_factory=list)
    known: set[str] = field(default_factory=set)
    where: str = ""

    def form(self, table: Mapping[str, Any]) -> Form:
        self.keys(table, _FORM_KEYS)
        pages = self.pages(self.tables(table, "pages"))
        pages = self.with_rules(pages, self.tables(table, "rules"))
        declarations = tuple(self.declaration(each) for each in self.tables(table, "declarations"))
        return Form(
            title=self.text(table, "title"),
            intro=self.text(table, "intro", optional=True),
            service_group=str(table.get("service_group", "")),
            pages=pages,
            tasks=self.tasks(table.get("tasks", {})),
            declarations=declarations,
        )

    def tasks(self, tables: object) -> dict[str, Page]:
        tasks: dict[str, Page] = {}
        if not isinstance(tables, Mapping):
            self.report("tasks must be tables", "tasks")
            return tasks
        for task_id, task in tables.items():
            self.known, self.where = set(), f"[tasks.{task_id}]"
            if not isinstance(task, Mapping):
                self.report("a task must be a table", "[tasks")
                continue
            rules = self.tables(task, "rules")
            page = self.page(
                {**{key: value for key, value in task.items() if key != "rules"}, "id": task_id}, ()
            )
            tasks[task_id] = self.with_rules((page,), rules)[0]
        return tasks

    def pages(self, tables: list[Mapping[str, Any]]) -> tuple[Page, ...]:
        pages: list[Page] = []
        before: tuple[Question, ...] = ()
        for table in tables:
            pages.append(self.page(table, before))
            before += pages[-1].questions
            self.page_id(pages[-1].id, {page.id for page in pages[:-1]})
        if not pages:
            self.report("a form needs at least one page", "")
        return tuple(pages)

    def page_id(self, identifier: str, others: set[str]) -> None:
        """The id is a part of the page's address."""
        if not _SLUG.fullmatch(identifier) or identifier in others | TAKEN_PAGES:
            self.report(f'the page id "{identifier}" is no good, is used twice or taken', f'"{identifier}"')

    def page(self, table: Mapping[str, Any], before: tuple[Question, ...]) -> Page:
        self.keys(table, _PAGE_KEYS)
        return Page(
            id=str(table.get("id", "")),
            title=self.text(table, "title"),
            intro=self.text(table, "intro", optional=True),
            questions=tuple(self.question(each) for each in self.tables(table, "questions")),
            before=before,
        )

    def question(self, table: Mapping[str, Any]) -> Question:
        self.where = f'id = "{table.get("id", "")}"'
        self.keys(table, _QUESTION_KEYS)
        identifier = str(table.get("id", ""))
        if not identifier.isidentifier() or identifier in self.known | ALWAYS_KNOWN | TAKEN:
            self.report(f'"{identifier}" is no good id, is used twice or taken', self.where)
        if table.get("kind") not in KINDS:
            self.report(f'there is no kind of question called "{table.get("kind")}"', self.where)
        show_when, required_when = (self.condition(table, name) for name in ("show_when", "required_when"))
        question = Question(
            **{"id": identifier, "kind": "", **self.simple(table)},
            show_when=show_when,
            required_when=required_when,
            label=self.text(table, "label"),
            hint=self.text(table, "hint", optional=True),
            options=tuple(self.option(each) for each in self.tables(table, "options")),
            questions=self.inner(table),
        )
        self.complete(question)
        self.known.add(identifier)
        return question

    def simple(self, table: Mapping[str, Any]) -> dict[str, Any]:
        """The settings that are plain text, number or yes/no."""
        values = {}
        for key, value in table.items():
            if _PLAIN.get(key) is not None and not isinstance(value, _PLAIN[key]):
                self.report(f"{key} must be {_PLAIN[key].__name__}", self.where)
            elif key in _PLAIN:
                values[key] = value
        return values

    def inner(self, table: Mapping[str, Any]) -> tuple[Question, ...]:
        """The questions of a group; they may refer to one another and to what was asked before the group."""
        outside, where = set(self.known), self.where
        questions = tuple(self.question(each) for each in self.tables(table, "questions"))
        self.known, self.where = outside, where
        return questions

    def complete(self, question: Question) -> None:
        """Say what a question of this kind still needs."""
        if question.kind in ("choice", "choices") and not question.options:
            self.report(f'"{question.id}" has no options', self.where)
        if question.kind == "group" and not question.questions:
            self.report(f'the group "{question.id}" has no questions', self.where)
        if question.kind == "area" and question.country not in self.known:
            self.report(f'"{question.id}" needs the id of an earlier question for the country', self.where)

    def option(self, table: Mapping[str, Any]) -> Option:
        return Option(str(table.get("value", "")), self.text(table, "label"))

    def with_rules(self, pages: tuple[Page, ...], tables: list[Mapping[str, Any]]) -> tuple[Page, ...]:
        """Give each rule to the page of the question it speaks about; it may use what is asked until then."""
        known = self.known
        for table in tables:
            self.keys(table, _RULE_KEYS)
            self.where = str(table.get("must", ""))
            question = str(table.get("question", ""))
            owner = next(
                (page for page in pages if any(each.id == question for each in page.questions)), None
            )
            if owner is None:
                self.report(f'the rule speaks about an unknown question "{question}"', self.where)
                continue
            self.known = {each.id for each in (*owner.before, *owner.questions)}
            rule = Rule(question, self.expression(self.where), self.text(table, "message"))
            changed = replace(owner, rules=(*owner.rules, rule))
            pages = tuple(changed if page is owner else page for page in pages)
        self.known = known
        return pages

    def declaration(self, table: Mapping[str, Any]) -> Declaration:
        self.where = f'id = "{table.get("id", "")}"'
        self.keys(table, _DECLARATION_KEYS)
        version = table.get("version", 1)
        if not isinstance(version, int):
            self.report("version must be int", self.where)
            version = 1
        condition = self.condition(table, "show_when")
        return Declaration(str(table.get("id", "")), version, self.text(table, "text"), condition)

    def condition(self, table: Mapping[str, Any], key: str) -> feel.Expression | None:
        return self.expression(str(table[key])) if key in table else None

    def expression(self, text: str) -> feel.Expression:
        try:
            expression = feel.compile(text)
        except SyntaxProblem as problem:
            self.report(f"the condition cannot be read: {problem}", text)
            return feel.compile("null")
        for name in sorted(expression.names - self.known - ALWAYS_KNOWN - BUILTINS.keys()):
            self.report(f'the condition uses "{name}", which is not asked before', text)
        return expression

    def text(self, table: Mapping[str, Any], key: str, *, optional: bool = False) -> Any:
        """A sentence, translated when it is shown."""
        sentence = table.get(key, "")
        if not isinstance(sentence, str):
            self.report(f"{key} must be str", self.where)
        elif sentence:
            return gettext_lazy(" ".join(sentence.split()))
        elif not optional:
            self.report(f"{key} is missing", self.where)
        return ""

    def tables(self, table: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
        """A list of tables; empty when there is none."""
        found = table.get(key, [])
        if isinstance(found, list) and all(isinstance(each, Mapping) for each in found):
            return found
        self.report(f"{key} must be a list of tables", key)
        return []

    def keys(self, table: Mapping[str, Any], known: set[str]) -> None:
        for key in sorted(set(table) - known):
            self.report(f'there is no setting called "{key}"', key)

    def report(self, message: str, text: str) -> None:
        self.findings.append(
            Finding(self.file, line_of(self.source, text, self.where) if text else 0, message)
        )
