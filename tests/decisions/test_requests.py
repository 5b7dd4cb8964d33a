"""L04 says what reopens in the applicant's account."""

import pytest
from django.template.loader import render_to_string

from consular.cases.inquiries import About, Item, Lack
from consular.core import clock
from consular.decisions import requests
from consular.missions.models import ServiceGroup
from tests import factories
from tests.decisions import writing

pytestmark = pytest.mark.django_db


def test_a_request_names_what_reopened_with_it_and_why() -> None:
    case, now = writing.case_of("de"), clock.now()
    item = Item(About.QUESTION, "doc_number", "Number of travel document", Lack.CONTRADICTORY, writing.TYPED)
    officer = factories.official()
    case.inquiries.create(task=1, node="check", by=officer, items=[item.as_json()], begun_at=now, sent_at=now)

    letter = writing.written("L04", case)

    named = letter.versions[0].body.named[0]
    assert named.title == "Nummer des Reisedokuments"
    assert named.remark.text == writing.TYPED
    assert "&lt;b&gt;prüfen" in render_to_string(letter.template, {"letter": letter})
    reminder = writing.written("L04.reminder", case)
    assert "Nummer des Reisedokuments" in render_to_string(reminder.template, {"letter": reminder})


def test_a_request_for_a_visa_says_what_may_follow_and_one_for_a_passport_does_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def said(name: str) -> bool:
        letter = writing.written(name, writing.case_of("en"))
        page = render_to_string(letter.template, {"letter": letter})
        return "After that we may disregard what you send us" in page

    assert (said("L04"), said("L04.reminder")) == (True, True)
    monkeypatch.setattr(requests, "VISAS", frozenset({ServiceGroup.PASSPORT_ID}))
    assert (said("L04"), said("L04.reminder")) == (False, True)
