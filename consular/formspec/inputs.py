"""Inputs as they stand on a page, written here: a template for each costs more than the rest of a page."""

from functools import cache
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.forms.widgets import ChoiceWidget
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from consular.formspec import dates

_INPUT_CLASS = "kern-form-input__input"
CHECKED = mark_safe(" checked")


class Line(forms.TextInput):
    """One line of text."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        return _input(
            name, self.format_value(value), {"type": self.input_type, **self.attrs, **(attrs or {})}
        )


class Lines(forms.Textarea):
    """Text of several lines."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        given = {**self.attrs, **(attrs or {}), "name": name}
        given["class"] = f"{_INPUT_CLASS} {given.get('class', '')}".strip()
        return format_html("<textarea{}>\n{}</textarea>", flatatt(given), self.format_value(value) or "")


def _input(name: str, typed: str | None, attributes: dict[str, Any]) -> SafeString:
    given = {**attributes, "name": name, "class": f"{_INPUT_CLASS} {attributes.get('class', '')}".strip()}
    if typed:
        given["value"] = typed
    return format_html("<input{}>", flatatt(given))


class DateInputs(forms.MultiWidget):
    """Day, month and year as three inputs; the answer stays one ISO text or what was typed."""

    use_fieldset = True
    parts = {"day": "2", "month": "2", "year": "4"}

    def __init__(self, autocomplete: str) -> None:
        super().__init__(dict.fromkeys(self.parts, forms.TextInput))
        self.autocomplete = autocomplete

    def decompress(self, value: Any) -> list[str]:
        return list(dates.typed(value))

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        typed = value if isinstance(value, list) else self.decompress(value)
        own, labels = attrs or {}, (_("Day"), _("Month"), _("Year"))
        rows = [
            self._part(name, part, label, text, {**own, "id": f"{own.get('id', name)}_{number}"})
            for number, (part, label, text) in enumerate(zip(self.parts, labels, typed, strict=True))
        ]
        return format_html('<div class="field-parts">{}</div>', mark_safe("".join(rows)))  # noqa: S308  # escaped parts

    def _part(self, name: str, part: str, label: str, typed: str, attrs: dict[str, Any]) -> SafeString:
        length = self.parts[part]
        given = {
            **attrs,
            "type": "text",
            "class": f"width-{length}",
            "inputmode": "numeric",
            "maxlength": length,
        }
        if self.autocomplete:
            given["autocomplete"] = f"{self.autocomplete}-{part}"
        return format_html(
            '<div class="field-part"><label class="kern-label" for="{}">{}</label>{}</div>',
            given["id"],
            label,
            _input(f"{name}_{part}", typed, given),
        )


class Options(ChoiceWidget):
    """Options one below the other, written here: the template of each option costs more than the rest of a page."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        given = self.build_attrs(self.attrs, attrs)
        start, chosen = given.pop("id", name), frozenset(self.format_value(value))
        rest = flatatt(
            {"type": self.input_type, "class": f"kern-form-check__{self.input_type}", "name": name, **given}
        )
        rows = (
            (
                rest,
                choice,
                f"{start}_{index}",
                CHECKED if str(choice) in chosen else "",
                f"{start}_{index}",
                label,
            )
            for index, (choice, label) in enumerate(self.choices)
        )
        return format_html('<div class="kern-fieldset__body">{}</div>', format_html_join("", _OPTION, rows))


_OPTION = (
    '<div class="kern-form-check"><input{} value="{}" id="{}"{}>'
    '<label class="kern-label" for="{}">{}</label></div>'
)


class OneOf(Options, forms.RadioSelect):
    """Radio buttons."""


class SeveralOf(Options, forms.CheckboxSelectMultiple):
    """Boxes to tick."""


class YesNo(OneOf):
    """Two radio buttons; the answer is a bool."""

    def format_value(self, value: Any) -> list[str]:
        return super().format_value({True: "yes", False: "no"}.get(value, value))


class Confirmation(forms.CheckboxInput):
    """One box that must be ticked."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return "yes" if super().value_from_datadict(data, files, name) else None


class LongSelect(forms.Select):
    """A list of hundreds of choices; its options are written once per language and reused."""

    def optgroups(self, name: str, value: list[str], attrs: dict[str, Any] | None = None) -> list[Any]:
        return []

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = value if isinstance(value, str) else ""
        options = _options(tuple(self.choices))
        marked = options.replace(_start(chosen), f"{_start(chosen)} selected", 1) if chosen else options
        empty = super().render(name, value, attrs, renderer)
        return mark_safe(empty.replace("</select>", f"{marked}</select>"))  # noqa: S308  # every part is escaped


def _start(value: object) -> str:
    return format_html('<option value="{}"', value)


@cache
def _options(choices: tuple[tuple[str, str], ...]) -> str:
    return format_html_join("", '<option value="{}">{}</option>', choices)
