"""Somebody acts for the applicant: recorded with the words of their declaration, asked for on paper, and in letters."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import translation

from consular import casework, formspec
from consular.cases.models import Answers, Event, Mandate
from consular.casework import checklist, mandates
from consular.casework.mandates import Representative
from consular.core import clock
from consular.core.errors import Refused
from consular.decisions import composing
from consular.decisions.source import Source
from tests import factories, stages
from tests.casework import kin

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("missions")]

ADDRESS = {"lines": "12 Court Road", "postal_code": "400001", "place": "Mumbai", "country": "IND"}
LAWYER = Representative(
    "lawyer", "Mehta", "Anil", "Mehta & Partners", ADDRESS, "office@example.org", "+912266112233",
    date(2026, 1, 5),
)  # fmt: skip


def test_a_mandate_is_kept_with_its_declaration_asked_for_on_paper_and_printed_in_every_letter() -> None:
    stages.ministry()
    case = stages.draft()
    with translation.override("de"):
        mandate = casework.record_mandate(case.pk, LAWYER, actor=case.owner)
        said = str(mandates.TEXT)
    assert (mandate.text, mandate.version, mandate.language) == (said, 2, "de")
    assert "Mandate" in [str(line.label) for line in checklist.asked(case_with_answers(case))]
    answers = Answers.objects.get(case=case).data
    assert answers["filled_by_other"] is True
    assert answers["filler"][0]["filler_surname"] == "Mehta"

    case = casework.submit(case.pk, attested=stages.ATTESTED, actor=case.owner)
    source = Source(case, formspec.latest("schengen_visa"), None, clock.today())
    receipt, ready = (composing.compose(name, source, number="1", code="x") for name in ("L01", "L11"))

    assert receipt.representative == ready.representative == "Anil Mehta, Mehta & Partners"
    body = receipt.versions[0].body
    assert "Anil Mehta, Mehta & Partners" in [line.value for line in body.sections[-1].entries]
    assert body.declarations[-1] == said


def case_with_answers(case):
    case.answers = Answers.objects.get(case=case)
    return case


def test_a_mandate_is_the_holders_of_the_draft_alone_of_a_day_that_was_and_can_end() -> None:
    case = stages.draft(secret="the secret")
    with pytest.raises(Refused) as refused:
        casework.record_mandate(case.pk, LAWYER, actor=factories.applicant())
    assert refused.value.status == 404
    with pytest.raises(Refused) as refused:
        casework.record_mandate(
            case.pk,
            Representative(**{**vars(LAWYER), "since": clock.today() + timedelta(days=1)}),
            actor=None,
            secret="the secret",
        )
    assert refused.value.field == "since"

    casework.record_mandate(case.pk, LAWYER, actor=None, secret="the secret")
    casework.remove_mandate(case.pk, actor=None, secret="the secret")

    assert not Mandate.objects.exists()
    assert [event.kind for event in Event.objects.filter(case=case).order_by("id")][1:] == [
        "mandate_recorded",
        "mandate_removed",
    ]


def acting() -> dict[str, str]:
    """Who acts for whom: the person's first name, and the representative's surname."""
    found = Mandate.objects.select_related("case__answers").order_by("case")
    return {str(each.case.answers.data.get("given_names", "?")): each.surname for each in found}


def test_one_mandate_does_for_a_group_and_can_be_ended_for_each_person() -> None:
    owner, for_all = factories.applicant(), replace(LAWYER, for_group=True)
    first, second, third = kin.group(owner, 3)
    casework.record_mandate(third.pk, replace(LAWYER, surname="Own"), actor=owner)
    casework.record_mandate(first.pk, for_all, actor=owner)
    assert acting() == {"Ama": "Mehta", "Asha A": "Mehta", "Asha B": "Own"}
    assert Answers.objects.get(case=second).data["filler"][0]["filler_surname"] == "Mehta"

    fourth = casework.add_person(third.pk, language="en", actor=owner)
    assert acting()["?"] == "Mehta"
    kept = Mandate.objects.get(case=fourth)
    assert (kept.text, kept.declared_at) == (str(mandates.TEXT), Mandate.objects.get(case=first).declared_at)

    casework.remove_mandate(second.pk, actor=owner)
    casework.record_mandate(first.pk, replace(for_all, surname="Rao"), actor=owner)
    assert acting() == {"Ama": "Rao", "Asha B": "Own", "?": "Rao"}  # ended for the second, and not begun anew


def test_a_mandate_reaches_neither_who_was_sent_nor_another_group_nor_others_when_it_is_for_one() -> None:
    stages.ministry()
    owner = factories.applicant()
    first, second = kin.group(owner)
    kin.group(owner)
    casework.record_mandate(first.pk, LAWYER, actor=owner)
    assert acting() == {"Ama": "Mehta"}
    casework.remove_mandate(first.pk, actor=owner)
    casework.submit(second.pk, attested=stages.ATTESTED, actor=owner)
    casework.record_mandate(first.pk, replace(LAWYER, for_group=True), actor=owner)

    assert Mandate.objects.get().case_id == first.pk
