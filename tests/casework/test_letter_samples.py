"""Samples of letters: every one can be seen, says on each page what it is, and leaves nothing behind."""

from datetime import date
from typing import Any

import pytest

from consular.accounts.models import Role
from consular.cases.models import Case, Event, TaskEntry
from consular.casework import letter_samples
from consular.casework.letter_samples import PEOPLE, Wanted
from consular.decisions import issuing
from consular.decisions.composing import LETTERS
from consular.decisions.models import Concern, Letter
from consular.missions.models import Detail
from tests import factories
from tests.decisions.test_pdf import opened, text

pytestmark = pytest.mark.django_db
DAY = date(2026, 5, 4)
TURNED = b"0.819152"
"""The word across the page is turned by 35 degrees; nothing else in a letter is."""


def test_every_letter_has_a_sample_and_none_leaves_a_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    printed: list[Any] = []
    monkeypatch.setattr(issuing, "render", lambda values, **_more: printed.append(values) or b"")
    mission = factories.mission()
    officer = factories.official(Role.HEAD_OF_SECTION, mission=mission)

    for name, person in zip(LETTERS, list(PEOPLE) * len(LETTERS), strict=False):
        letter_samples.preview(Wanted(name, "ar", person, mission, DAY), actor=officer)

    assert [values.name for values in printed] == list(LETTERS)
    assert {(values.seal, values.code) for values in printed} == {("", letter_samples.CODE)}
    assert not any(model.objects.exists() for model in (Case, Letter, Event, TaskEntry, Concern))


def test_a_sample_says_so_on_each_page_and_carries_no_signature() -> None:
    mission = factories.mission()
    officer = factories.official(Role.HEAD_OF_SECTION, mission=mission)
    Detail.objects.create(mission=mission, name="collect", valid_from=DAY, value={"de": "Am Schalter 3."})

    content = letter_samples.preview(Wanted("L10", "de", "devanagari", mission, DAY), actor=officer)

    pages = [page.Contents.read_bytes() for page in opened(content).pages]
    assert [TURNED in page for page in pages] == [True] * len(pages)
    assert PEOPLE["devanagari"][1] in text(content)
    assert "Am Schalter 3." in text(content)
    assert b"/Sig" not in content
