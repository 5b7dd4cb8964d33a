"""Random answers to the questions of any form: right ones that together can be sent, and whatever people type."""

import random
import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from consular import formspec
from consular.core import clock
from consular.formspec import postal_codes
from consular.formspec.kinds import KINDS, choices, length
from consular.formspec.model import Question
from tests.formspec.forms import BIDI, CONTROLS, MARKUP

KEPT = {
    "nationality", "residence_country", "residence_area", "present_country", "present_area", "home_address",
    "doc_zone", "surname_latin", "given_names_latin", "applies_at", "category",
}  # fmt: skip
"""Answers that decide about the mission, or that follow from others: they stay as they are."""
WORDS = (
    "Example",
    "Größe",
    "Ελένη",
    "Ольга",
    "محمد",
    "李明",
    "O’Neill",
    "Đặng",
    "N'Djamena",
    "Ştefan",
    "ñandú",
    "Åse",
)
NAMES = ("Muster", "Groß", "Đặng", "O’Neill", "de la Cruz", "Yılmaz-Öztürk", "Nguyễn", "Åse", "D'Angelo")
TEXTS = [
    "Anna", "李", "آبت", "", "R2D2", "x" * 3000, "12", "2024", "+91 11 23456789", "a@example.org", "L898902C", "1.5",
    "yes", "-1", "99999999999", "1.000,50", "٣٤", "31", "0", "P<UTOERIKSSON<<ANNA",
]  # fmt: skip
NOTHING = [*MARKUP, *BIDI, *(mark for mark in CONTROLS if ord(mark[0]) < 0xD800)]
PHONES = ("+49 30 123456", "+91 22 5550 1234", "+20 2 27391234", "+1 202-555-0143")
ROUNDS = 2


def sendable(form: formspec.Form, base: Mapping[str, Any], chance: random.Random) -> dict[str, Any]:
    """Random answers with which the form can be sent: those of `base`, changed wherever the form takes the change."""
    answers = dict(base)
    for _ in range(ROUNDS):
        tried = dict(answers)
        for question in form.questions:
            if question.id not in KEPT and chance.random() < 0.6:
                found = right(question, tried, chance)
                if found is not None and (question.id in tried or chance.random() < 0.3):
                    tried[question.id] = found
        answers = _without_problems(form, answers, tried)
    counted: dict[str, Any] = formspec.counted(form, answers)
    assert formspec.problems(form, counted) == []
    return counted


def _without_problems(form: formspec.Form, before: dict[str, Any], tried: dict[str, Any]) -> dict[str, Any]:
    """The changes but for those of the pages where they make something wrong."""
    for _ in range(len(form.pages) + 1):
        wrong = {problem.page for problem in formspec.problems(form, tried)}
        if not wrong:
            return tried
        for page in form.pages:
            for question in page.questions if page.id in wrong else ():
                tried.pop(question.id, None)
                tried |= {question.id: before[question.id]} if question.id in before else {}
    return before


def right(question: Question, given: Mapping[str, Any], chance: random.Random) -> Any:
    """An answer that this question takes, tidy as it is stored; None where nothing is tried."""
    kind = KINDS[question.kind]
    if question.kind == "group":
        inner = [each for each in question.questions if chance.random() < 0.9]
        entry = {each.id: right(each, given, chance) for each in inner}
        return [{name: answer for name, answer in entry.items() if answer is not None}]
    if kind.chooses:
        offered = [value for value, _label in choices(question, given)]
        if kind.several:
            return [value for value in offered if chance.random() < 0.3] or offered[:1] or None
        return chance.choice(offered) if offered else None
    made = MADE.get(question.kind)
    return made(question, chance) if made else None


def _text(question: Question, chance: random.Random) -> str:
    text = " ".join(chance.choices(WORDS, k=chance.randint(1, 4)))
    return text[: length(question)].strip() or "x"


def _date(question: Question, chance: random.Random) -> str:
    days = chance.choice((-12_000, -9_000, -1_000, -400, -30, -1, 0, 1, 20, 60, 70, 200, 400, 2_000))
    return (clock.today() + timedelta(days=days)).isoformat()


def _address(question: Question, chance: random.Random) -> dict[str, str] | None:
    if question.country:
        return None
    country = chance.choice(("IND", "DEU", "GHA", "NLD"))
    code = postal_codes.example(country)
    address = {
        "lines": f"{chance.randint(1, 99)} {chance.choice(WORDS)}\n2",
        "place": "Example",
        "country": country,
    }
    return address | ({"postal_code": code} if code else {})


MADE: Mapping[str, Callable[[Question, random.Random], Any]] = {
    "text": _text,
    "long_text": lambda question, chance: f"{_text(question, chance)}\n{_text(question, chance)}"[
        : length(question)
    ].strip(),
    "name": lambda question, chance: chance.choice(NAMES),
    "date": _date,
    "address": _address,
    "yes_no": lambda question, chance: chance.random() < 0.5,
    "number": lambda question, chance: str(chance.choice((0, 1, 2, 6, 18, 20, 40, 170, 5000))),
    "money": lambda question, chance: f"{chance.randint(0, 90_000)}.{chance.randint(0, 99):02}",
    "email": lambda question, chance: chance.choice(("a.b+c@example.org", "x@sub.example.com")),
    "phone": lambda question, chance: chance.choice(PHONES),
    "document_number": lambda question, chance: "".join(chance.choices("ABCDEFGHJK0123456789", k=9)),
}


def anything(html: str, chance: random.Random) -> dict[str, Any]:
    """A random answer, right or wrong, for nearly every input of a page."""
    typed: dict[str, Any] = {}
    for name in dict.fromkeys(re.findall(r'<(?:input|select|textarea)\b[^>]*?\bname="([^"]+)"', html)):
        if chance.random() < 0.85:
            offered = _options(html, name)
            typed[name] = chance.choice(offered or TEXTS) if chance.random() < 0.9 else chance.choice(NOTHING)
    return typed


def _options(html: str, name: str) -> list[str]:
    """What the page offers under this name."""
    chosen: list[str] = re.findall(rf'name="{re.escape(name)}"[^>]* value="([^"]*)"', html)
    select = html.partition(f'<select name="{name}"')[2].partition("</select>")[0]
    return chosen + re.findall(r'<option value="([^"]*)"', select)
