"""Reading the questions of a page or a group: which names each may use, and what its kind still needs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace

from consular.core import typed
from consular.formspec.decided import Decided, decided
from consular.formspec.kinds import KINDS
from consular.formspec.lines import Path
from consular.formspec.model import Derived, Option, Question, Rule
from consular.formspec.tables import Table
from consular.rules import SyntaxProblem, feel
from consular.rules.feel.registry import BUILTINS

ALWAYS_KNOWN = frozenset({"today"})
"""Names that every condition may use besides the questions asked before."""

TAKEN = frozenset({"revision", "shown", "asked", "then", "add", "remove", "list", "quiet", *typed.NEVER_KEPT})
"""What the page around the questions sends along under these names."""

DEEPEST = 3
"""Groups within groups: more is confusing, on paper too."""

SHOWN_KINDS = frozenset({"text", "number", "money", "date", "yes_no", "country", "choice"})
"""The kinds a derived value can be shown as."""

_REFERS = {"country": ("country", "member_state"), "latin_of": ("name",)}
"""Settings that name an earlier question, and the kinds it may be of."""

Known = Question | Derived

_KEYS = {each.name for each in fields(Question)} - {"derives"}
_DERIVED_KEYS = {"id", "value", "decision", "kind", "label", "routes", "options"}
_RULE_KEYS = {"question", "must", "message"}


def _plain(of: type) -> dict[str, type]:
    return {
        each.name: each.type
        for each in fields(of)
        if isinstance(each.type, type) and each.type in (str, bool, int)
    }


_PLAIN, _DERIVED_PLAIN = _plain(Question), _plain(Derived)


@dataclass(frozen=True)
class Use:
    """One expression of a form, where it stands and which names it may use."""

    path: Path
    expression: feel.Expression
    known: Mapping[str, Known]
    kind: str = ""


@dataclass
class Asking:
    """The questions read so far: `known` may be used from here on; `waiting` are values that need more answers."""

    known: dict[str, Known] = field(default_factory=dict)
    waiting: list[tuple[Table, Derived]] = field(default_factory=list)
    uses: list[Use] = field(default_factory=list)

    def questions(self, tables: Iterable[Table]) -> tuple[Question, ...]:
        """The questions of a page; each is followed by the values that can be derived from then on."""
        found = []
        for table in tables:
            question = self.question(table)
            found.append(replace(question, derives=tuple(self._ready())))
        return tuple(found)

    def question(self, table: Table, depth: int = 1) -> Question:
        """One question, with those within it."""
        table.keys(_KEYS)
        identifier = table.word("id")
        if not identifier.isidentifier() or identifier in self.known.keys() | ALWAYS_KNOWN | TAKEN:
            table.report(f'"{identifier}" is no good id, is used twice or taken', "id")
        if table.values.get("kind") not in KINDS:
            table.report(f'there is no kind of question called "{table.values.get("kind")}"', "kind")
        show_when, required_when = (self.condition(table, name) for name in ("show_when", "required_when"))
        inner = self._within(table, depth)
        question = Question(
            **{"id": identifier, "kind": "", **table.plain(_PLAIN)},
            show_when=show_when,
            required_when=required_when,
            label=table.text("label"),
            hint=table.text("hint", optional=True),
            options=options(table),
            questions=inner[0],
            rules=inner[1],
        )
        self._complete(table, question)
        self.known[identifier] = question
        return question

    def _within(self, table: Table, depth: int) -> tuple[tuple[Question, ...], tuple[Rule, ...]]:
        """The questions and rules of a group; they may use one another and what was asked before the group."""
        if depth > DEEPEST:
            table.report(f"groups may be nested {DEEPEST} deep", "questions")
            return (), ()
        outside = dict(self.known)
        questions = tuple(self.question(each, depth + 1) for each in table.tables("questions"))
        rules = self.rules(table.tables("rules"), questions)
        if any(question.shared or question.for_consent for question in questions):
            table.report("only whole questions can be shared or seen for a consent", "questions")
        self.known = outside
        return questions, rules

    def rules(self, tables: Iterable[Table], questions: Iterable[Question]) -> tuple[Rule, ...]:
        """The rules of a group: each about one of its questions."""
        ids = {question.id for question in questions}
        found = []
        for table in tables:
            if table.word("question") in ids:
                found.append(self.rule(table))
            else:
                table.report(
                    f'the rule speaks about an unknown question "{table.word("question")}"', "question"
                )
        return tuple(found)

    def rule(self, table: Table) -> Rule:
        """One rule; it may use everything known at this point."""
        table.keys(_RULE_KEYS)
        must = self.expression(table, "must")
        return Rule(table.word("question"), must, table.text("message"))

    def wait_for(self, tables: Iterable[Table]) -> None:
        """Derived values: each becomes known once everything it needs is."""
        for table in tables:
            table.keys(_DERIVED_KEYS)
            derived = Derived(
                **{"id": table.word("id"), **table.plain(_DERIVED_PLAIN)},
                value=_decided(table) if "decision" in table.values else compiled(table, "value"),
                label=table.text("label", optional=True),
                options=options(table),
            )
            if derived.kind not in SHOWN_KINDS:
                table.report(f'a derived value cannot be shown as "{derived.kind}"', "kind")
            self.waiting.append((table, derived))

    def no_longer_waiting(self) -> None:
        """Note the values that need something nobody asks for."""
        for table, derived in self.waiting:
            for name in sorted(self._unknown(derived.value)):
                table.report(f'the value uses "{name}", which is not asked', "value")
        self.waiting = []

    def _ready(self) -> Iterable[Derived]:
        while found := next((each for each in self.waiting if not self._unknown(each[1].value)), None):
            self.waiting.remove(found)
            table, derived = found
            if not derived.id.isidentifier() or derived.id in self.known.keys() | ALWAYS_KNOWN | TAKEN:
                table.report(f'"{derived.id}" is no good id, is used twice or taken', "id")
            if isinstance(derived.value, feel.Expression):
                self.uses.append(Use((*table.path, "value"), derived.value, dict(self.known), derived.kind))
            self.known[derived.id] = derived
            yield derived

    def condition(self, table: Table, key: str) -> feel.Expression | None:
        """A condition under this name, if there is one."""
        return self.expression(table, key) if key in table.values else None

    def expression(self, table: Table, key: str) -> feel.Expression:
        """An expression that may use what is known at this point."""
        expression = compiled(table, key)
        for name in sorted(self._unknown(expression)):
            table.report(f'the condition uses "{name}", which is not asked before', key)
        self.uses.append(Use((*table.path, key), expression, dict(self.known)))
        return expression

    def _unknown(self, expression: feel.Expression | Decided) -> frozenset[str]:
        return expression.names - self.known.keys() - ALWAYS_KNOWN - BUILTINS.keys()

    def _complete(self, table: Table, question: Question) -> None:
        """Say what a question of this kind still needs."""
        if question.kind in ("choice", "choices") and not question.options:
            table.report(f'"{question.id}" has no options')
        if question.kind == "group" and not question.questions:
            table.report(f'the group "{question.id}" has no questions')
        if question.kind == "area" and question.country not in self.known:
            table.report(f'"{question.id}" needs the id of an earlier question for the country')
        self._named(table, question)
        for key in ("max_length", "repeat"):
            if getattr(question, key) < (key == "repeat"):
                table.report(f"{key} is too small", key)
        values = [option.value for option in question.options]
        if len(values) != len(set(values)) or "" in values:
            table.report(f'the options of "{question.id}" need a value each, all different', "options")

    def _named(self, table: Table, question: Question) -> None:
        """Say which settings name no earlier question, or one of another kind than they need."""
        for key, kinds in _REFERS.items():
            wanted = getattr(question, key)
            if wanted and wanted not in self.known:
                table.report(f'"{wanted}" is not asked before', key)
            elif wanted and self.known[wanted].kind not in kinds:
                table.report(f'"{wanted}" is no question of the kind {" or ".join(kinds)}', key)


def _decided(table: Table) -> feel.Expression | Decided:
    """A value that a decision table beside the form gives; null where there is none."""
    name = table.word("decision")
    found = decided(name, table.file.decisions)
    if found is None:
        table.report(
            f'there is no decision "{name}": it is the name of a table, a dot, the id of a decision',
            "decision",
        )
    return found or feel.compile("null")


def compiled(table: Table, key: str) -> feel.Expression:
    """An expression; null when it cannot be read."""
    try:
        return feel.compile(table.word(key))
    except SyntaxProblem as problem:
        table.report(f"the condition cannot be read: {problem}", key)
        return feel.compile("null")


def options(table: Table) -> tuple[Option, ...]:
    """What there is to choose."""
    return tuple(Option(each.word("value"), each.text("label")) for each in table.tables("options"))
