"""Answers of an earlier application that another form can take: pure tables, no database."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from consular.core import clock
from consular.formspec import earlier
from consular.formspec.model import Form
from tests.formspec import forms

DAY = date(2026, 3, 1)


def question(identifier: str, kind: str, *more: str) -> str:
    return "\n".join(
        ["[[pages.questions]]", f'id = "{identifier}"', f'kind = "{kind}"', f'label = "{identifier}"', *more]
    )


def options(*values: str) -> str:
    choices = ", ".join(f'{{ value = "{each}", label = "{each}" }}' for each in values)
    return f"options = [{choices}]"


def one(kind: str, *more: str) -> Form:
    return forms.form(question("it", kind, *more))


def offered(
    new: Form, old: Form, answers: dict[str, Any], now: dict[str, Any] | None = None
) -> dict[str, earlier.Offer]:
    found = earlier.offers(new, now or {}, earlier.Earlier(old, answers, DAY))
    return {offer.question.id: offer for offer in found}


def took(
    new: Form, old: Form, answers: dict[str, Any], wanted: set[str], now: dict[str, Any] | None = None
) -> dict[str, Any]:
    return earlier.taken(new, now or {}, earlier.Earlier(old, answers, DAY), frozenset(wanted))


THREE = [{"name": "Ama"}, {"name": "Bo"}, {"name": "Cy"}]
AB, BC = options("a", "b"), options("b", "c")
NOT = "not_applicable = true"
INNER = '[[pages.questions.questions]]\nid = "{}"\nkind = "{}"\nlabel = "x"\nrequired = false'
CHILDREN = question("it", "group", "repeat = 2", INNER.format("name", "name"), INNER.format("pet", "text"))
OTHER_CHILDREN = question(
    "it", "group", "repeat = 3", INNER.format("name", "name"), INNER.format("pet", "long_text")
)


@pytest.mark.parametrize(
    ("new", "old", "answer", "carried"),
    [
        (one("text"), one("text"), "Dog", "Dog"),
        (one("text"), one("long_text"), "Dog", None),
        (one("text"), forms.form(question("that", "text")), "Dog", None),
        (one("choice", BC), one("choice", AB), "a", None),
        (one("choice", BC), one("choice", AB), "b", "b"),
        (one("choices", BC), one("choices", AB), ["a", "b"], ["b"]),
        (one("choices", BC), one("choices", AB), ["a"], None),
        (one("text", NOT), one("text", NOT), {"not_applicable": True}, {"not_applicable": True}),
        (one("text"), one("text", NOT), {"not_applicable": True}, None),
        (one("text", "max_length = 3"), one("text"), "Tiger", None),
        (one("declaration"), one("declaration"), True, None),
        (forms.form(CHILDREN), forms.form(OTHER_CHILDREN), [{"name": "Ama", "pet": "Dog"}], [{"name": "Ama"}]),
        (forms.form(CHILDREN), forms.form(OTHER_CHILDREN), THREE, THREE[:2]),
        (forms.form(CHILDREN), forms.form(OTHER_CHILDREN), [{"pet": "Dog"}], None),
        (one("date"), one("date"), "not a day", None),
    ],
)  # fmt: skip
def test_the_same_question_with_an_answer_that_still_fits_is_offered(
    new: Form, old: Form, answer: Any, carried: Any
) -> None:
    wanted = {"it"}
    assert ("it" in offered(new, old, {"it": answer})) == (carried is not None)
    assert took(new, old, {"it": answer}, wanted) == ({} if carried is None else {"it": carried})
    assert took(new, old, {"it": answer}, {"other"}) == {}


MINOR = 'show_when = "minor = true"'
HIDING = question("minor", "yes_no") + "\n" + question("guardian", "text", MINOR)
SHOWING = question("minor", "yes_no") + "\n" + question("guardian", "text")


def test_what_the_earlier_application_hid_is_never_read() -> None:
    answers = {"minor": False, "guardian": "left over"}
    assert offered(forms.form(SHOWING), forms.form(HIDING), answers).keys() == {"minor"}
    assert took(forms.form(SHOWING), forms.form(HIDING), answers, {"guardian"}) == {}
    shown = answers | {"minor": True}  # the control: shown there, it is read
    assert took(forms.form(SHOWING), forms.form(HIDING), shown, {"guardian"}) == {"guardian": "left over"}


def test_what_this_form_would_not_show_is_not_taken() -> None:
    answers = {"minor": True, "guardian": "Yaw Mensah"}
    new = forms.form(HIDING)
    assert offered(new, forms.form(SHOWING), answers).keys() == {"minor", "guardian"}
    assert took(new, forms.form(SHOWING), answers, {"guardian"}, {"minor": False}) == {}
    assert took(new, forms.form(SHOWING), answers, {"minor", "guardian"}, {"minor": False}) == answers
    adult = answers | {"minor": False}
    assert offered(new, forms.form(SHOWING), adult).keys() == {"minor"}


def test_present_answers_are_told_and_the_same_ones_left_out() -> None:
    form = forms.form(question("surname", "name") + "\n" + question("pet", "text"))
    found = offered(form, form, {"surname": "Mensah", "pet": "Dog"}, {"surname": "Mensah", "pet": "Cat"})
    assert found.keys() == {"pet"}
    assert [answer.value for answer in found["pet"].shown] == ["Dog"]
    assert [answer.value for answer in found["pet"].present] == ["Cat"]


@pytest.mark.parametrize(
    ("lasting", "now", "is_ticked"),
    [(True, {}, True), (False, {}, False), (True, {"surname": "Diallo"}, False)],
)
def test_only_lasting_pages_are_ticked_and_nothing_that_would_be_replaced(
    lasting: bool, now: dict[str, str], is_ticked: bool
) -> None:
    form = forms.form(question("surname", "name"))
    form = replace(form, pages=(replace(form.pages[0], lasting=lasting),))
    assert offered(form, form, {"surname": "Mensah"}, now)["surname"].is_suggested is is_ticked


DOCUMENT = "\n".join(
    [
        question("doc_number", "document_number"),
        question("doc_valid_until", "date"),
        question("doctor", "text"),
    ]
)
EXPIRED = (
    '[[rules]]\nquestion = "doc_valid_until"\nmust = "doc_valid_until >= today"\nmessage = "It has expired."'
)


def document(valid_until: date, rule: str = EXPIRED) -> dict[str, str]:
    form = forms.form(DOCUMENT, rest=rule)
    answers = {"doc_number": "L898902C", "doc_valid_until": valid_until.isoformat(), "doctor": "Dr. Osei"}
    return {name: offer.outdated for name, offer in offered(form, form, answers).items()}


def test_an_expired_document_is_marked_with_all_that_belongs_to_it_and_nothing_else() -> None:
    belongs = "This belongs to a document that is no longer valid."
    yesterday = clock.today() - timedelta(days=1)
    assert document(yesterday) == {"doc_number": belongs, "doc_valid_until": "It has expired.", "doctor": ""}
    assert document(yesterday, "")["doc_valid_until"] == "This day has passed since then."
    assert (
        document(DAY - timedelta(days=1), "")["doc_valid_until"] == ""
    )  # it had passed then, too: a day of birth
    assert set(document(clock.today() + timedelta(days=1)).values()) == {""}
