"""An officer names what reopens; the applicant corrects exactly that; the answer comes back to the officer."""

from collections.abc import Mapping
from typing import Any

import pytest
from django.test import Client

from consular import casework
from consular.accounts.models import Role, User
from consular.cases import history
from consular.cases.inquiries import About, AnswersVersion, Inquiry, Item, Lack
from consular.cases.models import Answers, Case, Phase
from consular.casework import asking, correcting, elsewhere
from consular.core.errors import Refused
from tests import factories, stages
from tests.casework import attaching

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("missions")]

PASSPORT = Item(About.QUESTION, "doc_number", "", Lack.CONTRADICTORY, "The copy says something else.")
OTHER_NAMES = Item(About.QUESTION, "has_other_nationalities", "", Lack.MISSING)
PAPER = Item(About.DOCUMENT, attaching.DOCUMENT, "", Lack.UNREADABLE)


@pytest.fixture
def post() -> stages.Post:
    return stages.ministry()


def asked(post: stages.Post, *items: Item) -> Case:
    """A case in which the clerk has named these and completed the check by asking."""
    case = stages.sent()
    casework.name_items(case.reference, stages.open_task(case).pk, items, actor=post.clerk)
    stages.do(case, post.clerk, complete=False, request="Please correct what is named.")
    return Case.objects.select_related("answers", "owner").get(pk=case.pk)


def correct(case: Case, **typed: Any) -> Inquiry:
    """The applicant saves these answers."""
    return casework.correct(case.pk, typed, revision=asking.of(case).revision, actor=case.owner)


def send(case: Case, *, attested: tuple[str, ...] = stages.ATTESTED, text: str = "") -> Case:
    """The applicant sends them."""
    inquiry = Inquiry.objects.get(case=case, closed_at=None)
    return casework.send_corrections(
        case.pk, attested=attested, text=text, revision=inquiry.revision, actor=case.owner
    )


def refusal(call: Any, *args: Any, **more: Any) -> str:
    """How the verb refuses."""
    with pytest.raises(Refused) as refused:
        call(*args, **more)
    return refused.value.code


def answers(case: Case) -> Mapping[str, Any]:
    return Answers.objects.get(case=case).data


def test_what_was_named_is_corrected_in_place_and_comes_back_to_who_asked(post: stages.Post) -> None:
    colleague = factories.official(Role.INTAKE_CLERK, mission=post.mission)
    case = asked(post, PASSPORT)
    before = answers(case)
    assert case.phase == Phase.YOUR_TURN
    assert [(item.title, item.lack) for item in correcting.of(case).inquiry.asked] == [
        ("Number of travel document", "Contradicts other statements")
    ]

    correct(case, doc_number="G7654321")
    assert answers(case) == before, "nothing reaches the mission before it is sent"
    send(case)

    task, version = stages.open_task(case), AnswersVersion.objects.get(case=case)
    assert answers(case) == {**before, "doc_number": "G7654321"}
    assert (version.data, version.changed) == (before, ["doc_number"])
    assert (task.node, task.assignee) == ("check_completeness", post.clerk)
    assert colleague != task.assignee
    case.refresh_from_db()
    assert case.phase == Phase.IN_REVIEW
    told = [line.what for line in history.for_applicant(case)]
    assert "Applicant has sent what was asked for" in told
    assert Inquiry.objects.get(case=case).typed == {}


def test_officers_are_told_that_the_corrected_answers_lead_to_another_mission(
    post: stages.Post, client: Client
) -> None:
    area = Item(About.QUESTION, "residence_area", "", Lack.CONTRADICTORY)
    case = asked(post, area)
    page = f"/desk/cases/{case.reference}/"
    browser = factories.signed_in(client, post.clerk)
    here = answers(case)["residence_area"]
    correct(case, residence_area="IN-DL")
    send(case)

    case.refresh_from_db()
    found = elsewhere.of(case)
    assert (found.mission, case.mission) == ("NEWD", post.mission)
    shown = browser.get(page).content.decode()
    assert "By the corrected answers another mission is responsible." in shown
    assert found.because.sentence in shown
    lines = [line.what for line in history.for_officers(case)]
    assert "By the corrected answers this mission is not responsible" in lines

    casework.name_items(case.reference, stages.open_task(case).pk, [area], actor=post.clerk)
    stages.do(case, post.clerk, complete=False, request="Are you sure?")
    case = Case.objects.select_related("answers", "owner").get(pk=case.pk)
    correct(case, residence_area=here)
    send(case)
    case.refresh_from_db()
    assert elsewhere.of(case) is None
    assert "another mission is responsible." not in browser.get(page).content.decode()


def test_nothing_else_can_be_changed(post: stages.Post) -> None:
    case = asked(post, PASSPORT)
    before = answers(case)
    assert refusal(correct, case, surname="Somebody Else") == "not_reopened"
    assert refusal(correct, case, doc_number="G7654321", birth_date="1991-01-01") == "not_reopened"
    stranger = factories.applicant()
    assert refusal(casework.correct, case.pk, {"doc_number": "X"}, revision=0, actor=stranger) == "not_found"

    Inquiry.objects.filter(case=case).update(typed={"doc_number": "G7654321", "surname": "Somebody Else"})
    send(case)

    assert answers(case) == {**before, "doc_number": "G7654321"}
    assert refusal(casework.correct, case.pk, {}, revision=1, actor=case.owner) == "not_your_turn"


def test_control_were_every_question_open_the_name_would_change(
    post: stages.Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = asked(post, PASSPORT)
    everything = frozenset(question.id for question in stages.folder().form.questions)
    monkeypatch.setattr(Inquiry, "questions", everything)

    correct(case, surname="Somebody Else")

    assert Inquiry.objects.get(case=case).typed == {"surname": "Somebody Else"}


def test_questions_that_follow_from_a_correction_reopen_and_go_again(post: stages.Post) -> None:
    case = asked(post, OTHER_NAMES)
    correct(case, has_other_nationalities=True)
    led_to = correcting.of(case)
    assert "other_nationalities" in led_to.reopened.questions
    assert refusal(send, case) == "incomplete"

    correct(case, other_nationalities=[{"other_nationality": "IND"}])
    send(case)

    assert answers(case)["other_nationalities"] == [{"other_nationality": "IND"}]


@pytest.mark.parametrize("attested", [(), stages.ATTESTED[:2]])
def test_corrected_answers_are_declared_anew(post: stages.Post, attested: tuple[str, ...]) -> None:
    case = asked(post, PASSPORT)
    first = Answers.objects.get(case=case).declarations
    correct(case, doc_number="G7654321")
    assert refusal(send, case, attested=attested) == "not_attested"

    send(case)

    assert Answers.objects.get(case=case).declarations[0]["at"] > first[0]["at"]
    assert AnswersVersion.objects.get(case=case).declarations == first


def test_documents_that_were_named_come_anew_or_with_a_reason_why_not(post: stages.Post) -> None:
    case = asked(post, PAPER)
    assert refusal(send, case) == "explain"
    assert refusal(casework.hand_in, case.pk, actor=case.owner) == "named"
    assert attaching.refusal(attaching.added, case, document="other") == "not_named"
    casework.reply(case.pk, "What do you mean?", actor=case.owner)
    case.refresh_from_db()
    assert case.phase == Phase.YOUR_TURN, "a question is no answer"

    send(case, attested=(), text="The bank has closed.")

    case.refresh_from_db()
    assert case.phase == Phase.IN_REVIEW
    assert not AnswersVersion.objects.filter(case=case).exists()


def test_what_was_not_asked_with_the_task_never_reopens(post: stages.Post) -> None:
    case = stages.sent()
    token = stages.open_task(case).pk
    casework.name_items(case.reference, token, [PASSPORT], actor=post.clerk)
    assert asking.of(case) is None

    stages.do(case, post.clerk, complete=True)

    assert not Inquiry.objects.exists()
    assert refusal(casework.name_items, case.reference, token, [PASSPORT], actor=post.clerk) == "done"


@pytest.mark.parametrize(
    "item",
    [
        Item(About.QUESTION, "no_such_question", "", Lack.MISSING),
        Item(About.QUESTION, "other_nationalities", "", Lack.MISSING),
        Item(About.DOCUMENT, "no_such_paper", "", Lack.MISSING),
        Item(About.QUESTION, "surname", "", "ugly"),
    ],
    ids=lambda item: f"{item.name}-{item.reason}",
)
def test_only_what_the_applicant_was_asked_can_be_named(post: stages.Post, item: Item) -> None:
    case = stages.sent()
    assert refusal(
        casework.name_items, case.reference, stages.open_task(case).pk, [item], actor=post.clerk
    ) == ("invalid")


def gone(officer: User) -> None:
    """The officer's postings have ended."""
    officer.postings.update(ends_on="2020-02-01")


def test_the_answer_lies_in_the_queue_when_the_officer_has_left(post: stages.Post) -> None:
    case = asked(post, PASSPORT)
    gone(post.clerk)
    correct(case, doc_number="G7654321")

    send(case)

    assert stages.open_task(case).assignee is None
