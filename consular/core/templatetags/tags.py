"""Short states: a list has a hundred of them, and a template for each would take longer than the list."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def tag(label: object, kind: str = "") -> SafeString:
    """One short state; `kind` is info, success, warning, danger, or nothing for neutral."""
    tone = f" kern-badge--{kind}" if kind else ""
    return format_html(
        '<span class="tag kern-badge{}"><span class="kern-label">{}</span></span>', tone, label
    )
