"""Fees, checklists, durations and validity: every service lists its rows, and here they are asked of its tables."""

from decimal import Decimal
from types import ModuleType
from typing import Any

import pytest

from tests.forms import (
    test_identity_card,
    test_journey_tables,
    test_national_visa_tables,
    test_passport_tables,
)
from tests.forms.tables import asked, untested

SERVICES = (test_identity_card, test_journey_tables, test_national_visa_tables, test_passport_tables)
WITH_VALIDITY = (test_identity_card, test_journey_tables, test_passport_tables)


def rows(name: str, services: tuple[ModuleType, ...] = SERVICES) -> list[tuple[Any, ...]]:
    """The rows of this name in each service, each row with its service before it."""
    return [(service.SERVICE, *row) for service in services for row in getattr(service, name)]


@pytest.mark.parametrize(("service", "facts", "amount", "rule"), rows("FEES"))
def test_the_fee_and_who_is_free(service, facts, amount, rule) -> None:
    value, rules = asked(service, "fees", "fee", **facts)

    assert (value["amount"], value["currency"], rules) == (Decimal(amount), "EUR", [rule])
    assert value["waived"] is (amount == "0")


@pytest.mark.parametrize(
    ("service", "always", "facts", "further"),
    [(one.SERVICE, one.ALWAYS, *row) for one in SERVICES for row in one.BROUGHT],
)
def test_what_must_be_brought(service, always, facts, further) -> None:
    papers, _rules = asked(service, "documents", "documents", **facts)

    assert {paper["document"] for paper in papers} == always | further
    assert all(paper["label"] and paper["note"] and paper["basis"] for paper in papers)


@pytest.mark.parametrize(("service", "facts", "usual", "most"), rows("DURATIONS"))
def test_how_long_it_takes(service, facts, usual, most) -> None:
    value, _rules = asked(service, "documents", "duration", **facts)

    assert (value["usual_days"], value["most_days"]) == (usual, most)


@pytest.mark.parametrize(("service", "facts", "validity"), rows("VALIDITY", WITH_VALIDITY))
def test_how_long_the_document_is_valid(service, facts, validity) -> None:
    """Years; of an emergency travel document, days."""
    assert asked(service, "documents", "validity", **facts)[0] == validity


@pytest.mark.parametrize(
    ("table", "decision", "name", "services"),
    [
        ("fees", "fee", "FEES", SERVICES),
        ("documents", "documents", "BROUGHT", SERVICES),
        ("documents", "duration", "DURATIONS", SERVICES),
        ("documents", "validity", "VALIDITY", WITH_VALIDITY),
    ],
)
def test_every_row_is_tested(table, decision, name, services) -> None:
    for one in services:
        assert untested(one.SERVICE, table, decision, [facts for facts, *_ in getattr(one, name)]) == []
