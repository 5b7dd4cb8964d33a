"""Letters that end an application without a decision, or prolong it: what they say, and what they keep to the file."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import pytest

from consular import formspec
from consular.cases.models import Case, Event, TaskEntry
from consular.decisions import issuing, notices
from consular.decisions.composing import compose
from consular.decisions.letter import Letter
from consular.decisions.source import Source
from tests import factories
from tests.decisions import letters
from tests.decisions.test_pdf import opened, text

pytestmark = pytest.mark.django_db

LODGED = datetime(2026, 5, 1, 9, 0, tzinfo=UTC)
ELSEWHERE = {"admissibility": "not_competent", "state": "FRA", "admissibility_remarks": "Seen by Unit 3."}
NOT_ADMISSIBLE = {
    "admissibility": "inadmissible",
    "missing": ["biometrics", "fee"],
    "admissibility_remarks": "x",
}
LONGER = {"extended": True, "extension_category": "scrutiny", "extension_reason": "The employer is unknown."}
KINDS = ["L05", "L06", "L07"]


def entered(case: Case, form: str, entries: dict[str, Any], at: datetime = LODGED) -> None:
    """An officer completed the task with this form."""
    TaskEntry.objects.create(case=case, form=form, by=factories.official(), at=at, entries=entries)


def composed(kind: str, case: Case) -> Letter:
    """The letter about a case."""
    source = Source(case, letters.folder(), None, LODGED.date())
    return compose(kind, source, number="N/1", code=letters.CODE)


def told(kind: str, language: str = "en", **fields: Any) -> Case:
    """A case about which a letter of this kind can be written."""
    case = factories.sent_case(language=language, **fields)
    entered(case, "lodging", {})
    entered(case, "admissibility", ELSEWHERE if kind == "L05" else NOT_ADMISSIBLE)
    entered(case, "extension", LONGER)
    return case


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("language", "versions"),
    [
        ("en", [("en", "ltr"), ("de", "ltr")]),
        ("ar", [("ar", "rtl"), ("de", "ltr")]),
        ("de", [("de", "ltr")]),
    ],
)
def test_they_are_in_the_language_of_the_application_and_german(
    kind: str, language: str, versions: list[tuple[str, str]]
):
    letter = composed(kind, told(kind, language))

    assert [(each.language, each.direction) for each in letter.versions] == versions
    assert len({each.title for each in letter.versions}) == len(versions)


def test_a_return_names_the_competent_state():
    english, german = composed("L05", told("L05")).versions

    assert (english.body.state, german.body.state) == ("France", "Frankreich")


def test_what_was_missing_is_told_item_by_item_and_nothing_else():
    english, german = composed("L06", told("L06")).versions

    assert english.body.missing == (
        "Your biometric data (photograph and fingerprints) were not taken.",
        "The visa fee was not paid.",
    )
    assert german.body.missing[1] == "Die Visumgebühr wurde nicht entrichtet."


def test_the_last_day_is_the_forty_fifth_after_lodging():
    english, german = composed("L07", told("L07")).versions

    assert (english.body.lodged_on, english.body.last_day) == ("1 May 2026", "15 June 2026")
    assert (german.body.lodged_on, german.body.last_day) == ("1. Mai 2026", "15. Juni 2026")


@pytest.mark.parametrize(
    ("zone", "day"), [("Asia/Kolkata", "2 May 2026"), ("America/New_York", "1 May 2026")]
)
def test_the_day_of_lodging_is_that_of_the_mission(zone: str, day: str):
    case = factories.sent_case(mission=factories.mission(time_zone=zone))
    entered(case, "lodging", {}, at=datetime(2026, 5, 1, 20, 0, tzinfo=UTC))
    entered(case, "extension", LONGER)

    assert composed("L07", case).versions[0].body.lodged_on == day


def test_a_case_that_has_moved_keeps_the_day_on_which_it_was_lodged_elsewhere():
    first, second, third = (
        factories.mission(time_zone=zone) for zone in ("Asia/Tokyo", "America/New_York", "Asia/Kolkata")
    )
    case = told("L07", mission=third)
    entered(case, "lodging", {}, at=datetime(2026, 5, 1, 23, 30, tzinfo=UTC))
    for before, after, hour in ((first, second, 1), (second, third, 2)):
        moved_at = datetime(2026, 5, 2, hour, tzinfo=UTC)
        data = {"before": before.code, "mission": after.code}
        Event.objects.create(case=case, kind="transferred", at=moved_at, data=data)

    assert composed("L07", case).versions[0].body.lodged_on == "2 May 2026"


def test_what_was_entered_last_counts():
    case = told("L05")
    entered(case, "admissibility", {**ELSEWHERE, "state": "ITA"})

    assert composed("L05", case).versions[0].body.state == "Italy"


@pytest.mark.parametrize("kind", KINDS)
def test_remarks_stay_in_the_file(kind: str):
    said = str(asdict(composed(kind, told(kind))))

    assert "Unit 3" not in said
    assert "employer" not in said


@pytest.mark.parametrize(
    ("kind", "form", "entries"),
    [
        ("L05", "admissibility", None),
        ("L05", "admissibility", {**ELSEWHERE, "state": ""}),
        ("L06", "admissibility", {**NOT_ADMISSIBLE, "missing": []}),
        ("L07", "extension", {"extended": True}),
        ("L07", "lodging", None),
    ],
)
def test_a_letter_without_its_facts_is_not_written(kind: str, form: str, entries: dict[str, Any] | None):
    case = factories.sent_case()
    if entries is not None:
        entered(case, form, entries)
        entered(case, "lodging", {})

    with pytest.raises(ValueError, match="this letter needs"):
        composed(kind, case)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["en", "fr", "ar", "de"])
def test_each_is_issued_signed_and_marked_like_every_letter(kind: str, language: str):
    case = told(kind, language)

    letter = issuing.issue(case, kind, key="k", folder=letters.folder())

    file = opened(letter.content)
    assert letter.languages == list(dict.fromkeys([language, "de"]))
    assert file.Root.Lang == language
    assert b'pdfaid:part="3" pdfaid:conformance="A"' in file.Root.Metadata.read_bytes()
    assert letter.number in text(letter.content)


@pytest.mark.parametrize("kind", ["L05", "L06"])
def test_what_is_no_refusal_says_so_and_names_no_court(kind: str):
    said = " ".join(text(issuing.issue(told(kind), kind, key="k", folder=letters.folder()).content).split())

    assert "This is not a refusal" in said
    assert "Dies ist keine Ablehnung" in said
    assert "refund it in full" in said
    assert "we destroy them" in said
    assert "Verwaltungsgericht" not in said
    assert "appeal" not in said.casefold()


@pytest.mark.parametrize(
    ("task", "question", "texts"),
    [
        ("admissibility", "missing", notices.CONDITIONS),
        ("extension", "extension_category", notices.REASONS),
    ],
)
def test_there_is_a_sentence_for_everything_an_officer_can_choose(
    task: str, question: str, texts: dict[str, str]
):
    questions = formspec.latest("schengen_visa").form.tasks[task].questions
    options = next(each.options for each in questions if each.id == question)

    assert [option.value for option in options] == list(texts)
