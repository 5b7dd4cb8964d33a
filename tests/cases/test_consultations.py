"""What the database refuses of consultations, whoever asks; each safeguard also switched off, to see the harm."""

from collections.abc import Callable
from datetime import date
from functools import partial

import pytest
from django.db import DatabaseError, connection, transaction

from consular.cases.consultations import (
    TOLD,
    Consultation,
    ConsultationAnswer,
    ConsultationQuerySet,
    Partner,
    PartnerMember,
    objections,
    told,
)
from consular.cases.models import Case
from consular.core import clock, references
from tests import factories, harm, stages
from tests.harm import without_trigger

pytestmark = pytest.mark.django_db


def ask(case: Case | None = None, **fields: object) -> Consultation:
    values = {
        "reference": references.issue(), "case": case or factories.sent_case(), "partner": "security",
        "name": "Security authority", "token": 1, "asked_at": clock.now(), "silence": "consent",
    }  # fmt: skip
    return Consultation.objects.create(**{**values, **fields})


def answer(asked: Consultation | None = None, **fields: object) -> ConsultationAnswer:
    values = {"consultation": asked or ask(), "answer": "consent", "at": clock.now(), **fields}
    if "by" not in fields and not fields.get("is_deemed"):
        values["by"] = factories.applicant()
    return ConsultationAnswer.objects.create(**values)


def ask_twice(**fields: object) -> None:
    first = ask()
    ask(first.case, **{"token": 2, "reference": "AAAA", **fields})


def one_reference() -> None:
    ask(reference="AAAA")
    ask(reference="AAAA")


def answer_twice(first: dict[str, object], second: dict[str, object]) -> None:
    asked = ask()
    answer(asked, **first)
    answer(asked, **second)


def partner_twice() -> None:
    for name in ("One", "Other"):
        Partner.objects.create(code="security", name=name, kind="security")


def member_that_ends_before() -> None:
    partner = Partner.objects.create(code="security", name="Security authority", kind="security")
    PartnerMember.objects.create(
        partner=partner, user=factories.applicant(), starts_on=date(2027, 1, 2), ends_on=date(2027, 1, 1)
    )


ONE = "one_open_consultation_per_case_and_partner"
FINAL = "one_final_answer_in_time_and_one_late"
AUTHOR = "only_silence_has_no_author"
CONSTRAINTS = [
    (Partner, "code", partner_twice),
    (PartnerMember, "member_ends_after_it_begins", member_that_ends_before),
    (Consultation, "reference", one_reference),
    (Consultation, ONE, ask_twice),
    (Consultation, "one_consultation_per_step", partial(ask_twice, partner="other", token=1)),
    (ConsultationAnswer, FINAL, partial(answer_twice, {"is_deemed": True}, {"answer": "objection"})),
    (ConsultationAnswer, FINAL, partial(answer_twice, {"is_late": True}, {"is_late": True})),
    (
        ConsultationAnswer,
        "one_answer_per_key",
        partial(answer_twice, {"answer": "more_time", "key": "a"}, {"key": "a"}),
    ),
    (ConsultationAnswer, AUTHOR, partial(answer, by=None)),
    (ConsultationAnswer, AUTHOR, partial(answer, answer="none")),
    (ConsultationAnswer, AUTHOR, partial(answer, is_deemed=True, is_late=True)),
]


test_a_constraint_refuses_the_harm = harm.refused(CONSTRAINTS)
test_without_the_constraint_the_harm_is_done = harm.done_without(CONSTRAINTS)


def change(row: ConsultationAnswer) -> None:
    ConsultationAnswer.objects.filter(pk=row.pk).update(answer="objection")


def forget(row: ConsultationAnswer) -> None:
    row.delete()


@pytest.mark.parametrize("harm", [change, forget])
def test_an_answer_is_neither_changed_nor_deleted(harm: Callable[[ConsultationAnswer], None]) -> None:
    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        harm(answer())


@pytest.mark.parametrize("harm", [change, forget])
def test_without_the_trigger_the_harm_is_done(harm: Callable[[ConsultationAnswer], None]) -> None:
    with without_trigger("cases.ConsultationAnswer:append_only"):
        harm(answer())


def test_what_the_constraints_allow() -> None:
    asked = ask()
    answer(asked, answer="more_time")
    answer(asked, answer="more_data")
    answer(asked, is_deemed=True)
    answer(asked, answer="objection", is_late=True)
    asked.closed_at = clock.now()
    asked.save()
    ask(asked.case, token=2)


def test_only_objections_in_time_count() -> None:
    asked = ask()
    counted = answer(asked, answer="objection")
    answer(asked, answer="objection", is_late=True)
    answer(ask(), answer="objection")

    assert list(objections(asked.case_id)) == [counted]


def test_a_partner_is_told_the_named_answers_and_nothing_else() -> None:
    answers = {**stages.answers(), "remarks": "private"}

    facts = told(answers)

    assert set(facts) <= set(TOLD)
    assert facts["surname"] == "Mensah"
    assert not {"email", "phone", "home_address", "remarks"} & set(facts)


def plan_of(rows: ConsultationQuerySet) -> str:
    """How PostgreSQL would read them from a large table."""
    sql, values = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        cursor.execute(f"EXPLAIN {sql}", values)
        return "\n".join(row[0] for row in cursor.fetchall())


def open_page() -> ConsultationQuerySet:
    """The first page of what a partner is asked."""
    member = factories.applicant()
    partner = Partner.objects.create(code="security", name="Security authority", kind="security")
    PartnerMember.objects.create(partner=partner, user=member, starts_on=date(2020, 1, 1))
    for _ in range(5):
        ask()
    return Consultation.objects.visible_to(member).awaited().order_by("-pk")[:101]


def test_the_open_ones_of_a_partner_are_a_walk_along_their_index() -> None:
    plan = plan_of(open_page())

    assert "consultation_open" in plan
    assert "Sort" not in plan


def test_without_the_index_they_would_be_looked_for_among_all() -> None:
    page = open_page()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; DROP INDEX consultation_open")

    assert "consultation_open" not in plan_of(page)


def test_every_named_question_is_one_of_a_form() -> None:
    questions = {question.id for page in stages.folder().form.pages for question in page.questions}

    assert set(TOLD) <= questions
