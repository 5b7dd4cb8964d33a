"""The page of a case shows whom it asked and what came of it, and takes answers that came on paper."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from consular.accounts.models import Role
from consular.cases.consultations import Consultation
from consular.cases.models import Case
from consular.desk import partners
from consular.missions.postings import duties
from tests import factories, stages
from tests.casework import asking
from tests.desk.test_queries import statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def post() -> stages.Post:
    return stages.ministry()


def at_examination(post: stages.Post) -> tuple[Case, Consultation]:
    """A case with a consultation that is closed by silence."""
    case = stages.at_examination(post)
    return case, asking.answered(case, answer="consent", by=None, is_deemed=True)


def page(client: Client, case: Case) -> str:
    return client.get(reverse("desk:case", args=[case.reference])).content.decode()


def enter(client: Client, case: Case, asked: Consultation, **entries: str):
    """An officer sends the form of a consultation."""
    data = {f"c{asked.reference}-{name}": value for name, value in entries.items()}
    return client.post(reverse("desk:answer", args=[case.reference, asked.reference]), data)


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_an_officer_reads_who_was_asked_and_that_silence_was_deemed(post: stages.Post) -> None:
    case, asked = at_examination(post)

    said = words(page(factories.signed_in(Client(), post.clerk), case))

    assert "Central authorities" in said
    assert asked.reference in said
    assert "Silence counts as consent" in said
    assert "Deemed" in said
    assert "Enter an answer" not in said


def test_a_caseworker_enters_an_answer_and_it_is_shown_as_late(post: stages.Post) -> None:
    case, asked = at_examination(post)
    client = factories.signed_in(Client(), post.caseworker)

    sent = enter(client, case, asked, answer="objection", text="See the note of 3 May.")
    said = words(page(client, case))

    assert (sent.status_code, sent["Location"]) == (302, reverse("desk:case", args=[case.reference]))
    assert "Late" in said
    assert f"entered by {post.caseworker.name}" in said
    assert "See the note of 3 May." in said
    assert "Enter an answer" not in said


@pytest.mark.parametrize(
    ("entries", "sentence"),
    [
        ({}, "This field is required."),
        ({"answer": "maybe"}, "Select a valid choice"),
        ({"answer": "conditions", "text": "  "}, "Say which conditions apply"),
        ({"answer": "consent", "text": "x" * 5001}, "5000 characters"),
    ],
)
def test_what_is_not_right_is_said_at_its_field_and_what_was_typed_stays(post, entries, sentence) -> None:
    case, asked = at_examination(post)
    client = factories.signed_in(Client(), post.caseworker)

    answer = enter(client, case, asked, **entries)
    shown = answer.content.decode()

    assert answer.status_code == 422
    assert sentence in words(shown)
    assert 'id="error-summary"' in shown
    assert "<details open>" in shown
    assert entries.get("text", "").strip() in shown
    assert asked.answers.count() == 1


def test_a_second_answer_is_refused_with_a_sentence(post: stages.Post) -> None:
    case = stages.at_examination(post)
    asked = asking.answered(case)

    answer = enter(factories.signed_in(Client(), post.caseworker), case, asked, answer="consent")

    assert answer.status_code == 409
    assert "has been answered already" in words(answer.content.decode())
    assert case.events.filter(kind="answer_refused").count() == 1


def test_a_consultation_of_another_case_is_not_found(post: stages.Post) -> None:
    case, _ = at_examination(post)
    other = asking.answered(factories.sent_case(mission=post.mission))
    client = factories.signed_in(Client(), post.caseworker)

    assert enter(client, case, other, answer="consent").status_code == 404
    assert client.post(reverse("desk:answer", args=[case.reference, "nonsense"])).status_code == 404


def test_what_a_partner_writes_is_text_in_its_own_direction(post: stages.Post) -> None:
    case = stages.at_examination(post)
    asking.answered(case, text="<script>alert(1)</script>\nلا مانع")
    client = factories.signed_in(Client(), post.caseworker)
    client.post(f"{reverse('portal:language')}?next=/desk/", {"switch_to": "ar"})

    shown = page(client, case)

    assert 'dir="rtl"' in shown
    assert "<script>alert" not in shown
    assert '<bdi class="value">&lt;script&gt;alert(1)&lt;/script&gt;<br>لا مانع</bdi>' in shown


def test_an_objection_is_said_at_the_recommendation(post: stages.Post) -> None:
    case = stages.at_examination(post)
    asking.answered(case)
    token = stages.open_task(case)
    typed = {f"t{token.pk}-{name}": value for name, value in stages.granting(checked=["purpose"]).items()}
    for name in ("valid_from", "valid_until"):
        typed.pop(f"t{token.pk}-{name}")
        for part, value in zip(("year", "month", "day"), stages.granting()[name].split("-"), strict=True):
            typed[f"t{token.pk}-{name}_{part}"] = value

    answer = factories.signed_in(Client(), post.caseworker).post(
        reverse("desk:complete", args=[case.reference, token.pk]), typed
    )

    assert answer.status_code == 422
    form = next(task.form for task in answer.context["tasks"] if task.token.pk == token.pk)
    assert list(form.errors) == ["recommendation"]
    assert "There is an objection: Central authorities." in str(form.errors["recommendation"])


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        ({"answer": "consent"}, "Consent"),
        ({"answer": "consent", "by": None, "is_deemed": True}, "Silence counts as consent"),
        ({"answer": "none", "by": None, "is_deemed": True}, "No answer"),
        ({"answer": "more_time"}, "More time is needed"),
        ({"answer": "objection", "is_late": True}, "No longer needed"),
    ],
)
def test_the_state_in_words(answer: dict[str, object], state: str) -> None:
    case = factories.sent_case()
    asking.answered(case, **answer)
    officer = factories.official(Role.AUDITOR, mission=case.mission)

    (shown,) = partners.listed(case, duties(officer))

    assert (shown.state, shown.form) == (state, None)


def test_an_open_one_waits_with_its_last_day() -> None:
    case = asking.consulting(asking.SECURITY)

    (shown,) = partners.listed(case, duties(asking.caseworker(case)))

    assert shown.state == "Waiting for the answer"
    assert shown.form is not None
    assert (shown.last_day - shown.asked_at.date()).days in (7, 8)


@pytest.mark.django_db(transaction=True)
def test_many_consultations_take_as_many_statements_as_few(post: stages.Post) -> None:
    case = stages.at_examination(post)
    asking.answered(case)
    address = reverse("desk:case", args=[case.reference])
    few = statements(post.caseworker, address)
    for number in range(2, 12):
        row = asking.answered(factories.sent_case())
        Consultation.objects.filter(pk=row.pk).update(case=case, token=number)

    assert statements(post.caseworker, address) == few


def test_a_request_that_reached_nobody_is_told_and_sent_by_letter(post: stages.Post) -> None:
    case = asking.consulting(asking.SECURITY, read=False)
    officer = asking.caseworker(case)
    client = factories.signed_in(Client(), officer)
    address = reverse("desk:send_again", args=[case.reference, asking.asked(case).reference])
    way = f"w{asking.asked(case).reference}-way"

    listed = words(client.get(reverse("desk:unreached")).content.decode())
    elsewhere = words(
        factories.signed_in(Client(), post.caseworker).get(reverse("desk:unreached")).content.decode()
    )
    before = words(page(client, case))
    none, unread = client.post(address), client.post(address, {way: "again"})
    sent = client.post(address, {way: "otherwise"})
    after = words(page(client, case))

    assert (case.reference in listed, case.reference in elsewhere) == (True, False)
    assert "This request has reached nobody" in before
    assert "no silence counts" in before
    assert "Asked on" not in before
    assert (none.status_code, unread.status_code, sent.status_code) == (422, 422, 302)
    assert "Still nobody at this authority" in words(unread.content.decode())
    assert "Waiting for the answer" in after
    assert "Request to a partner sent by letter or another way" in after
    assert "Send the request" not in after
    assert client.post(address, {way: "otherwise"}).status_code == 409
