"""The JSON Schema of a form says what the pages say, as far as it can without an evaluator."""

from datetime import date

import pytest
from django.utils import translation
from hypothesis import given, settings
from jsonschema import Draft202012Validator

from consular import formspec
from consular.core import clock
from consular.formspec import json_schema
from consular.formspec.model import Folder
from tests import rows
from tests.formspec import forms
from tests.formspec.schengen import answers
from tests.formspec.test_hidden import CASES
from tests.formspec.test_kinds import ADDRESS, ZONE
from tests.formspec.test_nesting import FORM as NESTED

SCHENGEN = formspec.latest("schengen_visa")


def folder(form):
    """A folder around a form."""
    return Folder("test", 1, form, b"", {})


def validator(form, *, complete=True):
    schema = json_schema.of(form if isinstance(form, Folder) else folder(form))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema if complete else _without_required(schema))


def _without_required(schema):
    if isinstance(schema, dict):
        return {key: _without_required(value) for key, value in schema.items() if key != "required"}
    return [_without_required(each) for each in schema] if isinstance(schema, list) else schema


@pytest.mark.parametrize("service", [each.service for each in formspec.services()])
def test_every_form_has_a_valid_schema_without_anything_that_json_cannot_say(service):
    validator(formspec.latest(service))


def test_a_complete_application_fits_and_an_incomplete_one_does_not():
    full = formspec.counted(SCHENGEN.form, answers(clock.today(), birth_date="1980-05"))
    check = validator(SCHENGEN)
    assert [error.message for error in check.iter_errors(full)] == []
    for name in ("surname", "nationality", "arrival_date"):
        assert not check.is_valid({key: value for key, value in full.items() if key != name})
    assert not check.is_valid({**full, "stranger": 1})
    assert not check.is_valid({**full, "sex": "blue"})
    assert not check.is_valid({**full, "birth_date": "soon"})


def test_conditions_rules_and_versions_stand_beside_it_as_feel():
    schema = json_schema.of(SCHENGEN)
    assert schema["properties"]["civil_status_other"]["x-show-when"] == 'civil_status = "other"'
    rules = [rule["must"] for page in schema["x-pages"] for rule in page["x-rules"]]
    assert "departure_date >= arrival_date" in rules
    assert schema["x-version"] == SCHENGEN.version
    assert {each["id"] for each in schema["x-declarations"]} >= {"true_and_complete"}
    with translation.override("de"):
        assert (
            json_schema.of(SCHENGEN)["properties"]["surname"]["title"]
            != schema["properties"]["surname"]["title"]
        )


KINDS = [
    ("text", "Old Street 5"), ("name", "Ann"), ("email", "a@example.org"), ("phone", "+49 30 1234567"),
    ("document_number", "L898902C"), ("date", "2026-12-31"), ("yes_no", False), ("declaration", True),
    ("country", "IND"), ("nationality", "XXA"), ("member_state", "DEU"), ("member_states", ["AUT", "SWE"]),
    ("number", "7"), ("money", "0.05"), ("address", ADDRESS), ("mrz", "\n".join(ZONE)), ("long_text", "One\ntwo"),
]  # fmt: skip


@rows.every("kind, answer", KINDS)
def test_what_a_page_takes_fits_the_schema_of_its_kind(kind, answer):
    form = forms.form(forms.question(kind, not_applicable="true"))
    stored = formspec.counted(form, {"it": answer})
    assert stored == {"it": answer}
    assert validator(form).is_valid(stored)
    assert validator(form).is_valid({"it": {"not_applicable": True}})
    for wrong in ({}, {"it": {"a": 1}}, {"it": 5}, {"it": ["x"]}, {"it": ""}):
        assert not validator(form).is_valid(wrong)


@settings(max_examples=60, deadline=None)
@given(CASES)
def test_whatever_counts_fits_the_schema_but_for_what_is_missing(case):
    form, given_answers = case
    stored = formspec.counted(form, given_answers)
    assert validator(form, complete=False).is_valid(stored)
    if not formspec.problems(form, given_answers):
        assert validator(form).is_valid(stored)


def test_groups_within_groups_are_arrays_within_arrays():
    inner = json_schema.of(folder(NESTED))["properties"]["children"]["items"]["properties"]["stays"]
    assert inner["type"] == "array"
    assert inner["maxItems"] == 4
    assert inner["items"]["required"] == ["first"]
    assert inner["x-show-when"] == "has_stayed = true"


def test_the_day_of_a_partial_date_may_be_missing():
    check = validator(forms.form(forms.question("date", partial="true")))
    assert check.is_valid({"it": "1985"})
    assert check.is_valid({"it": str(date(1985, 3, 27))})
    assert not validator(forms.form(forms.question("date"))).is_valid({"it": "1985"})
