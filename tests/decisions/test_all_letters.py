"""Every letter there is: its languages, its template, and what it says."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings

from consular import formspec
from consular.core import clock
from consular.decisions import annex_vi, documents, grounds, issuing, remedies
from consular.decisions.approval import Proposal
from consular.decisions.choices import GROUNDS, NATIONAL_GROUNDS, PASSPORT_GROUNDS, Kind
from consular.decisions.composing import LETTERS, compose
from consular.decisions.issuing import About
from consular.decisions.source import Source
from tests.decisions import letters
from tests.decisions.writing import (
    ANNULLED,
    DAY,
    DECIDED,
    FACTS,
    NATIONAL_VISA,
    ON_REQUEST,
    RESTRICTED,
    case_of,
    written,
)  # fmt: skip

pytestmark = pytest.mark.django_db


def test_every_kind_has_a_letter_and_every_letter_a_template() -> None:
    assert {how.kind for how in LETTERS.values()} == set(Kind)
    templates = Path(settings.BASE_DIR) / "templates" / "letters"
    assert [name for name in LETTERS if not (templates / f"{name.replace('.', '_')}.html").is_file()] == []


@pytest.mark.parametrize(
    ("name", "language", "languages"),
    [
        *[
            (name, "ar", ["ar", "de"])
            for name in ("L04", "L04.hearing", "L05.passport", "L11", "L12", "L14.loss")
        ],
        *[(name, "fr", ["fr"]) for name in ("L14.ready", "L14.reminder")],
        ("L09", "ar", ["de", "ar"]),
        ("L02", "ar", ["ar"]),
        ("L03", "ar", ["de", "en"]),
        ("L13", "ar", ["de"]),
        *[(name, "ar", ["ar"]) for name in ("L16.notice", "L16.access", "L16.rectification", "L16.erasure")],
        ("L17", "ar", ["ar", "de"]),
        ("L09", "de", ["de"]),
        ("L15", "fr", ["de"]),
        ("L15.travel_document", "fr", ["de", "fr"]),
    ],
)
def test_each_is_in_the_languages_its_kind_demands(name: str, language: str, languages: list[str]) -> None:
    assert [version.language for version in written(name, case_of(language)).versions] == languages


def test_a_request_repeats_what_was_asked_and_says_until_when() -> None:
    body = written("L04.reminder", case_of()).versions[0].body

    assert (body.asked.text, body.last_day) == ("Bitte senden Sie Ihren Arbeitsvertrag.", "31 May 2026")


def test_a_hearing_names_visa_grounds_and_facts() -> None:
    body = written("L04.hearing", case_of()).versions[0].body

    assert [entry.value for entry in body.visa] == ["D1234567"]
    assert [ground.split()[-1] for ground in body.grounds] == ["presented", "reliable"]
    assert body.facts.text == "Siehe Akte."


@pytest.mark.parametrize(
    ("language", "false_document", "is_courtesy"),
    [
        ("fr", "le document de voyage présenté est faux/falsifié/contrefait", False),
        ("ar", "قُدّمت وثيقة سفر مزيفة أو مقلّدة أو مزوّرة", True),
        ("de", "Es wurde ein falsches/verfälschtes/gefälschtes Reisedokument vorgelegt.", False),
    ],
)
def test_a_hearing_names_the_grounds_in_the_language_of_its_text(
    language: str, false_document: str, is_courtesy: bool
) -> None:
    first, *others = (version.body for version in written("L04.hearing", case_of(language)).versions)

    assert (first.grounds[0], bool(first.courtesy)) == (false_document, is_courtesy)
    assert [(body.grounds[0][:10], body.courtesy) for body in others] in ([("Es wurde e", "")], [])


def test_the_grounds_are_whole_in_every_language_and_else_in_two() -> None:
    for language in dict(settings.LANGUAGES):
        texts = [annex_vi.ground(number, language) for number in GROUNDS]
        assert len(set(texts)) == len(GROUNDS)
        assert ["…" in text for text in texts] == [number in {6, 11} for number in GROUNDS]
    assert annex_vi.ground(17, "es") == f"{annex_vi.ground(17, 'de')} / {annex_vi.ground(17, 'en')}"


@pytest.mark.parametrize(
    ("proposal", "words", "absent"),
    [
        (
            ANNULLED,
            ["Annulment of a visa", "has been annulled", "decision to annul", "D1234567, issued on"],
            ["refuse"],
        ),
        (
            ON_REQUEST,
            ["Revocation of a visa", "has been revoked", "not subject to the right of appeal"],
            ["court"],
        ),
        (
            letters.REFUSAL,
            ["Refusal of a visa", "examined your visa application", "refuse a visa"],
            ["annul a"],
        ),
    ],
)
def test_the_form_of_annex_vi_says_what_was_decided(
    proposal: Proposal, words: list[str], absent: list[str]
) -> None:
    english = written("L08", case_of(), proposal).versions[1]
    said = " ".join([english.title, english.body.examined, english.body.refused, *english.body.appeal])

    assert [word for word in words if word not in said] == []
    assert [word for word in absent if word in said] == []


def test_a_letter_made_anew_keeps_the_remedy_of_the_day_of_the_decision(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    decision = letters.approved(letters.REFUSAL, case_of())
    rows = remedies.known()
    later = replace(rows[0], begins=clock.now().date() + timedelta(days=5), months=2)
    monkeypatch.setattr(remedies, "known", lambda: (*rows, later))
    source = Source(decision.case, letters.folder(), decision, later.begins)

    english = compose("L08", source, number="N/1", code=letters.CODE).versions[1].body

    assert "within one month" in " ".join(english.appeal)


def test_an_annulment_names_the_letter_that_it_takes_away() -> None:
    granted = letters.approved(letters.GRANT)
    old = issuing.issue(granted.case, "L10", key="old", about=About(granted), folder=letters.folder())

    german = written(
        "L08", case_of(), replace(ANNULLED, visa_number="", visa_issued_on=None, ends=old.pk)
    ).versions[0]

    assert german.body.examined.startswith(f"Ihr Visum erteilt mit Schreiben {old.number} vom ")


def test_a_national_visa_says_purpose_and_registration_and_no_days() -> None:
    body = written("L10", case_of(), NATIONAL_VISA).versions[0].body

    assert (body.visa_type, body.days, body.conditions.text) == (
        "National visa (D)", None, "Beschäftigung bei Muster GmbH",
    )  # fmt: skip
    assert "foreigners authority" in body.duty


@pytest.mark.parametrize("name", DECIDED)
def test_a_decision_of_german_law_has_facts_reasons_and_the_way_to_the_court(name: str) -> None:
    german = written(name, case_of("fr")).versions[0].body

    assert german.courtesy == ""
    assert german.reasons.text == DECIDED[name].reasons
    assert len(german.grounds) == len(DECIDED[name].grounds)
    assert german.remedy[0] == (
        "Gegen diesen Bescheid kann innerhalb eines Monats nach Bekanntgabe Klage beim Verwaltungsgericht Berlin, "
        "Kirchstraße 7, 10557 Berlin, erhoben werden."
    )


def test_the_translation_says_that_the_german_text_counts() -> None:
    french = written("L09", case_of("fr")).versions[1].body

    assert "allemand" in french.courtesy


def test_a_restriction_says_how_and_that_it_counts_at_once() -> None:
    german = written("L15", case_of("de"), RESTRICTED).versions[0]

    assert german.title == "Beschränkung eines Passes oder Personalausweises"
    assert german.body.conditions.text == RESTRICTED.conditions
    assert "aufschiebende Wirkung" in german.body.notes[0]


def test_a_document_that_is_mailed_is_not_to_be_collected() -> None:
    case = case_of()
    case.answers.data = {"document": "EPASS", "delivery": "mail"}
    source = Source(case, letters.folder(), None, DAY)

    body = compose("L14.ready", source, number="N/1", code=letters.CODE).versions[0].body

    assert (body.document, body.is_mailed) == ("Passport", True)


def test_every_document_that_can_be_lost_is_named_in_words() -> None:
    forms = [
        formspec.folder(service, 1).form
        for service in ("passport", "identity_card", "emergency_travel_document")
    ]
    questions = [one for form in forms for one in form.tasks["loss"].questions if one.id == "lost_document"]

    assert len(questions) == len(forms)
    assert {option.value for one in questions for option in one.options} <= set(documents.LOST)


def test_what_was_not_entered_is_not_made_up() -> None:
    for name in (
        "L02",
        "L02.waiting",
        "L02.draw",
        "L03",
        "L04",
        "L04.hearing",
        "L12",
        "L13",
        "L14.loss",
        "L09",
        "L15",
        "L16.access",
        "L17",
    ):
        with pytest.raises(ValueError, match="needs"):
            compose(name, Source(case_of(), letters.folder(), None, DAY), number="N/1", code=letters.CODE)
    with pytest.raises(ValueError, match="no letter L99"):
        compose("L99", Source(case_of(), letters.folder(), None, DAY), number="N/1", code=letters.CODE)


def test_the_numbers_of_all_grounds_have_words() -> None:
    assert list(grounds.NATIONAL) == list(NATIONAL_GROUNDS)
    assert list(grounds.PASSPORT) == list(PASSPORT_GROUNDS)


def test_before_the_first_row_nobody_knows_the_way_to_a_court() -> None:
    assert remedies.against("national", date(2025, 7, 1)).months == 1
    with pytest.raises(LookupError):
        remedies.against("national", date(2025, 6, 30))


def test_a_confirmation_says_day_and_time_at_the_mission() -> None:
    case = case_of()
    case.mission.time_zone, case.mission.address = "Asia/Kolkata", "12 Example Road\nMumbai"

    body = written("L02", case).versions[0].body

    assert (body.day, body.time) == ("Tuesday, 12 May 2026", "14:00")
    assert (body.address.text, body.papers) == ("12 Example Road\nMumbai", ("Travel document", "Photograph"))


def test_who_waits_or_was_drawn_reads_what_stands_and_what_comes_next() -> None:
    case = case_of()
    waits, drawn = (written(name, case).versions[0].body for name in ("L02.waiting", "L02.draw"))
    coming = replace(FACTS["L02.waiting"], draw_at=FACTS["L02.draw"].drawn_at, ticket="cd" * 16)
    source = Source(case, letters.folder(), None, DAY, facts=coming)
    registered = compose("L02.waiting", source, number="N/1", code=letters.CODE).versions[0]

    assert [fact.value for fact in waits.facts][0] == "2"
    assert "for 24 hours" in waits.coming[0]
    assert drawn.stands.startswith("You were drawn: number 3.")
    assert (drawn.facts[0].value, drawn.proof.endswith("/draws/7")) == ("ab" * 16, True)
    assert registered.title == "Confirmation of your registration for the draw"
    assert registered.body.facts[2].value == "cd" * 16


def test_a_receipt_is_in_german_and_the_language_of_the_place() -> None:
    case = case_of("en")
    case.mission.languages = ["de", "ha", "fr"]

    letter = written("L03", case)

    assert [version.language for version in letter.versions] == ["de", "fr"]
    assert [line.value for line in letter.versions[0].body.lines] == [
        "2. April 2026", "90,00 EUR", "8.100,00 INR", "1 EUR = 90,5 INR, seit 1. März 2026",
    ]  # fmt: skip


def test_a_fee_that_was_waived_names_no_amount() -> None:
    waived = replace(FACTS["L03"], is_waived=True)
    source = Source(case_of(), letters.folder(), None, DAY, facts=waived)

    english = compose("L03", source, number="N/1", code=letters.CODE).versions[1]

    assert (english.title, len(english.body.lines)) == ("Confirmation that no fee is due", 1)


def test_an_authority_is_told_only_what_it_may_know() -> None:
    case = case_of()
    case.answers.data = {"surname": "Mensah", "purpose": "Tourism"}

    body = written("L13", case).versions[0].body

    assert [(entry.label, entry.value) for entry in body.data] == [("Surname", "Mensah")]
    assert (body.silence_consents, body.last_day) == (True, "31. Mai 2026")
