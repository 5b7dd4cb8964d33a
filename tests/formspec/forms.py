"""Small forms for tests, read from text as any form is."""

from consular.formspec import loading
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
