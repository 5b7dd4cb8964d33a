"""Names and values, row by row: some pages have sixty, and the template of one row costs ten times what this does."""

from collections.abc import Iterable, Mapping

from django import template
from django.template.defaultfilters import linebreaksbr
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

register = template.Library()


@register.simple_tag
def summary_rows(rows: Iterable[object], anchors: str = "") -> SafeString:
    """The items of a description list; see `templates/components/summary_list.html`.

    With `anchors` each row with an id can be linked to, as `<anchors>-<id>`. What is typed stands in quotation marks;
    below label and value stand those of another language, where a row has any.
    """
    return format_html_join("", "{}", ((_row(row, anchors),) for row in rows or ()))


def _row(row: object, anchors: str = "") -> SafeString:
    number, label, value, url = (_of(row, part) for part in ("number", "label", "value", "url"))
    shown = format_html('<span class="muted">{}</span> ', number) if number else ""
    change = format_html(_CHANGE, url, _("Change"), label) if url else ""
    here = _of(row, "id") if anchors else ""
    anchor = format_html(' id="{}-{}" tabindex="-1"', anchors, here) if here else ""
    said = linebreaksbr(str(value or "–"), autoescape=True)
    if value and _of(row, "is_typed"):
        said = format_html("<q>{}</q>", said)
    asked, chosen = (_of(row, part) for part in ("own_label", "own_value"))
    if asked:
        label = format_html(_OWN, label, _of(row, "language"), _of(row, "direction"), asked)
    if chosen:
        said = format_html(_OWN, said, _of(row, "language"), _of(row, "direction"), chosen)
    return format_html(_ROW, anchor, shown, label, said, change)


def _of(row: object, part: str) -> object:
    return row.get(part, "") if isinstance(row, Mapping) else getattr(row, part, "")


_ROW = (
    '<div class="kern-description-list-item"{}><dt class="kern-description-list-item__key">{}{}</dt>'
    '<dd class="kern-description-list-item__value"><bdi class="value">{}</bdi>{}</dd></div>'
)
_OWN = '{}<br><span class="muted" lang="{}" dir="{}">{}</span>'
_CHANGE = ' <a class="change" href="{}">{}<span class="kern-sr-only">: {}</span></a>'
