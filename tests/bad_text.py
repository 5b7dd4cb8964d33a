"""Text that people do not type, and a reader of pages that types it into every field there is."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode

from django.db import transaction
from django.http import HttpResponse
from django.test import Client

CORPUS = {
    "control characters": "a\x07\x1b[31mb\x7f\x85",
    "NUL": "a\x00b",
    "override": "abc\u202egnp.exe",
    "isolate": "a\u2066b\u2069\u2068",
    "zero width": "a\u200b\u200d\ufeff\u2060b",
    "lone surrogates": "a\ud800b\udfff",
    "not a character": "a\ufffe\U0010ffff\ue000b",
    "10 kB": "x" * 10_000,
    "many marks": "a" + "\u0301" * 500,
    "one line of spaces": " \t\u3000\u00a0 ",
    "markup": "<script>alert(1)</script><img src=x onerror=alert(1)>\"'><b>&amp;",
    "closing tags": "</textarea></title></select><svg/onload=alert(1)>",
    "template": "{{ 1337*1337 }}{% now 'Y' %}{% debug %}${1337*1337}#{1337*1337}",
    "SQL": "'; DROP TABLE cases_case; -- \\",
    "format": "%(area)s %s %n {0} {0.__class__} %",
    "huge number": "9" * 5_000,
    "number": str(2**70),
    "negative": "-1e400",
    "day": "9999-99-99",
    "path": "../../../../etc/passwd%00",
    "lines": "a\r\nb\rc\u2028d\u2029e\vf",
    "other digits": "٣٤٥۶",
}
RAW = ("<script>alert", "<img src=x", "<svg/onload", "1787569", "<b>&amp;")
"""What may not stand in a page: markup as markup, or an evaluated expression."""

TEXT = frozenset({"text", "email", "tel", "password", "number", "search", "textarea"})
LOST = frozenset({"password"})
"""Kinds of field whose content is never shown again."""


@dataclass
class Field:
    """One named input of a page."""

    kind: str
    value: str = ""
    options: list[str] = field(default_factory=list)
    is_wrong: bool = False


@dataclass
class Form:
    """One form of a page, as a browser would see it."""

    action: str
    method: str
    fields: dict[str, Field] = field(default_factory=dict)

    @property
    def texts(self) -> list[str]:
        """The names of the fields in which one can type."""
        return [name for name, one in self.fields.items() if one.kind in TEXT]


class Reader(HTMLParser):
    """Reads the forms of a page and the ids that stand in it."""

    def __init__(self, answer: HttpResponse) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.ids: set[str] = set()
        self.described_by: set[str] = set()
        self._in: Field | None = None
        self.feed(answer.content.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.ids.add(given.get("id", ""))
        self.described_by |= set(given.get("aria-describedby", "").split())
        if tag == "form":
            self.forms.append(Form(given.get("action", ""), given.get("method", "get").lower()))
        elif tag in {"input", "textarea", "select"} and self.forms and "name" in given:
            self._field(tag, given)
        elif tag == "option" and self._in is not None:
            self._in.options.append(given.get("value", ""))
            if "selected" in given:
                self._in.value = given.get("value", "")

    def _field(self, tag: str, given: Mapping[str, str]) -> None:
        kind = given.get("type", "text") if tag == "input" else tag
        fields = self.forms[-1].fields
        found = fields.setdefault(given["name"], Field(kind))
        found.is_wrong |= "aria-invalid" in given
        if kind in {"radio", "checkbox"}:
            found.options.append(given.get("value", "on"))
            found.value = given.get("value", "on") if "checked" in given else found.value
        else:
            found.value = given.get("value", "")
        self._in = found if tag in {"textarea", "select"} else None

    def handle_data(self, data: str) -> None:
        if self._in is not None and self._in.kind == "textarea":
            self._in.value += data

    def handle_endtag(self, tag: str) -> None:
        if tag in {"textarea", "select"}:
            self._in = None


def form_at(client: Client, page: str, action: str) -> Form:
    """The form of a page that is sent to `action`."""
    answer = client.get(page)
    assert answer.status_code in (200, 422), (page, answer.status_code)
    return next(form for form in Reader(answer).forms if (form.action or page) == action)


def send(client: Client, action: str, typed: Mapping[str, object]) -> HttpResponse:
    """Send fields as a browser would, and lone surrogates as no browser would."""
    body = urlencode(typed, doseq=True, errors="surrogatepass")
    return client.post(action, body, content_type="application/x-www-form-urlencoded")


def as_received(text: str) -> str:
    """The text as it comes out of a request and of a page: what cannot be decoded is replaced, lines end alike."""
    decoded = text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    lines = decoded.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    return lines.replace("\x00", "").replace("\ufffd", "")


def faults(answer: HttpResponse, typed: Mapping[str, object]) -> list[str]:
    """What is wrong with an answer to bad text."""
    content = answer.content.decode()
    found = [f"shows {raw}" for raw in RAW if raw in content]
    if answer.status_code >= 500:
        found.append(f"status {answer.status_code}")
    if 400 <= answer.status_code < 500:
        found += _unexplained(Reader(answer), typed, of_no_field=answer.status_code == 429)
    return found


def _unexplained(page: Reader, typed: Mapping[str, object], *, of_no_field: bool) -> Iterator[str]:
    """What a refusal lacks: a sentence at a field, or something that was typed."""
    form = next(
        (form for form in page.forms if form.method == "post" and typed.keys() & set(form.texts)), None
    )
    if form is None:
        yield "the form is gone"
        return
    sentences = {name for name in page.described_by & page.ids if name.endswith("_error")}
    at_field = sentences and any(one.is_wrong for one in form.fields.values())
    of_no_field = of_no_field or "answer" in form.fields  # what a device says is in no field that people see
    if not at_field and not (of_no_field and "error-summary" in page.ids):
        yield "no sentence stands at a field"
    for name in form.texts:
        if form.fields[name].kind in LOST or name not in typed:
            continue
        if as_received(form.fields[name].value) != as_received(str(typed[name])):
            yield f"{name} was lost: {form.fields[name].value[:30]!r}"


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens inside is forgotten by the database, so that the next try finds what this one found."""
    block = transaction.atomic()
    block._from_testcase = True  # verbs open transactions of their own
    with block:
        yield
        transaction.set_rollback(True)


def type_everything(
    client: Client,
    page: str,
    action: str,
    chosen: Mapping[str, object] | None = None,
    texts: Mapping[str, str] = CORPUS,
) -> list[str]:
    """Type every bad text into all text fields of a form at once; returns what went wrong, by text."""
    form = form_at(client, page, action)
    assert form.texts, page
    given = {name: one.value for name, one in form.fields.items() if one.value and one.kind not in TEXT}
    found = []
    for name, text in texts.items():
        typed = {**given, **(chosen or {}), **dict.fromkeys(form.texts, text)}
        with undone():
            answer = send(client, action, typed)
            found += [f"{action} {name}: {fault}" for fault in faults(answer, typed)]
            if answer.status_code == 302 and answer.url.startswith("/"):
                shown = client.get(answer.url)
                found += [f"{answer.url} after {name}: {raw}" for raw in RAW if raw in shown.content.decode()]
                if shown.status_code >= 500:
                    found.append(f"{answer.url} after {name}: status {shown.status_code}")
    return found
