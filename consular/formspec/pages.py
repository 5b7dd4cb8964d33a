"""One page as a Django form: the same judging behind it, the typed text kept whatever it was."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from consular.formspec import widgets
from consular.formspec.judging import Given, Judged, judge
from consular.formspec.model import Answer, Answers, Page, Problem, Question
from consular.formspec.problems import before, broken, place

Data = QueryDict | MultiValueDict[str, str] | Mapping[str, Any]


@dataclass(frozen=True)
class Block:
    """Questions that belong together: one question, or one entry of a group with its heading."""

    heading: str
    hint: str
    fields: tuple[forms.BoundField, ...]
    adds: str = ""


class AnswerField(forms.Field):
    """Carries label, hint and widget of a question; judging happens for the page as a whole."""

    def clean(self, value: Any) -> Any:
        return value

    def bound_data(self, data: Any, initial: Any) -> Any:
        """What was typed, but for NUL, which no page may contain."""
        if isinstance(data, list):
            return [self.bound_data(part, None) for part in data]
        return data.replace("\0", "\ufffd") if isinstance(data, str) else data


class PageForm(forms.Form):
    """The questions of one page that are asked with these answers."""

    use_required_attribute = False

    def __init__(self, page: Page, answers: Answers, data: Data | None, prefix: str | None) -> None:
        super().__init__(data, prefix=prefix)
        self.page = page
        self.given = before(page, answers)
        self._counts = self._entries(answers)
        raw = answers if data is None else {question.id: self._typed(question) for question in page.questions}
        self._blocks: list[tuple[Question, str, list[str]]] = []
        self.judged: list[Judged] = []
        for judged in self._judge(raw):
            self.judged.append(judged)
            if judged.is_shown:
                self._add(judged, answers)

    def answers(self) -> dict[str, Answer]:
        """What was typed, tidy, ready to be stored; None for what is hidden, missing or wrong."""
        return {judged.question.id: judged.answer for judged in self.judged}

    def asked(self) -> str:
        """The questions on the page, to notice later which ones have come up."""
        return " ".join(judged.question.id for judged in self.judged if judged.is_shown)

    def answered(self) -> list[str]:
        """The questions that have an answer."""
        return [judged.question.id for judged in self.judged if judged.answer is not None]

    def without_judging(self) -> "PageForm":
        """The same form with everything typed and no word about it."""
        self._errors = forms.utils.ErrorDict()
        self.cleaned_data = {}
        return self

    def blocks(self) -> Iterator[Block]:
        """The fields in order, entries of groups with their headings."""
        for question, heading, names in self._blocks:
            fields = tuple(self[name] for name in names)
            last = self._counts.get(question.id, 1) - 1
            more = question.kind == "group" and 0 < last + 1 < question.repeat
            is_last = bool(names) and names[0].startswith(f"{question.id}-{last}-")
            yield Block(
                heading,
                str(question.hint) if heading else "",
                fields,
                question.id if more and is_last else "",
            )

    def counts(self) -> Mapping[str, int]:
        """How many entries of each group are on the page."""
        return {self.add_prefix(f"{name}-count"): count for name, count in self._counts.items()}

    def clean(self) -> None:
        for judged in self.judged:
            for where, message in judged.wrong.items():
                self._report(place(judged, where), message)
        for question, message in broken(self.page, self.given):
            self._report(question, message)

    def _report(self, name: str, message: str) -> None:
        self.add_error(name if name in self.fields else None, message)

    def _judge(self, raw: Answers) -> Iterator[Judged]:
        return judge(self.page.questions, raw, self.given)

    def _entries(self, answers: Answers) -> dict[str, int]:
        """How many entries each group shows: those there are or were on the page, one more if asked for."""
        counts = {}
        for question in self.page.questions:
            if question.kind == "group":
                stored = answers.get(question.id)
                count = len(stored) if isinstance(stored, list) else 1
                if self.is_bound:
                    count = _number(self.data.get(self.add_prefix(f"{question.id}-count")), count)
                    count += self.data.get("add") == question.id
                counts[question.id] = min(max(count, 1), question.repeat)
        return counts

    def _typed(self, question: Question) -> Answer:
        if question.kind != "group":
            return self._value(question, question.id)
        return [
            {sub.id: self._value(sub, f"{question.id}-{index}-{sub.id}") for sub in question.questions}
            for index in range(self._counts[question.id])
        ]

    def _value(self, question: Question, name: str) -> Answer:
        widget = widgets.of(question, self.given.answers)
        return widget.value_from_datadict(self.data, self.files, self.add_prefix(name))

    def _add(self, judged: Judged, answers: Answers) -> None:
        question = judged.question
        if question.kind != "group":
            self._add_field(judged, question.id, answers.get(question.id), self.given)
            self._blocks.append((question, "", [question.id]))
            return
        stored = answers.get(question.id)
        entries = stored if isinstance(stored, list) else []
        for index in range(self._counts[question.id]):
            self._add_entry(judged, index, entries[index] if index < len(entries) else {})

    def _add_entry(self, judged: Judged, index: int, entry: Answers) -> None:
        group = judged.question
        inner = self.given.within()
        raw = self._typed(group)[index] if self.is_bound else entry
        names = []
        for part in judge(group.questions, raw, inner):
            if part.is_shown:
                name = f"{group.id}-{index}-{part.question.id}"
                needed = part.is_required and judged.is_required and index == 0
                self._add_field(replace(part, is_required=needed), name, entry.get(part.question.id), inner)
                names.append(name)
        heading = str(group.label)
        if group.repeat > 1:
            heading = _("%(group)s, no. %(number)s") % {"group": heading, "number": index + 1}
        self._blocks.append((group, heading, names))

    def _add_field(self, judged: Judged, name: str, initial: Answer, given: Given) -> None:
        question = judged.question
        self.fields[name] = AnswerField(
            label=str(question.label),
            help_text=str(question.hint),
            required=judged.is_required,
            initial=initial,
            widget=widgets.of(question, given.answers),
        )


def django_form(
    page: Page, answers: Answers, data: Data | None = None, *, prefix: str | None = None
) -> PageForm:
    """The page as a form: filled with `answers`, or, when `data` is given, with what was typed.

    Which questions it has depends on the answers of this and the earlier pages.
    """
    return PageForm(page, answers, data, prefix)


def add_problems(form: PageForm, found: Iterable[Problem]) -> None:
    """Show problems that were found later, once each."""
    for problem in found:
        name = problem.question if problem.question in form.fields else None
        if problem.message not in form.errors.get(name or "__all__", ()):
            form.add_error(name, problem.message)


def _number(text: object, otherwise: int) -> int:
    return (
        int(text)
        if isinstance(text, str) and text.isascii() and text.isdigit() and len(text) < 4
        else otherwise
    )
