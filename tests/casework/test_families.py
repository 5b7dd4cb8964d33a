"""Several people of one journey: common answers once, a case and a decision each, sent one by one or all together."""

from collections.abc import Callable

import pytest

from consular import casework
from consular.accounts.models import Role
from consular.cases import companions
from consular.cases.models import Answers, Case, Event, Journey, Phase
from consular.casework import families
from consular.casework.families import NotAllComplete
from consular.core.errors import Refused
from consular.missions.postings import duties
from tests import factories, stages
from tests.casework import kin

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("missions")]


ATTESTED = (*stages.ATTESTED, families.FOR_ALL.id)


def data(case: Case) -> dict[str, object]:
    return Answers.objects.get(case=case).data


def test_a_person_who_is_added_has_what_is_common_and_nothing_else() -> None:
    owner = factories.applicant()
    first = stages.draft(owner)

    other = casework.add_person(first.pk, language="ar", actor=owner)
    third = casework.add_person(other.pk, language="ar", actor=owner)

    said = data(first)
    assert data(other) == {name: said[name] for name in data(other)}
    assert {"arrival_date", "main_destination", "residence_area", "phone", "costs"} <= data(other).keys()
    assert not {"surname", "given_names", "birth_date", "doc_number", "nationality"} & data(other).keys()
    assert data(third) == data(other)
    assert Journey.objects.get().cases.count() == 3
    assert (other.owner, other.language, other.phase) == (owner, "ar", Phase.DRAFT)


def test_a_child_of_the_group_may_apply_for_a_passport_and_has_address_and_contact() -> None:
    owner = factories.applicant()
    first = stages.draft(owner)

    child = casework.add_person(first.pk, language="en", actor=owner, service="passport")
    assert data(child).keys() == {"residence_country", "residence_area", "home_address", "email", "phone"}
    casework.save(child.pk, {"phone": "+912244556677", "case_type": "first"}, revision=0, actor=owner)
    assert data(first)["phone"] == "+912244556677"
    first_revision = Answers.objects.get(case=first).revision
    casework.save(first.pk, {"purposes": ["business"]}, revision=first_revision, actor=owner)

    assert "purposes" not in data(child)
    for service in ("document_legalisation", "annulment", "no such"):
        with pytest.raises(Refused):
            casework.add_person(first.pk, language="en", actor=owner, service=service)


def test_nobody_adds_to_or_sends_the_journey_of_somebody_else() -> None:
    owner, stranger = factories.applicant(), factories.applicant()
    first, other = kin.group(owner)
    first.refresh_from_db()

    acts: list[Callable[[], object]] = [
        lambda: casework.add_person(first.pk, language="en", actor=stranger),
        lambda: casework.apply_alone(other.pk, actor=stranger),
        lambda: casework.send_together(first.journey.reference, attested=ATTESTED, actor=stranger),
    ]
    for act in acts:
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.status == 404


def test_a_common_answer_changes_for_all_drafts_and_an_own_one_for_one() -> None:
    owner = factories.applicant()
    first, other = kin.group(owner)
    before = Answers.objects.get(case=first).revision
    theirs = Answers.objects.get(case=other).revision

    casework.save(first.pk, {"phone": "+912244556677", "surname": "Verma"}, revision=before, actor=owner)

    assert data(other)["phone"] == "+912244556677"
    assert data(other)["surname"] != "Verma"
    with pytest.raises(casework.Conflict):  # a window that is open on the other draft is told
        casework.save(other.pk, {"phone": "+911111111111"}, revision=theirs, actor=owner)


def test_what_is_hidden_from_one_says_nothing_about_the_others() -> None:
    owner = factories.applicant()
    first, other = kin.group(owner)
    revision = Answers.objects.get(case=first).revision

    casework.save(first.pk, {"eu_family": True, "costs": None}, revision=revision, actor=owner)

    assert data(other)["costs"]
    assert data(first)["costs"] == data(other)["costs"]  # back as soon as it is asked again


def test_who_applies_alone_keeps_the_answers_and_changes_nobodys() -> None:
    owner = factories.applicant()
    first, other = kin.group(owner)
    said = data(other)

    casework.apply_alone(other.pk, actor=owner)
    casework.save(first.pk, {"phone": "+912244556677"}, revision=0, actor=owner)

    assert data(other) == said
    casework.apply_alone(first.pk, actor=owner)
    assert not Journey.objects.exists()


def test_all_are_sent_together_each_with_a_case_of_its_own_and_later_changes_leave_them_alone() -> None:
    post = stages.ministry()
    owner = factories.applicant()
    first, other = kin.group(owner)
    first.refresh_from_db()
    reference = first.journey.reference

    sent = casework.send_together(reference, attested=ATTESTED, actor=owner)
    late = casework.add_person(first.pk, language="en", actor=owner)
    casework.save(late.pk, {"phone": "+912244556677"}, revision=0, actor=owner)

    assert {case.pk for case in sent} == {first.pk, other.pk}
    assert len({case.instance_id for case in sent}) == 2
    assert {Answers.objects.get(case=case).declarations[-1]["id"] for case in sent} == {"for_all"}
    assert data(first)["phone"] == data(other)["phone"] != data(late)["phone"]
    seen = companions.of(sent[0], post.clerk, duties(post.clerk))
    assert ([case.pk for case in seen.seen], seen.elsewhere) == (
        [other.pk],
        0,
    )  # drafts are nobody's business
    abroad = factories.official(Role.INTAKE_CLERK, mission=factories.mission())
    hidden = companions.of(sent[0], abroad, duties(abroad))
    assert (hidden.seen, hidden.elsewhere) == ((), 1)


def test_if_one_is_not_complete_none_is_sent() -> None:
    stages.ministry()
    owner = factories.applicant()
    first, other = kin.group(owner)
    first.refresh_from_db()
    revision = Answers.objects.get(case=other).revision
    casework.save(other.pk, {"surname": None}, revision=revision, actor=owner)

    with pytest.raises(NotAllComplete) as refused:
        casework.send_together(first.journey.reference, attested=ATTESTED, actor=owner)

    assert [case.pk for case in refused.value.cases] == [other.pk]
    assert not Case.objects.exclude(phase=Phase.DRAFT).exists()
    assert not Event.objects.filter(kind="submitted").exists()


def test_without_looking_first_one_transaction_still_sends_none(monkeypatch: pytest.MonkeyPatch) -> None:
    stages.ministry()
    owner = factories.applicant()
    first, other = kin.group(owner)
    first.refresh_from_db()
    revision = Answers.objects.get(case=other).revision
    casework.save(other.pk, {"surname": None}, revision=revision, actor=owner)
    monkeypatch.setattr(families, "_is_ready", lambda _case: True)

    with pytest.raises(Refused):
        casework.send_together(first.journey.reference, attested=ATTESTED, actor=owner)

    assert not Case.objects.exclude(phase=Phase.DRAFT).exists()
