"""How long data are kept, as the information on data protection says it."""

from datetime import date

import pytest
from django.utils import translation

from consular import formspec
from consular.decisions import keeping

DAY = date(2026, 5, 1)


@pytest.mark.parametrize(
    ("service", "said"),
    [
        ("schengen_visa", ["At most: 5 years (VIS-VO", "at least: 1 year (VO", "expired: 2 years (AufenthV"]),
        ("national_visa", ["After the decision: 5 years (AufenthV § 69 (3))"]),
        ("passport", ["at most: 30 years (PassG § 21 (4), PAuswG § 23 (4))"]),
        ("emergency_travel_document", ["at most: 2 years (PassG § 21 (4))"]),
        ("birth_registration", ["60 days after the last change"]),
    ],
)
def test_each_service_says_its_periods_and_their_law(service: str, said: list[str]) -> None:
    values = " | ".join(entry.value for entry in keeping.printed(service, DAY))

    assert [part for part in said if part not in values] == []


def test_every_row_has_words_and_services_that_there_are() -> None:
    services = {folder.service for folder in formspec.services()}

    assert {row.id for row in keeping.known()} == set(keeping.SAID)
    assert all(set(row.services) <= services for row in keeping.known())
    with translation.override("de"):
        assert len(keeping.printed("schengen_visa", DAY)) == 7


def test_the_newest_row_that_has_begun_counts_and_none_before(monkeypatch: pytest.MonkeyPatch) -> None:
    later = keeping.Row("vis", ("schengen_visa",), date(2027, 1, 1), "new law", years=3)
    monkeypatch.setattr(keeping, "known", lambda: (later, *keeping_rows))

    assert "5 years" in keeping.printed("schengen_visa", DAY)[1].value
    assert keeping.printed("schengen_visa", later.begins)[1].value == "At most: 3 years (new law)"
    assert len(keeping.printed("schengen_visa", date(2025, 6, 30))) == 1


keeping_rows = keeping.known()
