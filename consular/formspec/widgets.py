"""Which input asks which question."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from consular.formspec import kinds
from consular.formspec.compound import AddressInputs, OrNotApplicable
from consular.formspec.inputs import Confirmation, DateInputs, Line, Lines, OneOf, SeveralOf, YesNo
from consular.formspec.inputs import LongSelect as LongSelect
from consular.formspec.model import Answers, Question

FEW = 7
"""Up to so many choices are shown as radio buttons, more as a list."""

_INPUT_TYPES = {"email": "email", "phone": "tel"}
_INPUT_MODES = {"money": "decimal", "number": "numeric"}
_WIDTHS = {"phone": "width-20", "document_number": "width-20", "money": "width-10", "number": "width-4"}
_NEVER_FILLED_IN = frozenset({"document_number", "mrz"})
_ROWS = {"long_text": 4, "mrz": 3}


def of(question: Question, given: Answers) -> forms.Widget:
    """The widget that asks a question; `given` decides about choices that depend on earlier answers."""
    widget = _of(question, given)
    return OrNotApplicable(widget) if question.not_applicable else widget


def _of(question: Question, given: Answers) -> forms.Widget:
    kind = kinds.KINDS[question.kind]
    attributes = _attributes(question)
    if question.kind == "date":
        return DateInputs(question.autocomplete)
    if question.kind == "address":
        return AddressInputs(asks_country=not question.country, autocomplete=question.autocomplete)
    if question.kind == "declaration":
        return Confirmation()
    if question.kind == "yes_no":
        return YesNo(choices=[("yes", _("Yes")), ("no", _("No"))])
    if kind.several:
        return SeveralOf(choices=kinds.choices(question, given))
    if kind.chooses:
        return _one_of(kinds.choices(question, given), attributes)
    if question.kind in _ROWS:
        return Lines({**attributes, "rows": _ROWS[question.kind]})
    widget = Line(attributes)
    widget.input_type = _INPUT_TYPES.get(question.kind, "text")
    return widget


def _one_of(choices: Any, attributes: dict[str, Any]) -> forms.Widget:
    if len(choices) <= FEW:
        return OneOf(choices=choices)
    attributes.pop("maxlength", None)
    return LongSelect(attributes, choices=[("", _("Please choose")), *choices])


def _attributes(question: Question) -> dict[str, Any]:
    """Browsers help with what they know, and never with numbers of documents (BSI TR-03172-3)."""
    attributes: dict[str, Any] = {"maxlength": kinds.length(question)}
    if question.kind in _NEVER_FILLED_IN:
        attributes |= {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
    elif question.autocomplete:
        attributes["autocomplete"] = question.autocomplete
    if question.kind == "mrz":
        attributes |= {"dir": "ltr", "class": "code"}
    if question.kind in _WIDTHS:
        attributes["class"] = _WIDTHS[question.kind]
    if question.kind in _INPUT_MODES:
        attributes["inputmode"] = _INPUT_MODES[question.kind]
    if question.kind == "name":
        attributes["spellcheck"] = "false"
    return attributes
