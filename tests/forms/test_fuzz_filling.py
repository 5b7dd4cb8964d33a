"""Every form of every service filled in at random through HTTP, wrong and right, in all languages, and sent.

No page breaks, every refusal stands at a field and in the language of the page, and what was sent is what was typed.
`FUZZ_ROUNDS=200 pytest tests/forms/test_fuzz_filling.py` does it with 200 seeds for each service; the seed stands in
the name of the test.
"""

import os
import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.http import HttpResponse, QueryDict
from django.test import Client
from django.utils import translation

from consular import formspec
from consular.cases.models import Phase
from consular.core import clock
from consular.formspec.model import APPLICANT
from tests import factories, prepared, stages
from tests.forms import (
    fuzzing,
    test_birth_registration,
    test_document_legalisation,
    test_emergency_travel_document_form,
    test_identity_card,
    test_national_visa_form,
    test_passport_form,
    test_signature_certification,
)
from tests.portal import drafting

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("missions")]

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
ROUNDS = int(os.environ.get("FUZZ_ROUNDS", "1"))
LANGUAGES = ("en", "de", "fr", "ar")
BASES: dict[str, Callable[[random.Random], dict[str, Any]]] = {
    "birth_registration": lambda chance: test_birth_registration.answers(),
    "document_legalisation": lambda chance: test_document_legalisation.answers(),
    "emergency_travel_document": lambda chance: test_emergency_travel_document_form.answers(),
    "identity_card": lambda chance: test_identity_card.answers(),
    "national_visa": lambda chance: test_national_visa_form.answers(
        chance.choice(sorted(test_national_visa_form.OWN))
    ),
    "passport": lambda chance: test_passport_form.answers(),
    "schengen_visa": lambda chance: stages.answers(),
    "signature_certification": lambda chance: test_signature_certification.answers(),
}
"""Answers with which each service can be sent, to begin with."""


@pytest.fixture(autouse=True)
def _on_a_certain_day() -> Iterator[None]:
    with clock.at(NOW):
        yield


def test_every_service_is_filled_in() -> None:
    assert BASES.keys() == {
        folder.service for folder in formspec.services() if folder.form.opened_by == APPLICANT
    }


@pytest.mark.parametrize("seed", range(ROUNDS))
@pytest.mark.parametrize("service", sorted(BASES))
def test_whatever_is_typed_is_answered_and_what_is_sent_is_what_was_typed(service: str, seed: int) -> None:
    prepared.prepare()
    chance = random.Random(f"{service}{seed}")
    language = LANGUAGES[(seed + sorted(BASES).index(service)) % len(LANGUAGES)]
    form = formspec.latest(service).form
    client = factories.signed_in(Client(headers={"accept-language": language}), factories.applicant())
    reference = client.post(f"/apply/{service}/").url.split("/")[2]

    for page in form.pages:
        type_anything(client, f"/drafts/{reference}/{page.id}/", page, language, chance)
    for address in (f"/drafts/{reference}/", f"/drafts/{reference}/review/"):
        assert client.get(address).status_code == 200
    stored = drafting.stored(reference).data
    assert formspec.kept(form, stored) == stored

    answers = fuzzing.sendable(form, BASES[service](chance), chance)
    for page in form.pages:
        address = f"/drafts/{reference}/{page.id}/"
        typed = drafting.typed(page, answers)
        assert client.post(address, empty(client.get(address)) | typed).status_code in (302, 422)
    send(client, reference, form, answers)
    sent = drafting.stored(reference)
    assert sent.case.phase != Phase.DRAFT
    assert sent.data == answers


def type_anything(
    client: Client, address: str, page: formspec.Page, language: str, chance: random.Random
) -> None:
    """Fill in a page at random: it is saved, or refused with a sentence of the language at each field."""
    shown = client.get(address)
    assert shown.status_code == 200
    typed = fuzzing.anything(questions(shown), chance) | drafting.hidden(shown)
    stored = drafting.stored(address.split("/")[2]).data
    answer = client.post(address, typed)
    assert answer.status_code in (302, 422), answer.content
    if answer.status_code == 302:
        return
    errors = answer.context["form"].errors
    assert errors.keys() <= answer.context["form"].fields.keys() | {"__all__"}
    assert errors
    assert f'lang="{language}"' in answer.content.decode()
    for name, text in typed.items():
        if (
            isinstance(text, str)
            and name in errors
            and f'name="{name}" class="kern' in answer.content.decode()
        ):
            held = answer.context["form"][name].value()
            assert (held["given"] if isinstance(held, dict) else held) == text.replace("\0", "\ufffd")
    require_language(errors, page, stored, typed, language)


def require_language(
    errors: dict[str, list[str]], page: formspec.Page, stored: Any, typed: Any, language: str
) -> None:
    """No sentence is the English one, and none has a gap that was not filled."""
    data = QueryDict(mutable=True)
    for name, text in typed.items():
        data[name] = text
    with translation.override("en"):
        english = {each for said in formspec.django_form(page, stored, data).errors.values() for each in said}
    for said in errors.values():
        for sentence in said:
            assert sentence
            assert "%(" not in sentence
            assert language == "en" or sentence not in english, sentence


def empty(shown: HttpResponse) -> dict[str, str]:
    """The hidden fields of a page without the number of entries: what is typed says how many there are."""
    return {name: text for name, text in drafting.hidden(shown).items() if not name.endswith("-count")}


def send(client: Client, reference: str, form: formspec.Form, answers: dict[str, Any]) -> None:
    """Confirm every declaration and send."""
    assert [row.label for row in client.get(f"/drafts/{reference}/review/").context["mistakes"]] == []
    attested = {each.id: "yes" for each in formspec.declarations(form, answers)}
    done = client.post(f"/drafts/{reference}/send/", attested)
    assert (done.status_code, done.headers.get("location")) == (302, f"/cases/{reference}/"), done.content


def questions(answer: HttpResponse) -> str:
    """The questions of a page."""
    return answer.content.decode().partition('<div id="questions">')[2].partition('<div class="actions">')[0]
