"""Cuts FEEL text into tokens; names may hold spaces and operators (DMN 1.5, 10.3.1.4)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from consular.rules import limits
from consular.rules.problems import SyntaxProblem

START = (
    r"?A-Z_a-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C-\u200D\u2070-\u218F"
    r"\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD\U00010000-\U000EFFFF"
)
PART = START + r"0-9\u00B7\u0300-\u036F\u203F-\u2040"
SPACE = r"[\s\u0085\u00A0\u1680\u180E\u2000-\u200B\u2028\u2029\u202F\u205F\u3000\uFEFF]"

INSTANCE_OF = re.compile(rf"instance{SPACE}+of(?![{PART}])")
WORD = re.compile(f"[{START}][{PART}]*")
SKIP = re.compile(rf"(?:{SPACE}+|//[^\n\r]*|/\*(?:[^*]|\*(?!/))*\*/)*")
SPACES = re.compile(f"{SPACE}+")
NUMBER = re.compile(r"(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
OPERATOR = re.compile(r"\*\*|\.\.|<=|>=|!=|->|[-+*/=<>()\[\]{},.:@'\u2019]")
ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{6})|([ntr'\"\\]))")
SIMPLE = {"n": "\n", "t": "\t", "r": "\r", "'": "'", '"': '"', "\\": "\\"}

KEYWORDS = frozenset(
    (
        "and",
        "or",
        "if",
        "then",
        "else",
        "for",
        "in",
        "return",
        "some",
        "every",
        "satisfies",
        "between",
        "true",
        "false",
        "null",
        "function",
    )
)


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of text: kind is name, keyword, number, string, operator or end."""

    kind: str
    value: str
    start: int
    end: int


class Lexer:
    """Reads one token at a time, so that names made known while reading count from there on."""

    def __init__(self, text: str, known: Iterable[str] = ()) -> None:
        if len(text) > limits.TEXT:
            raise SyntaxProblem(f"the expression is longer than {limits.TEXT} characters")
        self.text = text
        self.known = frozenset(known)
        self.names = pattern(self.known)

    def learn(self, name: str) -> None:
        """Make a name known that is not one plain word."""
        if not WORD.fullmatch(name) and name not in self.known:
            self.known |= {name}
            self.names = pattern(self.known)

    def token(self, position: int) -> Token:
        """The token at or after a position."""
        start = SKIP.match(self.text, position).end()  # type: ignore[union-attr]
        if start >= len(self.text):
            return Token("end", "", start, start)
        if self.names and (match := self.names.match(self.text, start)):
            return Token("name", tidy(match[0]), start, match.end())
        if match := NUMBER.match(self.text, start):
            return Token("number", match[0], start, match.end())
        if match := INSTANCE_OF.match(self.text, start):
            return Token("keyword", "instance of", start, match.end())
        if match := WORD.match(self.text, start):
            return self._word(match)
        if match := STRING.match(self.text, start):
            return Token("string", unescaped(match[0][1:-1]), start, match.end())
        if match := OPERATOR.match(self.text, start):
            return Token("operator", match[0], start, match.end())
        what = "a string without its end" if self.text[start] == '"' else f"unexpected {self.text[start]!r}"
        raise SyntaxProblem(what, text=self.text, position=start)

    def _word(self, match: re.Match[str]) -> Token:
        """A keyword, or a name: words side by side make one name, since nothing else could follow."""
        if match[0] in KEYWORDS:
            return Token("keyword", match[0], match.start(), match.end())
        words, end = [match[0]], match.end()
        while space := SPACES.match(self.text, end):
            following = WORD.match(self.text, space.end())
            if not following or following[0] in KEYWORDS or INSTANCE_OF.match(self.text, space.end()):
                break
            if self.names and self.names.match(self.text, space.end()):
                break
            words.append(following[0])
            end = following.end()
        return Token("name", " ".join(words), match.start(), end)


def unescaped(text: str) -> str:
    """The value of a string literal's inside; pairs of surrogates become one character."""
    if "\\" not in text:
        return text
    plain = ESCAPE.sub(_escape, text)
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _escape(match: re.Match[str]) -> str:
    if code := match[1] or match[2]:
        number = int(code, 16)
        return chr(number) if number <= 0x10FFFF else "\ufffd"
    return SIMPLE[match[3]]


def tidy(name: str) -> str:
    """A name in the one spelling used for looking it up: single spaces, none around operators."""
    return re.sub(r" ?([-+*/.'\u2019]) ?", r"\1", SPACES.sub(" ", name).strip())


@lru_cache(maxsize=512)
def pattern(names: frozenset[str]) -> re.Pattern[str] | None:
    """What matches the longest of some names; None when every one is a plain word."""
    special = [tidy(name) for name in names if not WORD.fullmatch(name) and WORD.match(name)]
    if not special:
        return None
    choices = (_spelled(name) for name in sorted(special, key=len, reverse=True))
    return re.compile(f"(?:{'|'.join(choices)})(?![{PART}])")


def _spelled(name: str) -> str:
    pieces = re.findall(r" |[-+*/.'\u2019]|[^-+*/.'\u2019 ]+", name)
    return "".join(
        f"{SPACE}+"
        if piece == " "
        else rf"{SPACE}*{re.escape(piece)}{SPACE}*"
        if piece in "-+*/.'\u2019"
        else re.escape(piece)
        for piece in pieces
    )
