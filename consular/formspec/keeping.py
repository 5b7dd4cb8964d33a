"""What to store of a draft: the answers that count, and what was typed where it is not right yet."""

from collections.abc import Iterable, Mapping
from typing import Any

from consular.formspec import kinds
from consular.formspec.judging import Judged, judge
from consular.formspec.model import Answer, Answers, Form

LONGEST = 20_000
"""More than so many characters of one wrong answer are nothing that anybody typed."""


def kept(form: Form, answers: Answers) -> dict[str, Any]:
    """The answers to store, by question; nothing of questions that are not asked."""
    return _kept(judge(form.questions, answers), answers)


def _kept(questions: Iterable[Judged], raw: Answers) -> dict[str, Any]:
    found = ((judged.question.id, _one(judged, raw.get(judged.question.id))) for judged in questions)
    return {name: answer for name, answer in found if answer is not None}


def _one(judged: Judged, raw: Answer) -> Answer:
    if not judged.wrong:
        return judged.answer
    if judged.question.kind == "group":
        entries = raw if isinstance(raw, list) else []
        return [
            _kept(parts, entry)
            for index, parts in judged.entries.items()
            for entry in entries[index : index + 1]
        ] or None
    return judged.answer if judged.answer is not None else _as_typed(raw)


def _as_typed(raw: Answer) -> Answer:
    """The text as it can be stored; None for what nobody can have typed."""
    if kinds.is_blank(raw):
        return None
    storable = _storable(raw)
    return storable if len(str(storable)) <= LONGEST else None


def _storable(raw: Answer) -> Answer:
    if isinstance(raw, str):
        return raw.encode("utf-8", "replace").decode().replace("\0", "\ufffd")
    if isinstance(raw, list | tuple):
        return [_storable(part) for part in raw]
    if isinstance(raw, Mapping):
        return {str(name): _storable(part) for name, part in raw.items()}
    return raw if isinstance(raw, bool | int) else ""
