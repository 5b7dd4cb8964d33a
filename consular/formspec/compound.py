"""Inputs that are made of others: an address, and anything that may not concern somebody."""

from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from consular.formspec import addresses, places
from consular.formspec.inputs import CHECKED, Line, Lines, LongSelect


class AddressInputs(forms.MultiWidget):
    """Lines, postal code and place, and the country unless another question asks for it."""

    use_fieldset = True

    def __init__(self, *, asks_country: bool, autocomplete: str) -> None:
        self.asked = addresses.PARTS if asks_country else addresses.PARTS[:-1]
        super().__init__(dict.fromkeys(addresses.PARTS, forms.TextInput))
        self.helps = autocomplete != ""

    def decompress(self, value: Any) -> list[str]:
        typed = addresses.typed(value)
        return [typed[part] for part in addresses.PARTS]

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        typed = dict(zip(addresses.PARTS, self.decompress(value), strict=True))
        own = attrs or {}
        rows = [
            self._part(f"{name}_{part}", part, typed[part], {**own, "id": f"{own.get('id', name)}_{number}"})
            for number, part in enumerate(self.asked)
        ]
        return format_html('<div class="address">{}</div>', mark_safe("".join(rows)))  # noqa: S308  # escaped parts

    def _part(self, name: str, part: str, typed: str, attrs: dict[str, Any]) -> SafeString:
        if self.helps:
            attrs["autocomplete"] = _ADDRESS_HELP[part]
        if part == "country":
            choices = [("", _("Please choose")), *places.countries()]
            widget: forms.Widget = LongSelect(attrs, choices=choices)
        elif part == "lines":
            widget = Lines({**attrs, "maxlength": addresses.LONGEST[part], "rows": 2})
        else:
            widget = Line({**attrs, "maxlength": addresses.LONGEST[part], **_ADDRESS_WIDTHS.get(part, {})})
        label = {
            "lines": _("Street and house number, or what stands for them"),
            "postal_code": _("Postal code, if there is one"),
            "place": _("Town or village"),
            "country": _("Country"),
        }[part]
        return format_html(
            '<div class="field-part"><label class="kern-label" for="{}">{}</label>{}</div>',
            attrs["id"],
            label,
            widget.render(name, typed, attrs),
        )


_ADDRESS_HELP = {
    "lines": "street-address",
    "postal_code": "postal-code",
    "place": "address-level2",
    "country": "country",
}
_ADDRESS_WIDTHS = {"postal_code": {"class": "width-10"}}


class OrNotApplicable(forms.Widget):
    """Another widget, and a box to tick below it: the question does not concern me."""

    def __init__(self, inner: forms.Widget) -> None:
        super().__init__()
        self.inner, self.use_fieldset = inner, inner.use_fieldset
        self.input_type = getattr(inner, "input_type", None)

    def id_for_label(self, id_: str) -> str:
        return self.inner.id_for_label(id_)

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return self.inner.value_from_datadict(data, files, name)

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        is_ticked = isinstance(value, dict) and bool(value.get("not_applicable"))
        typed = value.get("given") if is_ticked else value
        box = f"{(attrs or {}).get('id', name)}_not_applicable"
        return format_html(
            '{}<div class="kern-form-check"><input type="checkbox" class="kern-form-check__checkbox" name="{}" id="{}"'
            ' value="yes"{}><label class="kern-label" for="{}">{}</label></div>',
            self.inner.render(name, typed, attrs, renderer),
            f"{name}_not_applicable",
            box,
            CHECKED if is_ticked else "",
            box,
            _("Not applicable"),
        )
