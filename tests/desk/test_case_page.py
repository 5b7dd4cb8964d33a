"""The page of a case keeps what an officer has typed."""

from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from consular import casework
from consular.accounts.models import Role
from consular.cases.models import Case, Phase
from consular.desk import case_page
from consular.workflow.models import Token
from tests import factories, stages

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("missions")]


@pytest.fixture
def page():
    """A case before its clerk: the client, the address, the task's prefix."""
    post = stages.ministry()
    case = stages.sent()
    return factories.signed_in(Client(), post.clerk), case, stages.open_task(case)


def test_a_switch_of_the_language_keeps_what_was_typed_into_the_task(page) -> None:
    client, case, token = page
    address = reverse("desk:case", args=[case.reference])

    client.post(
        f"{reverse('portal:language')}?next={address}",
        {"switch_to": "de", f"t{token.pk}-complete": "no", f"t{token.pk}-request": "Where will you stay?"},
    )
    shown = client.get(address).content.decode()

    assert "Where will you stay?" in shown
    assert 'lang="de"' in shown
    assert "kern-error" not in shown


def test_questions_stand_in_the_applicants_words_too_and_what_was_typed_is_marked(page) -> None:
    client, case, _token = page
    address = reverse("desk:case", args=[case.reference])
    case.answers.data["birth_place"] = "<b>Accra</b>"
    case.answers.save()
    with translation.override("ar"):
        asked, chosen = gettext("Date of birth"), gettext("Female")

    alike = client.get(address).content.decode()
    Case.objects.filter(pk=case.pk).update(language="ar")
    beside = client.get(address).content.decode()

    assert "<q>&lt;b&gt;Accra&lt;/b&gt;</q>" in alike
    assert 'class="muted" lang="ar"' not in alike
    assert f'Date of birth<br><span class="muted" lang="ar" dir="rtl">{asked}</span>' in beside
    assert f'Female<br><span class="muted" lang="ar" dir="rtl">{chosen}</span>' in beside
    assert "how the applicant read it" in beside
    assert "how the applicant read it" not in alike


def test_taking_a_task_keeps_what_was_typed_into_it(page) -> None:
    client, case, token = page

    answer = client.post(
        reverse("desk:claim", args=[case.reference, token.pk]),
        {f"t{token.pk}-request": "Where will you stay?"},
    )

    assert "Where will you stay?" in client.get(answer.url).content.decode()


def test_after_a_task_the_next_one_of_its_queue_is_under_the_finger(page) -> None:
    client, case, token = page
    other = stages.sent()
    address = reverse("desk:case", args=[case.reference])
    button = 'name="role" value="intake_clerk" autofocus'
    assert button not in client.get(address).content.decode()

    answer = client.post(
        reverse("desk:complete", args=[case.reference, token.pk]), {f"t{token.pk}-complete": "yes"}
    )
    done = client.get(answer.url).content.decode()

    assert "Done. The case has moved on." in done
    assert done.count(button) == done.count(" autofocus") == 1
    assert 'id="work"' in done
    assert button not in client.get(address).content.decode()
    following = client.post("/desk/next/", {"mission": case.mission_id, "role": "intake_clerk"})
    assert following.url == f"{reverse('desk:case', args=[other.reference])}#work"


def test_a_refused_message_stays_and_the_language_can_still_be_switched(page) -> None:
    client, case, _ = page

    answer = client.post(reverse("desk:write", args=[case.reference]), {"text": "x" * 5_001})

    assert answer.status_code == 422
    assert "x" * 5_001 in answer.content.decode()
    assert f"next={quote(reverse('desk:case', args=[case.reference]), safe='')}" in answer.content.decode()


def test_what_the_slower_of_two_officers_typed_can_still_be_read(page) -> None:
    client, case, token = page
    quicker = factories.official(Role.INTAKE_CLERK, mission=case.mission)
    casework.complete(case.reference, token.pk, {"complete": True}, actor=quicker)

    answer = client.post(
        reverse("desk:complete", args=[case.reference, token.pk]),
        {f"t{token.pk}-complete": "no", f"t{token.pk}-request": "Where will you stay?"},
    )

    assert answer.status_code == 409
    assert "Where will you stay?" in answer.content.decode()


def test_what_was_typed_into_a_task_that_another_one_took_can_still_be_read(page) -> None:
    client, case, token = page
    casework.claim(
        case.reference, token.pk, actor=factories.official(Role.INTAKE_CLERK, mission=case.mission)
    )

    answer = client.post(
        reverse("desk:claim", args=[case.reference, token.pk]),
        {f"t{token.pk}-request": "Where will you stay?"},
    )

    assert answer.status_code == 409
    assert "Where will you stay?" in answer.content.decode()


def test_a_clock_that_stands_still_says_so_instead_of_a_day(page) -> None:
    client, case, token = page
    address = reverse("desk:case", args=[case.reference])
    running = client.get(address).content.decode()

    Token.objects.filter(pk=token.pk).update(data={"held": {"since": "2026-06-01T08:00:00+00:00"}})
    stopped = client.get(address).content.decode()

    assert "Due on" in running
    assert "Due on" not in stopped
    assert "The clock has stood still since" in stopped


def test_the_second_officer_sees_which_variant_of_a_grant_is_proposed() -> None:
    post = stages.ministry()
    limited = {"visa_type": "LTV", "territory": ["DEU", "AUT"], "ltv_reason": "objection"}
    case = stages.at_decision(post, **stages.granting(**limited))

    shown = factories.signed_in(Client(), post.decider).get(reverse("desk:case", args=[case.reference]))

    rows = {fact.label: fact.value for fact in shown.context["proposal_rows"]}
    assert rows["Type of visa"] == "Visa with limited territorial validity (LTV)"
    assert rows["Valid for"] == "Austria, Germany"
    assert rows["Why not for all states"] == "A consulted state objects"


def test_who_examines_reads_what_follows_from_earlier_visas_and_nobody_else() -> None:
    post = stages.ministry()
    case = stages.at_examination(post)
    address = reverse("desk:case", args=[case.reference])

    shown = factories.signed_in(Client(), post.caseworker).get(address)
    assert "Nothing longer follows from earlier visas" in shown.content.decode()
    assert factories.signed_in(Client(), post.clerk).get(address).context["earlier_visas"] is None


def test_the_outcome_of_a_case_stands_first_among_its_facts() -> None:
    post = stages.ministry()
    case = stages.sent()
    Case.objects.filter(pk=case.pk).update(phase=Phase.CLOSED, outcome="lapsed")

    shown = factories.signed_in(Client(), post.clerk).get(reverse("desk:case", args=[case.reference]))

    assert shown.context["facts"][0] == case_page.Fact("Outcome", "Lapsed")
