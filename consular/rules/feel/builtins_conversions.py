"""Built-in conversions to numbers, strings and ranges (DMN 1.5, 10.3.4.1)."""

import re
from decimal import Decimal

from consular.rules.feel import compiler, grammar, writing
from consular.rules.feel.calls import CONSTRUCTORS
from consular.rules.feel.registry import builtin
from consular.rules.feel.syntax import Call, Interval, Literal, Name, Negation, Node, OneSided
from consular.rules.problems import SyntaxProblem
from consular.rules.scope import Scope
from consular.rules.values import NUMBERS, Range, Value

WITHOUT_START = re.compile(r"\s*[(\]]\s*\.\.(.*)([])[])\s*", re.DOTALL)
WITHOUT_END = re.compile(r"\s*([][(])(.*)\.\.\s*[)[]\s*", re.DOTALL)
NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?")


@builtin("number", "from:string, grouping separator:string?~, decimal separator:string?~")
def number_from_text(text: str, grouping: str | None, point: str | None) -> Decimal | None:
    """A number from its text, written with the given separators."""
    if grouping not in (None, " ", ",", ".") or point not in (None, ",", "."):
        return None
    if grouping is not None and grouping == (point or "."):
        return None
    plain = text.replace(grouping, "") if grouping else text
    if point == ",":
        plain = plain.replace(".", "x").replace(",", ".")
    return NUMBERS.create_decimal(plain) if NUMBER.fullmatch(plain) else None


@builtin("number", "from:number")
def number_itself(value: Decimal) -> Decimal:
    """The number itself."""
    return value


@builtin("string", "from:any", scoped=True)
def string(scope: Scope, value: Value) -> str | None:
    """The text of a value."""
    text = writing.plain(value)
    if text and isinstance(value, list | dict):
        scope.budget.spend(len(text) // 4)
    return text


@builtin("range", "from:string", scoped=True)
def range_from_text(scope: Scope, text: str) -> Range | None:
    """A range from its text, whose ends are literals; an excluded end may be left out: "(..5]"."""
    if match := WITHOUT_START.fullmatch(text):
        text = f"{'<=' if match[2] == ']' else '<'} {match[1]}"
    elif match := WITHOUT_END.fullmatch(text):
        text = f"{'>=' if match[1] == '[' else '>'} {match[2]}"
    return _from_literals(text, scope)


def _from_literals(text: str, scope: Scope) -> Range | None:
    try:
        tree = grammar.expression(text, CONSTRUCTORS)
    except SyntaxProblem:
        return None
    ends: tuple[Node, ...] = (tree.start, tree.end) if isinstance(tree, Interval) else ()
    if isinstance(tree, OneSided):
        ends = (tree.bound,)
    if not ends or not all(_constant(end) for end in ends):
        return None
    found = compiler.build(tree)(Scope({}, None, scope.budget))
    return found if isinstance(found, Range) else None


def _constant(node: Node) -> bool:
    if isinstance(node, Call) and isinstance(node.function, Name) and node.function.name in CONSTRUCTORS:
        return all(_constant(argument) for argument in node.arguments)
    if isinstance(node, Negation):
        return _constant(node.operand)
    return isinstance(node, Literal) and node.value is not None
