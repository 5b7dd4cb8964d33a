"""What was typed on a page, as raw answers: nothing judged, nothing left out."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from consular.formspec import kinds
from consular.formspec.model import Answer, Question

Data = QueryDict | MultiValueDict[str, str] | Mapping[str, Any]

COUNT = "count"
"""`children-count` says how many entries of a group the page had."""

NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True)
class Typed:
    """What a browser sent; `full` gives the name of an input as it stands on the page."""

    data: Data
    full: Callable[[str], str]

    def answers(self, questions: Iterable[Question], before: str = "") -> dict[str, Answer]:
        """The raw answers of these questions; `before` is the entry they belong to ("children-0-")."""
        return {question.id: self._one(question, f"{before}{question.id}") for question in questions}

    def _one(self, question: Question, name: str) -> Answer:
        if question.kind == "group":
            return self._entries(question, name)
        typed = self._input(question, name)
        if question.not_applicable and self.data.get(self.full(f"{name}_{NOT_APPLICABLE}")):
            return {NOT_APPLICABLE: True, "given": typed}
        return typed

    def _entries(self, group: Question, name: str) -> list[Answer]:
        """The entries of a group: those on the page, without the one to be removed, with the one to be added."""
        count = min(_number(self.data.get(self.full(f"{name}-{COUNT}")), 1), group.repeat)
        entries = [self.answers(group.questions, f"{name}-{index}-") for index in range(count)]
        removed = str(self.data.get("remove", ""))
        entries = [entry for index, entry in enumerate(entries) if removed != f"{name}-{index}"]
        if self.data.get("add") == name and len(entries) < group.repeat:
            entries.append({})
        return entries

    def _input(self, question: Question, name: str) -> Answer:
        kind = kinds.KINDS[question.kind]
        if kind.parts:
            return [self.data.get(self.full(f"{name}_{part}")) for part in kind.parts]
        if kind.several:
            return self._several(self.full(name))
        typed = self.data.get(self.full(name))
        if question.kind == "declaration":
            return "yes" if typed and typed != "false" else None
        return typed

    def _several(self, name: str) -> Answer:
        if isinstance(self.data, MultiValueDict):
            return self.data.getlist(name)
        return self.data.get(name)


def _number(text: object, otherwise: int) -> int:
    is_number = isinstance(text, str) and text.isascii() and text.isdigit() and len(text) < 4
    return int(str(text)) if is_number else otherwise
