"""A form as JSON Schema (draft 2020-12), made from the same questions as the pages.

It says what can be said without an evaluator: kinds, lengths, options, what is needed in any case. Conditions, rules
and derived values are FEEL and stand beside it as text, under names that begin with `x-`; no second rule engine here.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from consular.formspec import addresses, kinds, places
from consular.formspec.model import NOT_APPLICABLE, Folder, Page, Question
from consular.rules import feel

Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_PARTIAL_DAY = r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"
_PATTERNS = {
    "money": r"^[0-9]+\.[0-9]{2}$",
    "number": r"^[0-9]+$",
    "phone": r"^\+[0-9]",
    "document_number": r"^[A-Z0-9]+([-/.][A-Z0-9]+)*$",
}
_LISTS = {
    "country": "country",
    "nationality": "nationality",
    "member_state": "member_state",
    "member_states": "member_state",
}


def of(folder: Folder) -> Schema:
    """The answers that this version of a service takes, in the active language."""
    form = folder.form
    return {
        "$schema": DIALECT,
        "$id": f"urn:consular:{folder.service}:{folder.version}",
        "title": str(form.title),
        "x-service": folder.service,
        "x-version": folder.version,
        **_object(form.questions),
        "x-pages": [_page(page) for page in form.pages],
        "x-derived": [
            {"id": each.id, "kind": each.kind, "value": each.value.text}
            for question in form.questions
            for each in question.derives
        ],
        "x-declarations": [
            {
                "id": each.id,
                "version": each.version,
                "text": str(each.text),
                **_condition("show-when", each.show_when),
            }
            for each in form.declarations
        ],
        "$defs": {
            "country": {"enum": [code for code, _label in places.countries()]},
            "historic_country": {"enum": [code for code, _label in places.countries(historic=True)]},
            "nationality": {"enum": [code for code, _label in places.nationalities()]},
            "historic_nationality": {"enum": [code for code, _label in places.nationalities(historic=True)]},
            "member_state": {"enum": [code for code, _label in places.member_states()]},
        },
    }


def _page(page: Page) -> Schema:
    return {
        "id": page.id,
        "title": str(page.title),
        "questions": [question.id for question in page.questions],
        "x-rules": _rules(page.rules),
    }


def _rules(rules: Iterable[Any]) -> list[Schema]:
    return [
        {"question": rule.question, "must": rule.must.text, "message": str(rule.message)} for rule in rules
    ]


def _object(questions: Iterable[Question]) -> Schema:
    listed = list(questions)
    needed = [each.id for each in listed if _is_always_needed(each)]
    return {
        "type": "object",
        "properties": {each.id: _question(each) for each in listed},
        **({"required": needed} if needed else {}),
        "additionalProperties": False,
    }


def _is_always_needed(question: Question) -> bool:
    """Areas are not: a country that is not divided has none to choose. Groups are where something in them is."""
    if question.show_when is not None or question.required_when is not None or question.kind == "area":
        return False
    return question.required and (question.kind != "group" or any(map(_is_always_needed, question.questions)))


def _question(question: Question) -> Schema:
    value = _value(question)
    if question.not_applicable:
        value = {"anyOf": [value, {"const": dict(NOT_APPLICABLE)}]}
    words = {"title": str(question.label), "description": str(question.hint), "x-number": question.number}
    return {
        **{name: text for name, text in words.items() if text},
        "x-kind": question.kind,
        **value,
        **_condition("show-when", question.show_when),
        **_condition("required-when", question.required_when),
    }


def _condition(name: str, condition: feel.Expression | None) -> Schema:
    return {f"x-{name}": condition.text} if condition else {}


def _value(question: Question) -> Schema:
    """What an answer of this kind is in JSON."""
    kind = kinds.KINDS[question.kind]
    if question.kind == "group":
        return _group(question)
    if question.kind == "yes_no":
        return {"type": "boolean"}
    if question.kind == "declaration":
        return {"const": True}
    if question.kind == "date":
        return {"type": "string", "pattern": _PARTIAL_DAY if question.partial else _DAY}
    if question.kind == "address":
        return _address(question)
    if kind.chooses or kind.several:
        one = _choice(question)
        return {"type": "array", "items": one, "uniqueItems": True, "minItems": 1} if kind.several else one
    return _text(question)


def _group(question: Question) -> Schema:
    entry = _object(question.questions)
    rules = {"x-rules": _rules(question.rules)} if question.rules else {}
    return {"type": "array", "items": entry, "minItems": 1, "maxItems": question.repeat, **rules}


def _text(question: Question) -> Schema:
    pattern = {"pattern": _PATTERNS[question.kind]} if question.kind in _PATTERNS else {}
    form = {"format": "email"} if question.kind == "email" else {}
    return {"type": "string", "minLength": 1, "maxLength": kinds.length(question), **pattern, **form}


def _choice(question: Question) -> Schema:
    if question.kind in _LISTS:
        name = _LISTS[question.kind]
        return {"$ref": f"#/$defs/historic_{name}" if question.historic else f"#/$defs/{name}"}
    if question.options:
        return {"oneOf": [{"const": each.value, "title": str(each.label)} for each in question.options]}
    return {"type": "string", "minLength": 1}


def _address(question: Question) -> Schema:
    parts: Mapping[str, Schema] = {
        part: {"type": "string", "minLength": 1, "maxLength": most}
        for part, most in addresses.LONGEST.items()
    }
    return {
        "type": "object",
        "properties": {**parts, "country": {"$ref": "#/$defs/country"}},
        "required": ["lines", "place", *([] if question.country else ["country"])],
        "additionalProperties": False,
    }
