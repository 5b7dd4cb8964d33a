"""One page as a Django form: the same judging behind it, the typed text kept whatever it was."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms

from consular.formspec import fields, kinds, widgets
from consular.formspec.judging import Given, Judged, judge
from consular.formspec.model import Answer, Answers, Page, Problem, Question
from consular.formspec.problems import before, contradictions, entry_title, within
from consular.formspec.reading import COUNT, Data, Typed


@dataclass(frozen=True)
class Entry:
    """One entry of a group; `removes` is what the button to take it away sends, "" where there is nothing to remove."""

    id: str
    heading: str
    parts: tuple["Part", ...]
    removes: str


@dataclass(frozen=True)
class Group:
    """A group as it stands on the page: its entries, below a heading of this level, and the button for another one."""

    id: str
    label: str
    hint: str
    level: int
    entries: tuple[Entry, ...]
    adds: str


@dataclass(frozen=True)
class Part:
    """One question on the page: an input, or a group."""

    field: forms.BoundField | None = None
    group: Group | None = None


@dataclass(frozen=True)
class Spot:
    """Where a question stands: the name of its input, what it holds, the title of the entry around it."""

    name: str
    holds: Answer
    given: Given
    title: str = ""
    level: int = 2
    is_needed: bool = True

    def inner(self, question: Question, entry: Answers, index: int, title: str, given: Given) -> "Spot":
        """The place of a question within an entry of the group that stands here."""
        name = f"{self.name}-{index}-{question.id}"
        return Spot(name, entry.get(question.id), given, title, self.level + 1, self.is_needed and index == 0)


class AnswerField(forms.Field):
    """Carries label, hint and widget of a question; judging happens for the page as a whole.

    `named` is the label that also says in which entry of a group the question stands. The widget is made when the
    question is shown: most pages that are sent are saved and never shown again.
    """

    show_hidden_initial = disabled = localize = False
    label_suffix = template_name = None

    def __init__(self, question: Question, spot: Spot, holds: Answer, *, required: bool) -> None:
        self.label, self.help_text = str(question.label), str(question.hint)
        self.named = within(spot.title, self.label)
        self.required, self.initial = required, holds
        self._question, self._given, self._holds = question, spot.given.answers, holds

    @cached_property
    def widget(self) -> forms.Widget:
        """The inputs that ask the question."""
        return widgets.of(self._question, self._given)

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> fields.AskedField:
        return fields.AskedField(form, self, field_name)

    def bound_data(self, data: Any, initial: Any) -> Any:
        """What was typed, but for NUL, which no page may contain."""
        return _without_nul(self._holds)


class PageForm(forms.Form):
    """The questions of one page that are asked with these answers; `typed` are the raw answers."""

    use_required_attribute = False

    def __init__(
        self,
        page: Page,
        answers: Answers,
        data: Data | None,
        *,
        prefix: str | None = None,
        only: Collection[str] | None = None,
    ) -> None:
        super().__init__(data, prefix=prefix)
        self.page, self.only = page, only
        self.given = before(page, answers)
        raw = answers if data is None else Typed(data, self.add_prefix).answers(page.questions)
        if only is not None:
            raw = {**answers, **{name: answer for name, answer in raw.items() if name in only}}
        self.typed = raw
        self.judged: list[Judged] = []
        self.parts: list[Part] = []
        self._counts: dict[str, int] = {}
        self._answered: set[str] = set()
        for judged in judge(page.questions, raw, self.given):
            self.judged.append(judged)
            if judged.is_shown and self._is_open(judged.question.id):
                question = judged.question
                self.parts.append(self._part(judged, Spot(question.id, raw.get(question.id), self.given)))

    def answers(self) -> dict[str, Answer]:
        """What was typed, tidy, ready to be stored; None for what is hidden, missing or wrong."""
        return {judged.question.id: judged.answer for judged in self.judged}

    def asked(self) -> str:
        """The inputs on the page, to notice later which ones have come up."""
        return " ".join(self.fields)

    def answered(self) -> set[str]:
        """The inputs that have an answer."""
        return self._answered

    def without_judging(self) -> "PageForm":
        """The same form with everything typed and no word about it."""
        self._errors = forms.utils.ErrorDict()
        self.cleaned_data = {}
        return self

    def remark(self, questions: Iterable[str], sentence: str) -> None:
        """Put a sentence before the hints of these questions."""
        marked = frozenset(questions)
        for name in self.fields:
            if name.partition("-")[0] in marked:
                self[name].help_text = f"{sentence} {self[name].help_text}".strip()

    def counts(self) -> Mapping[str, int]:
        """How many entries of each group are on the page."""
        return {self.add_prefix(f"{name}-{COUNT}"): count for name, count in self._counts.items()}

    def _clean_fields(self) -> None:
        """Nothing field by field: the page was judged as a whole."""

    def clean(self) -> None:
        for judged in self.judged:
            for where, message in judged.wrong.items() if self._is_open(judged.question.id) else ():
                self._report(judged.place(where), message)
        for question, message in contradictions(self.page, self.given):
            if self._is_open(question):
                self._report(question, message)

    def _is_open(self, question: str) -> bool:
        return self.only is None or question in self.only

    def _report(self, name: str, message: str) -> None:
        self.add_error(name if name in self.fields else None, message)

    def _part(self, judged: Judged, spot: Spot) -> Part:
        if judged.question.kind == "group":
            return Part(group=self._group(judged, spot))
        self._add_field(judged, spot)
        return Part(field=self[spot.name])

    def _group(self, judged: Judged, spot: Spot) -> Group:
        group = judged.question
        entries = spot.holds if isinstance(spot.holds, list) else []
        least = 1 if spot.level == 2 or judged.is_required else 0
        count = self._counts[spot.name] = min(max(len(entries), least), group.repeat)
        spot = Spot(
            spot.name, entries, spot.given, spot.title, spot.level, spot.is_needed and judged.is_required
        )
        return Group(
            self.add_prefix(spot.name),
            within(spot.title, str(group.label)),
            str(group.hint),
            spot.level,
            tuple(self._entry(judged, spot, index) for index in range(count)),
            spot.name if count < group.repeat and group.repeat > 1 else "",
        )

    def _entry(self, judged: Judged, spot: Spot, index: int) -> Entry:
        group = judged.question
        entry = spot.holds[index] if index < len(spot.holds) else {}
        entry = entry if isinstance(entry, Mapping) else {}
        inner = spot.given.within()
        title = within(spot.title, entry_title(group, index))
        shown = [
            self._part(part, spot.inner(part.question, entry, index, title, inner))
            for part in judge(group.questions, entry, inner)
            if part.is_shown
        ]
        name = f"{spot.name}-{index}"
        removes = name if group.repeat > 1 and spot.holds else ""
        return Entry(self.add_prefix(name), title, tuple(shown), removes)

    def _add_field(self, judged: Judged, spot: Spot) -> None:
        question = judged.question
        if judged.answer is not None:
            self._answered.add(spot.name)
        holds = spot.holds
        if question.latin_of and kinds.is_blank(holds):
            holds = kinds.proposal(question, spot.given.answers)
        is_required = judged.is_required and spot.is_needed
        self.fields[spot.name] = AnswerField(question, spot, holds, required=is_required)


def django_form(
    page: Page,
    answers: Answers,
    data: Data | None = None,
    *,
    prefix: str | None = None,
    only: Collection[str] | None = None,
) -> PageForm:
    """The page as a form: filled with `answers`, or, when `data` is given, with what was typed.

    Which questions it has depends on the answers of this and the earlier pages. With `only` it has no others than
    these; the answers to the others count, whatever was sent for them.
    """
    return PageForm(page, answers, data, prefix=prefix, only=only)


def add_problems(form: PageForm, found: Iterable[Problem]) -> None:
    """Show problems that were found later, once each."""
    for problem in found:
        name = problem.question if problem.question in form.fields else None
        if problem.message not in form.errors.get(name or "__all__", ()):
            form.add_error(name, problem.message)


def _without_nul(typed: Any) -> Any:
    if isinstance(typed, list):
        return [_without_nul(part) for part in typed]
    if isinstance(typed, dict):
        return {name: _without_nul(part) for name, part in typed.items()}
    return typed.replace("\0", "\ufffd") if isinstance(typed, str) else typed
