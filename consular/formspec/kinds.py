"""The kinds of question: how each reads an answer, shows it, and hands it to conditions."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from types import MappingProxyType

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils import formats
from django.utils.translation import gettext as _

from consular.core import clock
from consular.formspec import addresses, dates, phones, places, text
from consular.formspec.model import Answer, Answers, Question
from consular.formspec.text import Wrong
from consular.missions import areas
from consular.travel import mrz, transliteration, wording

MOST_SENTENCES = 3
"""So many mistakes, and so many doubts, of one machine-readable zone are told at once."""

Reader = Callable[[Question, Answer, Answers], Answer]
"""(question, raw answer, answers so far) -> tidy answer; raises Wrong."""

LENGTHS = MappingProxyType(
    {
        "long_text": 2000,
        "email": 254,
        "phone": 40,
        "document_number": 20,
        "name": 80,
        "money": 20,
        "number": 9,
        "mrz": 300,
    }
)
"""The most characters an answer may have, by kind, unless the question says otherwise; all others: 200."""


@dataclass(frozen=True)
class Kind:
    """One kind of question. `chooses`: the answer is one of `choices`, `several`: a list of them.

    `parts` are the inputs of a question that has more than one.
    """

    read: Reader
    show: Callable[[Question, Answer], str] = lambda question, answer: str(answer)
    feel: Callable[[Answer], object] = lambda answer: answer
    chooses: bool = False
    several: bool = False
    parts: tuple[str, ...] = ()


def length(question: Question) -> int:
    """The most characters an answer may have."""
    return question.max_length or LENGTHS.get(question.kind, 200)


def choices(question: Question, given: Answers) -> places.Choices:
    """What there is to choose, (value, label) in the active language; areas depend on the country given."""
    if question.kind == "country":
        return places.countries(historic=question.historic)
    if question.kind == "nationality":
        return places.nationalities(historic=question.historic)
    if question.kind in ("member_state", "member_states"):
        return places.member_states()
    if question.kind == "mission":
        return places.missions()
    if question.kind == "area":
        return places.parts_of(str(given.get(question.country, "")))
    return tuple((option.value, str(option.label)) for option in question.options)


def values(question: Question, given: Answers) -> Iterable[str]:
    """The values alone of what there is to choose; of a question's own options without their translations."""
    if question.options:
        return (option.value for option in question.options)
    return (value for value, label in choices(question, given))


def is_blank(answer: Answer) -> bool:
    """Whether this counts as not answered."""
    if isinstance(answer, str):
        return not answer.strip()
    if isinstance(answer, list | tuple):
        return all(is_blank(part) for part in answer)
    if isinstance(answer, Mapping):
        return all(is_blank(part) for part in answer.values())
    return answer is None


def _text(question: Question, value: Answer, given: Answers) -> str:
    return text.line(value, length(question))


def _long_text(question: Question, value: Answer, given: Answers) -> str:
    return text.lines(value, length(question))


def _name(question: Question, value: Answer, given: Answers) -> str:
    name = text.name(value, length(question))
    if question.latin_of and not text.is_latin(name):
        raise Wrong(_("Please write this name in Latin letters, as in the lines of your travel document."))
    return name


def _phone(question: Question, value: Answer, given: Answers) -> str:
    return phones.read(value, length(question), str(given.get(question.country, "")))


def _address(question: Question, value: Answer, given: Answers) -> dict[str, str]:
    return addresses.read(value, str(given.get(question.country, "")) if question.country else None)


def _mrz(question: Question, value: Answer, given: Answers) -> str:
    """The lines of a machine-readable zone without a mistake; else what is wrong, and which characters are doubtful."""
    reading = mrz.read(value if isinstance(value, str) else "", clock.today())
    if reading.valid:
        return "\n".join(reading.lines)
    said = [str(problem.message) for problem in reading.problems if problem.is_error][:MOST_SENTENCES]
    said += [str(doubt.message) for doubt in reading.doubts if doubt.message][:MOST_SENTENCES]
    if reading.suggestion:
        lines = wording.in_line(" ".join(reading.suggestion))
        said.append(_("Is this what stands there? %(lines)s") % {"lines": lines})
    raise Wrong(" ".join(said))


def _document_number(question: Question, value: Answer, given: Answers) -> str:
    return text.document_number(value, length(question))


def _email(question: Question, value: Answer, given: Answers) -> str:
    address = text.line(value, length(question))
    try:
        EmailValidator()(address)
    except ValidationError:
        raise Wrong(_("Please enter an e-mail address such as name@example.org.")) from None
    return address


def _date(question: Question, value: Answer, given: Answers) -> str:
    return dates.read(value, partial=question.partial)


def _yes_no(question: Question, value: Answer, given: Answers) -> bool:
    if isinstance(value, bool):
        return value
    if value in ("yes", "no"):
        return bool(value == "yes")
    raise Wrong(_("Please choose yes or no."))


def _declaration(question: Question, value: Answer, given: Answers) -> bool:
    if value is True or value == "yes":
        return True
    raise Wrong(_("Please confirm this declaration."))


def _choice(question: Question, value: Answer, given: Answers) -> str:
    if not isinstance(value, str) or value not in values(question, given):
        raise Wrong(_("Please choose one of the answers."))
    return value


def _choices(question: Question, value: Answer, given: Answers) -> list[str]:
    if not isinstance(value, list | tuple):
        raise Wrong(_("Please choose from the answers."))
    known = tuple(values(question, given))
    if any(key not in known for key in value):
        raise Wrong(_("Please choose from the answers."))
    return [key for key in known if key in value]


_IN_THREES = re.compile(
    r"\d{1,3}((\.\d{3})+,\d{1,2}|(,\d{3})+\.\d{1,2}|(\.\d{3}){2,}|(,\d{3}){2,}|(['’٬]\d{3})+([.,]\d{1,2})?)",
    re.ASCII,
)
_BETWEEN_THREES = re.compile(r"[.,'’٬](?=\d{3})")
"""Thousands set apart, as in 1.234,50 and 1,234.50. Just 1.234 may be meant either way, and is asked again."""


def _money(question: Question, value: Answer, given: Answers) -> str:
    typed = "".join(text.ascii_digits(text.line(value, length(question))).split()).replace("٫", ".")
    if _IN_THREES.fullmatch(typed):
        typed = _BETWEEN_THREES.sub("", typed)
    if typed.count(",") == 1 and "." not in typed:
        typed = typed.replace(",", ".")
    whole, point, cents = typed.partition(".")
    if not (typed.isascii() and whole.isdigit() and len(cents) <= 2 and (cents.isdigit() or not point)):
        raise Wrong(_("Please enter an amount such as 1250 or 1250.50."))
    return f"{Decimal(typed):.2f}"


def _number(question: Question, value: Answer, given: Answers) -> str:
    typed = text.ascii_digits(text.line(value, length(question)))
    if not (typed.isascii() and typed.isdigit()):
        raise Wrong(_("Please enter a whole number."))
    return str(int(typed))


def proposal(question: Question, given: Answers) -> str:
    """How a name would be spelled in the machine-readable zone, from the same name in its own script; "" without it."""
    name = given.get(question.latin_of) if question.latin_of else None
    return (
        transliteration.spell(name, str(given.get("nationality", ""))).text if isinstance(name, str) else ""
    )


def _show_choice(question: Question, value: Answer) -> str:
    if question.kind == "area":
        return areas.full_name(value)
    if question.kind == "mission":
        return dict(places.missions()).get(str(value), str(value))
    if question.options:
        return next((str(option.label) for option in question.options if option.value == value), value)
    return places.label(value)


def _show_choices(question: Question, value: Answer) -> str:
    return ", ".join(_show_choice(question, key) for key in value)


def _show_money(question: Question, value: Answer) -> str:
    return f"{formats.number_format(Decimal(value), 2, force_grouping=True)} {question.currency}".strip()


def _yes(question: Question, value: Answer) -> str:
    return _("Yes") if value else _("No")


def _amount(value: Answer) -> Decimal | None:
    try:
        return Decimal(value)
    except InvalidOperation:
        return None


def _no_entries(question: Question, value: Answer, given: Answers) -> Answer:
    raise TypeError("entries of a group are judged one by one")


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "text": Kind(_text),
        "long_text": Kind(_long_text),
        "name": Kind(_name),
        "email": Kind(_email),
        "phone": Kind(_phone),
        "document_number": Kind(_document_number),
        "address": Kind(_address, lambda question, answer: addresses.show(answer), parts=addresses.PARTS),
        "mrz": Kind(_mrz),
        "date": Kind(_date, lambda question, answer: dates.show(answer), dates.as_date, parts=dates.PARTS),
        "yes_no": Kind(_yes_no, _yes),
        "declaration": Kind(_declaration, _yes),
        "choice": Kind(_choice, _show_choice, chooses=True),
        "country": Kind(_choice, _show_choice, chooses=True),
        "nationality": Kind(_choice, _show_choice, chooses=True),
        "member_state": Kind(_choice, _show_choice, chooses=True),
        "area": Kind(_choice, _show_choice, chooses=True),
        "mission": Kind(_choice, _show_choice, chooses=True),
        "choices": Kind(_choices, _show_choices, chooses=True, several=True),
        "member_states": Kind(_choices, _show_choices, chooses=True, several=True),
        "number": Kind(_number, feel=_amount),
        "money": Kind(_money, _show_money, _amount),
        "group": Kind(_no_entries),
    }
)
