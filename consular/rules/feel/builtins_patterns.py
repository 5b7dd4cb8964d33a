"""Built-in functions with regular expressions (DMN 1.5, 10.3.4.3; XPath functions 3.1, 5.6)."""

from consular.rules.feel.pattern_classes import PatternProblem
from consular.rules.feel.pattern_match import Match, find_all, search
from consular.rules.feel.pattern_syntax import Program, program
from consular.rules.feel.registry import builtin
from consular.rules.scope import Budget, Scope

DIGITS = "0123456789"


def _program(pattern: str, flags: str | None, budget: Budget) -> Program:
    budget.spend(len(pattern))
    try:
        found = program(pattern, flags or "")
    except PatternProblem as problem:
        raise ValueError(str(problem)) from None
    budget.spend(3 * len(found.steps))
    return found


def _separating(pattern: str, flags: str | None, budget: Budget) -> Program:
    """A program that must not match the empty string."""
    found = _program(pattern, flags, budget)
    if search(found, "", 0, budget):
        raise ValueError("the pattern matches the empty string")
    return found


@builtin("matches", "input:string, pattern:string, flags:string?~", scoped=True)
def matches(scope: Scope, text: str, pattern: str, flags: str | None) -> bool:
    """Whether a pattern is found anywhere in a text."""
    return search(_program(pattern, flags, scope.budget), text, 0, scope.budget) is not None


@builtin("split", "string:string, delimiter:string", scoped=True)
def split(scope: Scope, text: str, delimiter: str) -> list[str]:
    """The pieces between the matches of a pattern."""
    pieces, place = [], 0
    for match in find_all(_separating(delimiter, None, scope.budget), text, scope.budget):
        pieces.append(text[place : match.start])
        place = match.end
    return [*pieces, text[place:]]


@builtin("replace", "input:string, pattern:string, replacement:string, flags:string?~", scoped=True)
def replace(scope: Scope, text: str, pattern: str, replacement: str, flags: str | None) -> str:
    """The text with every match replaced; `$1` is a group, `\\$` a dollar sign, `\\\\` a backslash."""
    found = _separating(pattern, flags, scope.budget)
    pieces: list[str] = []
    place = 0
    parts: list[str | int] = [replacement] if "q" in (flags or "") else _parts(replacement, found.groups)
    for match in find_all(found, text, scope.budget):
        pieces += [text[place : match.start], *(_filled(part, match) for part in parts)]
        scope.budget.spend(len(parts))
        place = match.end
    return "".join([*pieces, text[place:]])


def _filled(part: str | int, match: Match) -> str:
    return part if isinstance(part, str) else match.group(part)


def _parts(replacement: str, groups: int) -> list[str | int]:
    """A replacement as texts and numbers of groups."""
    parts: list[str | int] = []
    place = 0
    while place < len(replacement):
        sign, following = replacement[place], replacement[place + 1 : place + 2]
        if sign == "\\":
            if following not in ("\\", "$"):
                raise ValueError("a backslash in a replacement stands before $ or another one")
            parts.append(following)
            place += 2
        elif sign == "$":
            number, place = _group(replacement, place + 1, groups)
            parts += [number] if number <= groups else []
        else:
            parts.append(sign)
            place += 1
    return parts


def _group(replacement: str, place: int, groups: int) -> tuple[int, int]:
    """The number of a group and the place behind it: as many digits as there are groups for."""
    if place >= len(replacement) or replacement[place] not in DIGITS:
        raise ValueError("a dollar sign in a replacement stands before a number")
    number = int(replacement[place])
    place += 1
    while place < len(replacement) and replacement[place] in DIGITS:
        longer = number * 10 + int(replacement[place])
        if longer > groups:
            break
        number, place = longer, place + 1
    return number, place
