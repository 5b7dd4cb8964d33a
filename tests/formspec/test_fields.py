"""What a question looks like is the same with the template and without it."""

import re

import pytest
from django import forms

from consular import formspec
from tests.formspec import forms as built

KINDS = ("text", "long_text", "date", "yes_no", "email", "number", "country")


def plain(html: str) -> str:
    """Without the space between tags."""
    return re.sub(r">\s+", ">", re.sub(r"\s+<", "<", html))


@pytest.mark.parametrize("kind", [*KINDS, "declaration"])
@pytest.mark.parametrize("data", [None, {"it": "<b>"}, {}])
@pytest.mark.parametrize("more", ['hint = "A <hint>"', "required = false"])
def test_a_field_is_written_as_its_template_writes_it(
    kind: str, data: dict[str, str] | None, more: str
) -> None:
    name, value = more.split(" = ")
    form = formspec.django_form(built.page(built.question(kind, **{name: value})), {}, data)

    (field,) = form

    assert plain(field.as_field_group()) == plain(forms.BoundField.as_field_group(field))
