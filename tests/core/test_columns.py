"""Models out of statements written by hand are those that Django would have read."""

import pytest

from consular.cases.models import Answers, Case, Mandate
from consular.casework import draft_rows
from consular.core.columns import Columns, side_by_side
from consular.core.prepared import first_row
from tests import factories, stages

pytestmark = pytest.mark.django_db


def test_every_column_is_read_as_django_reads_it():
    case = stages.draft(factories.applicant())
    columns = Columns(Case, "c")

    row = first_row(f"SELECT {columns.text} FROM cases_case c WHERE c.id = %(id)s", {"id": case.pk})  # noqa: S608

    found, read = columns.found(row), Case.objects.get(pk=case.pk)
    assert found == read
    assert {name: getattr(found, name) for name in columns._names} == {
        name: getattr(read, name) for name in columns._names
    }
    assert not found._state.adding


def test_an_outer_join_that_found_nothing_gives_none():
    answers, mandate = Columns(Answers, "a"), Columns(Mandate, "m")
    case = stages.draft(factories.applicant())

    row = first_row(
        f"SELECT {answers.text}, {mandate.text} FROM cases_answers a "  # noqa: S608
        "LEFT JOIN cases_mandate m ON m.case_id = a.case_id WHERE a.case_id = %(id)s",
        {"id": case.pk},
    )

    assert side_by_side(row, answers, mandate) == (Answers.objects.get(case=case), None)


def test_a_draft_brings_what_hangs_on_it(django_assert_num_queries):
    case = stages.draft(factories.applicant())

    with django_assert_num_queries(1):
        found = draft_rows.by_reference(case.reference)
        assert found.answers.case is found
        assert found.answers.data
        assert not hasattr(found, "mandate")
        assert found.journey is None
