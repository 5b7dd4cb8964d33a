"""L04 says what reopens in the applicant's account."""

import pytest
from django.template.loader import render_to_string

from consular.cases.inquiries import About, Item, Lack
from consular.core import clock
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
