"""Letters as they are printed and signed, read back from the file."""

import pytest

from consular.decisions import issuing, pdf, verification
from consular.decisions.choices import Outcome
from consular.decisions.issuing import About
from consular.decisions.models import Decision
from tests.decisions import letters
from tests.decisions.test_pdf import NAMES, opened, text
from tests.decisions.writing import ANNULLED, NATIONAL, RESTRICTED, case_of, written

pytestmark = pytest.mark.django_db
PRINTED = [
    ("L04.reminder", "ar", "chinese", ["31. Mai 2026", "Arbeitsvertrag"]),
    ("L04.hearing", "en", "cyrillic", ["D1234567", "31. Mai 2026"]),
    ("L05.passport", "fr", "greek", ["Stadt Bonn"]),
    ("L08", "en", "devanagari", ["annulliert", "D1234567"]),
    ("L09", "ar", "arabic", ["Das Konto ist leer.", "AufenthG", "Verwaltungsgericht Berlin"]),
    ("L11", "ar", "persian", ["2. April 2026"]),
    ("L12", "de", "latin", ["Accra"]),
    ("L14.ready", "ar", "hebrew", []),
    ("L14.loss", "fr", "vietnamese", ["C01X00T47"]),
    ("L15", "de", "cyrillic", ["Rückreise", "PassG"]),
    ("L02", "ar", "arabic", ["BOOK-1"]),
    ("L02.draw", "ar", "chinese", ["ab" * 16]),
    ("L03", "ar", "hebrew", ["90,00 EUR", "8.100,00 INR"]),
    ("L13", "ar", "devanagari", ["CONS-1", "31. Mai 2026"]),
    ("L16.access", "ar", "latin", []),
    ("L16.erasure", "de", "chinese", ["<b>prüfen</b> {{ letter.code }}"]),
    ("L17", "ar", "greek", ["<b>prüfen</b> {{ letter.code }}", "2. April 2026"]),
]


def test_a_provision_is_not_turned_around_in_arabic() -> None:
    arabic = issuing.render(written("L15.travel_document", case_of("ar")))

    assert "§ 7 Abs. 1 Nr. 2 PassG" in " ".join(text(arabic).split("\f")[1].split())


@pytest.mark.parametrize(("name", "language", "script", "said"), PRINTED, ids=lambda value: str(value)[:20])
def test_the_printed_letter_reads_back_in_every_script(
    name: str, language: str, script: str, said: list[str]
) -> None:
    proposal = {"L08": ANNULLED, "L15": RESTRICTED}.get(name)
    letter = written(name, case_of(language, NAMES[script]), proposal)

    content = issuing.render(letter)

    read = text(content)
    assert read.count(NAMES[script].replace("\u200c", "")) >= len(letter.versions)
    assert [part for part in said if part not in " ".join(read.split())] == []
    file = opened(content)
    assert file.Root.MarkInfo.Marked
    assert list(file.attachments) == [pdf.FACTS]
    assert "pdfuaid" in str(file.Root.Metadata.read_bytes())


def test_an_issued_letter_keeps_its_name_its_decision_and_its_signature() -> None:
    decision: Decision = letters.approved(NATIONAL, case_of("fr"))
    case = decision.case

    letter = issuing.issue(case, "L09", key="k", about=About(decision), folder=letters.folder())

    assert (letter.kind, letter.values["name"], letter.languages) == ("L09", "L09", ["de", "fr"])
    assert letter.decision.outcome == Outcome.REFUSED
    assert verification.check_file(bytes(letter.content)).is_valid
