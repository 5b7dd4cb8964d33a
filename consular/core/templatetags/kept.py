"""Parts of pages that are written once a language and kept: a template takes a hundred times as long as what it wrote.

They are given nothing of the request, so that nobody's name, token or rights can get into what others are shown.
"""

from functools import cache
from urllib.parse import quote

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

register = template.Library()

BACK = "-back-"
"""Where the address that leads back belongs."""


@register.simple_tag
def same_for_all(name: str) -> SafeString:
    """A template that says the same to everybody."""
    return _written(name, get_language())


@register.simple_tag
def languages(back: str, form_id: str = "") -> SafeString:
    """The buttons of all languages, which lead back to an address; `form_id` is the form whose answers they send."""
    written = _languages(form_id, get_language())
    return mark_safe(written.replace(BACK, quote(back, safe="")))  # noqa: S308  # quoted, so nothing of it is markup


@cache
def _written(name: str, _language: str | None) -> SafeString:
    return render_to_string(name)


@cache
def _languages(form_id: str, _language: str | None) -> SafeString:
    return render_to_string("components/languages.html", {"form_id": form_id, "back": BACK})
