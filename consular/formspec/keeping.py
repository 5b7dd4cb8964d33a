"""What to store of a draft: the answers that count, and what was typed where it is not right yet."""

from collections.abc import Iterable, Mapping
from typing import Any

from consular.formspec import kinds
from consular.formspec.judging import Judged, judge
from consular.formspec.model import NOT_APPLICABLE, Answer, Answers, Form, Question

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
    if judged.answer is not None:
        return judged.answer
    return _as_typed(raw) if _can_stand(judged.question, raw) else None


def _can_stand(question: Question, raw: Answer) -> bool:
    """Whether the inputs of the question can show this; an earlier edition may have asked for something else."""
    if isinstance(raw, Mapping):
        if question.not_applicable and NOT_APPLICABLE.keys() <= raw.keys():
            return raw.get("given") is None or _can_stand(question, raw["given"])
        return question.kind == "address"
    kind = kinds.KINDS[question.kind]
    if isinstance(raw, list | tuple):
        is_of_texts = all(part is None or isinstance(part, str) for part in raw)
        return is_of_texts and (kind.several or len(raw) == len(kind.parts))
    return isinstance(raw, str)


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
