"""A question on a page, written without a template: there are dozens on a page, and each template takes its time."""

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _


class AskedField(forms.BoundField):
    """Renders what `django/forms/field.html` renders, for every question but a single box to tick."""

    def as_field_group(self) -> SafeString:
        is_one_box = getattr(self.field.widget, "input_type", "") == "checkbox" and not self.use_fieldset
        if is_one_box or self.is_hidden:
            return super().as_field_group()
        errors = self.errors
        optional = "" if self.field.required else format_html(_OPTIONAL, _("(optional)"))
        hint = format_html(_HINT, self.auto_id, self.help_text) if self.help_text else ""
        said = errors.render() if errors else ""
        if not self.use_fieldset:
            wrong = " kern-form-input--error" if errors else ""
            return format_html(
                _LINE, wrong, self.id_for_label, self.label, optional, hint, said, self.as_widget()
            )
        wrong = " kern-fieldset--error" if errors else ""
        describes = self.aria_describedby
        described = format_html(' aria-describedby="{}"', describes) if describes else ""
        return format_html(
            _FIELDSET, wrong, self.auto_id, described, self.label, optional, hint, said, self.as_widget()
        )


_OPTIONAL = ' <span class="kern-label__optional">{}</span>'
_HINT = '<div class="kern-hint" id="{}_helptext">{}</div>'
_LINE = '<div class="field kern-form-input{}"><label class="kern-label" for="{}">{}{}</label>{}{}{}</div>'
_FIELDSET = (
    '<fieldset class="field kern-fieldset{}" id="{}" tabindex="-1"{}><legend class="kern-label">{}{}</legend>'
    "{}{}{}</fieldset>"
)
