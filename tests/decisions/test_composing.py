"""What each kind of letter says, and in which languages."""

from datetime import date

import pytest

from consular.decisions import annex_vi
from consular.decisions.approval import Proposal
from consular.decisions.bodies import Entry
from consular.decisions.composing import compose
from consular.decisions.letter import Letter
from consular.decisions.models import Decision
from consular.decisions.source import Source
from tests import factories
from tests.decisions import letters

pytestmark = pytest.mark.django_db
DAY = date(2026, 5, 1)


def composed(kind: str, decision: Decision | None = None, **fields: object) -> Letter:
    """A letter of this kind about a new case, or about that of the decision."""
    case = decision.case if decision else factories.sent_case(**fields)
    return compose(kind, Source(case, letters.folder(), decision, DAY), number="N/1", code=letters.CODE)


def test_the_receipt_repeats_answers_and_declarations_as_they_were_seen():
    case = factories.sent_case()
    case.answers.data = {"surname": "Mensah", "purpose": "Tourism"}
    case.answers.declarations = [{"id": "truth", "version": 1}, {"id": "other", "text": "As it was shown."}]

    letter = compose("L01", Source(case, letters.folder(), None, DAY), number="N/1", code=letters.CODE)

    body = letter.versions[0].body
    assert [(entry.label, entry.value) for entry in body.sections[0].entries] == [
        ("Surname", "Mensah"),
        ("Purpose", "Tourism"),
    ]
    assert body.declarations == ("I have told the truth.", "As it was shown.")


@pytest.mark.parametrize(("language", "direction"), [("de", "ltr"), ("ar", "rtl")])
def test_the_receipt_is_in_the_language_of_the_applicant(language: str, direction: str):
    versions = composed("L01", language=language).versions

    assert [(version.language, version.direction) for version in versions] == [(language, direction)]


def test_a_refusal_is_in_german_and_english_whatever_the_applicant_speaks():
    case = factories.sent_case(language="ar")

    letter = composed("L08", letters.approved(letters.REFUSAL, case))

    assert [version.language for version in letter.versions] == ["de", "en"]
    assert {version.direction for version in letter.versions} == {"ltr"}


@pytest.mark.parametrize("number", range(1, 18))
def test_every_ground_is_printed_and_only_the_approved_one_is_ticked(number: int):
    proposal = Proposal(
        "revoked",
        grounds=(number,),
        statement="the employer",
        alerting_state="Italy",
        visa_number="D1234567",
    )

    letter = composed("L08", letters.approved(proposal))

    for version in letter.versions:
        assert [ground.number for ground in version.body.grounds] == list(range(1, 18))
        assert [ground.number for ground in version.body.grounds if ground.is_ticked] == [number]


def test_a_refusal_names_statements_alert_remarks_and_the_way_to_the_court():
    proposal = Proposal(
        "refused",
        grounds=(6, 11),
        statement="the {alerting_state}",
        alerting_state="Italy",
        remarks="See no. 11.",
    )

    german, english = (version.body for version in composed("L08", letters.approved(proposal)).versions)

    assert english.grounds[10].text.endswith("as regards the {alerting_state}")
    assert english.grounds[5].text.endswith("by Italy")
    assert german.remarks == "See no. 11."
    assert "Verwaltungsgericht Berlin" in " ".join(german.appeal)
    assert "within one month" in " ".join(english.appeal)
    assert "innerhalb eines Monats" in " ".join(german.appeal)


def test_a_grant_names_dates_days_and_entries():
    body = composed("L10", letters.approved(letters.GRANT)).versions[0].body

    assert (body.days, body.entries) == (30, Entry("Entries", "Multiple entries"))
    assert "2026" in body.valid_from
    assert "2026" in body.valid_until


@pytest.mark.parametrize("kind", ["L08", "L10"])
def test_a_letter_about_a_decision_needs_one(kind: str):
    with pytest.raises(ValueError, match="needs a decision"):
        composed(kind)


def test_both_languages_of_the_form_have_the_same_parts():
    words = annex_vi._words()

    assert words["de"].keys() == words["en"].keys()
    assert len(words["de"]["grounds"]) == len(words["en"]["grounds"]) == 17
    assert len(words["de"]["appeal"]) == len(words["en"]["appeal"])
