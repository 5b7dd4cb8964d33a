"""A browser that fills in an application: it types into the inputs a page has and presses its buttons."""

import re
from collections.abc import Mapping
from datetime import date
from html import unescape
from urllib.parse import urlencode

from django.http import HttpResponse
from django.test import Client

from consular import formspec
from consular.cases.models import Answers
from consular.core import clock
from consular.formspec.model import NOT_APPLICABLE
from tests.formspec.schengen import answers

FORM = formspec.latest("schengen_visa").form
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


def start(client: Client, **finder: str) -> str:
    """Start a Schengen application; returns its reference."""
    answer = client.post("/apply/schengen_visa/", finder)
    assert answer.status_code == 302, answer.content
    return answer.url.split("/")[2]


def hidden(answer: HttpResponse) -> dict[str, str]:
    """The hidden fields of the page's form, as the browser would send them back."""
    body = answer.content.decode().split('id="page-form"', 1)[1]
    return {name: unescape(value) for name, value in HIDDEN.findall(body) if name != "csrfmiddlewaretoken"}


def typed(page: formspec.Page, given: Mapping[str, object]) -> dict[str, object]:
    """The answers of one page as a person types them."""
    data: dict[str, object] = {}
    for question in page.questions:
        answer = given.get(question.id)
        if answer == NOT_APPLICABLE:
            data[f"{question.id}_not_applicable"] = "yes"
        elif question.kind == "group":
            data |= _entries(question, answer or [])
        elif answer is not None:
            data |= _typed(question, answer)
    return data


def _typed(question: formspec.Question, answer: object) -> dict[str, object]:
    if question.kind == "date" and isinstance(answer, str):
        parts = zip(("year", "month", "day"), answer.split("-"), strict=False)
        return {f"{question.id}_{part}": text for part, text in parts}
    if question.kind == "address" and isinstance(answer, dict):
        return {f"{question.id}_{part}": text for part, text in answer.items()}
    return {
        question.id: answer if isinstance(answer, list) else {True: "yes", False: "no"}.get(answer, answer)
    }


def _entries(group: formspec.Question, entries: list[Mapping[str, object]]) -> dict[str, object]:
    data: dict[str, object] = {f"{group.id}-count": str(len(entries))} if entries else {}
    for number, entry in enumerate(entries):
        inner = typed(formspec.Page("", "", group.questions), entry)
        data |= {f"{group.id}-{number}-{part}": text for part, text in inner.items()}
    return data


def answered(page_id: str) -> dict[str, object]:
    """One page of an adult's application as it is typed."""
    return typed(FORM.page(page_id), answers(today()))


def fill_in(client: Client, reference: str, page_id: str, **changes: object) -> HttpResponse:
    """Open one page, type, and save it."""
    address = f"/drafts/{reference}/{page_id}/"
    data = hidden(client.get(address)) | answered(page_id)
    return client.post(address, {**data, **changes})


def fill_in_everything(client: Client, reference: str) -> None:
    """Fill in all pages of an adult; a page whose answers bring new questions is filled in twice."""
    for page in FORM.pages:
        if page.id == "guardian":
            continue
        answer = fill_in(client, reference, page.id)
        if answer.status_code == 422:
            answer = fill_in(client, reference, page.id)
        assert answer.status_code == 302, answer.content.decode()


def sign_in_first(address: str) -> str:
    """Where one is sent to sign in, and comes back from."""
    return f"/sign-in/?{urlencode({'next': address})}"


def stored(reference: str) -> Answers:
    """What is stored of a draft."""
    return Answers.objects.get(case__reference=reference)


def today() -> date:
    """The day the forms count from."""
    return clock.today()
