"""What a question looks like is the same with the template and without it."""

import re

from django import forms
from django.utils.safestring import mark_safe

from consular import formspec
from consular.formspec import kinds
from tests import rows
from tests.formspec import forms as built

KINDS = sorted(kinds.KINDS.keys() - {"group", "area"})
OPTIONS = '[{ value = "a", label = "One & <b>" }, { value = "b", label = "Two" }]'
SENT = (None, {}, {"it": "<b>"}, {"it": "x", "it_not_applicable": "yes"})


def plain(html: str) -> str:
    """Without the space between tags."""
    return re.sub(r">\s+", ">", re.sub(r"\s+<", "<", html))


@rows.every(
    "kind", KINDS, "more", [{"hint": '"A <hint> & {}"'}, {"required": "false"}, {"not_applicable": "true"}]
)
def test_a_field_is_written_as_its_template_writes_it(kind: str, more: dict[str, str]) -> None:
    options = {"options": OPTIONS} if kind in ("choice", "choices") else {}
    page = built.page(built.question(kind, **options, **more))
    for data in SENT:
        (field,) = formspec.django_form(page, {}, data)
        for words in (field.label, "<i>Label</i> & {}", mark_safe("<i>Label</i>")):
            field.label = words
            assert plain(field.as_field_group()) == plain(forms.BoundField.as_field_group(field))


def test_words_are_escaped_unless_they_are_safe_already() -> None:
    (field,) = formspec.django_form(built.page(built.question("text")), {})

    field.label, field.help_text = "<i>", mark_safe("<u>Hint</u>")

    assert "&lt;i&gt;" in field.as_field_group()
    assert "<u>Hint</u>" in field.as_field_group()
