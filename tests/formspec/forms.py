"""Small forms for tests, read from text as any form is."""

from django.http import QueryDict

from consular.formspec import PageForm, addresses, loading
from consular.formspec.compound import AddressInputs
from consular.formspec.model import Form, Page

BIDI = ["\u202a", "\u202e", "\u2066", "\u2069"]
CONTROLS = ["\x00", "\x07", "\x1b[31m", "\x7f", "\x85", "\ud800", "\udfff", "\ufffe", "\ue000", "\U000e0041"]
MARKUP = ["<script>alert(1)</script>", "'; DROP TABLE cases; --", "{{ 7*7 }}", "${7*7}", "=1+1"]


def form(questions: str, *, rest: str = "") -> Form:
    """A form with one page `about` that has these questions."""
    return loading.form(
        f'title = "Test"\nservice_group = "visa_c"\n[[pages]]\nid = "about"\ntitle = "About"\n{questions}\n{rest}'
    )


def page(questions: str) -> Page:
    """One page with these questions."""
    return form(questions).pages[0]


def question(kind: str, **settings: str) -> str:
    """The TOML of one question called `it`; settings are TOML values."""
    lines = [f"{key} = {value}" for key, value in settings.items()]
    return "\n".join(["[[pages.questions]]", 'id = "it"', f'kind = "{kind}"', 'label = "It"', *lines])


def posted(form: PageForm) -> QueryDict:
    """What a browser sends back when a person presses the button without typing anything."""
    data = QueryDict(mutable=True)
    for field in form:
        value = field.value()
        widget = getattr(field.field.widget, "inner", field.field.widget)
        if widget.use_fieldset and hasattr(widget, "decompress"):
            parts = addresses.PARTS if isinstance(widget, AddressInputs) else tuple(widget.parts)
            for part, text in zip(parts, widget.decompress(value), strict=True):
                data[f"{field.html_name}_{part}"] = text
        elif isinstance(value, list):
            data.setlist(field.html_name, value)
        elif value not in (None, ""):
            data[field.html_name] = {True: "yes", False: "no"}.get(value, value)
    for name, count in form.counts().items():
        data[name] = str(count)
    return data
