"""Going through the questions in order: which are asked, which answers count, what is wrong.

Everything else builds on this one walk, so that what is hidden is nowhere validated, stored or shown.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from consular.core import clock
from consular.formspec import kinds
from consular.formspec.model import NOT_APPLICABLE, Answer, Answers, Question, Rule
from consular.formspec.text import Wrong
from consular.rules.feel import Expression


@dataclass(frozen=True)
class Judged:
    """One question after judging. `answer` is tidy, None when missing or wrong; hidden questions have none.

    `wrong` maps the place of each mistake ("" or, within a group, "0-surname") to a sentence. A group has
    `entries`: the questions of each entry that has anything in it, by its number; its answer has what is right in them.
    """

    question: Question
    is_shown: bool
    is_required: bool = False
    answer: Answer = None
    wrong: Mapping[str, str] = field(default_factory=dict)
    entries: Mapping[int, "tuple[Judged, ...]"] = field(default_factory=dict)

    def place(self, where: str) -> str:
        """The id of the question, or of the question within an entry of a group."""
        return f"{self.question.id}-{where}" if where else self.question.id


@dataclass(frozen=True)
class Given:
    """What counts so far: the tidy answers, and the same as values for conditions."""

    answers: dict[str, Answer] = field(default_factory=dict)
    context: dict[str, object] = field(default_factory=lambda: {"today": clock.today()})

    def holds(self, condition: Expression | None, *, otherwise: bool) -> bool:
        """Whether a condition is true; anything else, also null, is not."""
        return otherwise if condition is None else condition.evaluate(self.context) is True

    def take(self, judged: Judged) -> None:
        """Let an answer count for the questions that follow."""
        identifier = judged.question.id
        if judged.answer is not None:
            self.answers[identifier] = judged.answer
        self.context[identifier] = value(judged.question, judged.answer)
        for derived in judged.question.derives:
            self.context[derived.id] = derived.value.evaluate(self.context)

    def within(self) -> "Given":
        """The same for one entry of a group, whose answers count within it only."""
        return Given(dict(self.answers), dict(self.context))


def judge(questions: Iterable[Question], raw: Answers, given: Given | None = None) -> Iterator[Judged]:
    """Judge each question in turn; `given` is what counts from earlier pages and grows on the way."""
    given = given or Given()
    for question in questions:
        judged = _judge(question, raw.get(question.id), given)
        given.take(judged)
        yield judged


def after(questions: Iterable[Question], raw: Answers, wanted: frozenset[str] | None = None) -> Given:
    """What counts once all these questions were judged, or so many of them that the `wanted` names are known."""
    given = Given()
    for _judged in judge(questions, raw, given):  # `given` takes it
        if wanted is not None and wanted <= given.context.keys():
            break
    return given


def value(question: Question, answer: Answer) -> object:
    """An answer as a value for conditions: dates as dates, amounts as numbers, groups as lists."""
    if answer is None or answer == NOT_APPLICABLE:
        return None
    if question.kind == "group":
        return [{sub.id: value(sub, entry.get(sub.id)) for sub in question.questions} for entry in answer]
    return kinds.KINDS[question.kind].feel(answer)


def as_answer(value: object) -> Answer:
    """A computed value as an answer is stored: numbers and dates as text."""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}" if value else "0"
    return value.isoformat() if isinstance(value, date) else value


def _judge(question: Question, raw: Answer, given: Given) -> Judged:
    if not given.holds(question.show_when, otherwise=True):
        return Judged(question, is_shown=False)
    if question.kind == "area":
        only = kinds.choices(question, given.answers)
        if len(only) < 2:
            return Judged(question, is_shown=False, answer=only[0][0] if only else None)
    is_required = given.holds(question.required_when, otherwise=question.required)
    if question.kind == "group":
        return _judge_group(question, raw, given, is_required)
    try:
        answer = _read(question, raw, given)
    except Wrong as reason:
        return Judged(question, is_shown=True, is_required=is_required, wrong={"": str(reason)})
    if kinds.is_blank(answer):
        wrong = {"": missing(question, given.answers)} if is_required else {}
        return Judged(question, is_shown=True, is_required=is_required, wrong=wrong)
    return Judged(question, is_shown=True, is_required=is_required, answer=answer)


def _read(question: Question, raw: Answer, given: Given) -> Answer:
    """The tidy answer. Raises Wrong."""
    if question.not_applicable and isinstance(raw, Mapping) and raw.get("not_applicable"):
        if not kinds.is_blank(raw.get("given")):
            raise Wrong(_("Please answer the question or tick “Not applicable”, not both."))
        return dict(NOT_APPLICABLE)
    return None if kinds.is_blank(raw) else kinds.KINDS[question.kind].read(question, raw, given.answers)


def missing(question: Question, given: Answers) -> str:
    """What to say when a question that must be answered was not."""
    if kinds.proposal(question, given):
        return _(
            "This is our proposal. Please compare it with the lines of your travel document, and save again."
        )
    if question.kind == "declaration":
        return _("Please confirm this declaration.")
    if kinds.KINDS[question.kind].chooses or question.kind == "yes_no":
        return _("Please choose an answer.")
    return _("Please answer this question.")


def _judge_group(question: Question, raw: Answer, given: Given, is_required: bool) -> Judged:
    """Judge the entries of a group; empty entries do not count, but a required group needs one."""
    entries = raw if isinstance(raw, list | tuple) else []
    if not kinds.is_blank(raw) and not all(isinstance(entry, Mapping) for entry in entries):
        return Judged(question, True, is_required, wrong={"": _("Please answer this question.")})
    filled = {index: entry for index, entry in enumerate(entries) if not kinds.is_blank(entry)}
    if is_required and not filled:
        filled = {0: {}}
    judged = {index: _judge_entry(question, entry, given.within()) for index, entry in filled.items()}
    if len(filled) > question.repeat:
        most = _("Please make no more than %(count)s entries.") % {"count": question.repeat}
        return Judged(question, True, is_required, wrong={"": most}, entries=judged)
    answer = [
        {part.question.id: part.answer for part in parts if part.answer is not None}
        for parts in judged.values()
    ]
    return Judged(
        question,
        True,
        is_required,
        answer=[entry for entry in answer if entry] or None,
        wrong={
            f"{index}-{part.place(where)}": message
            for index, parts in judged.items()
            for part in parts
            for where, message in part.wrong.items()
        },
        entries=judged,
    )


def _judge_entry(group: Question, entry: Answers, given: Given) -> tuple[Judged, ...]:
    """Judge one entry, with the rules that its answers must fulfil together."""
    parts = tuple(judge(group.questions, entry, given))
    if not group.rules:
        return parts
    said = dict(broken(group.rules, given))
    return tuple(
        replace(part, wrong={"": said[part.question.id]}) if part.question.id in said else part
        for part in parts
    )


def broken(rules: Iterable[Rule], given: Given) -> Iterator[tuple[str, str]]:
    """The first rule that each answer breaks: (question, sentence). Missing answers break no rule."""
    said: set[str] = set()
    for rule in rules:
        speaks = rule.question in given.answers and rule.question not in said
        if speaks and rule.must.evaluate(given.context) is False:
            said.add(rule.question)
            yield rule.question, str(rule.message)
